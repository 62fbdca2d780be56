// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/strings.h"
#include "provider/kind.h"
#include "provider/sigv4.h"

namespace gateway::provider {

namespace {

constexpr std::string_view kService = "bedrock";
constexpr std::string_view kHost = "bedrock-runtime"; // also bedrock-runtime-fips
constexpr std::string_view kOtherwise = "us-east-1";  // for a host that names no region, such as a test's

/// The region in bedrock-runtime.REGION.amazonaws.com and its relatives; in those of VPC endpoints other
/// labels stand before it.
std::string_view regionOf(std::string_view authority)
{
    const std::vector<std::string_view> labels = splitAt(authority.substr(0, authority.find(':')), '.');
    for (std::size_t i = 0; i + 1 < labels.size(); ++i) {
        if (labels[i].starts_with(kHost)) return labels[i + 1];
    }
    return kOtherwise;
}

/// ACCESS_KEY_ID:SECRET_ACCESS_KEY[:SESSION_TOKEN]. Nothing for the keys of Bedrock's own, which are sent as
/// they are; none of them has a colon.
std::optional<AwsKey> awsKey(std::string_view secret)
{
    if (secret.starts_with("ABSK") || secret.starts_with("bedrock-api-key-")) return std::nullopt;
    const std::size_t first = secret.find(':');
    if (first == std::string_view::npos) return std::nullopt;
    AwsKey key;
    key.accessKeyId = secret.substr(0, first);
    key.secretKey = secret.substr(first + 1);
    if (const std::size_t second = key.secretKey.find(':'); second != std::string_view::npos) {
        key.sessionToken = key.secretKey.substr(second + 1);
        key.secretKey = key.secretKey.substr(0, second);
    }
    return key;
}

/// Amazon Bedrock's Converse API. Base URL is the runtime's host, which names the region.
class Bedrock : public Kind {
public:
    [[nodiscard]] std::string_view id() const override { return "bedrock"; }
    [[nodiscard]] DialectId dialect(std::string_view) const override { return DialectId::Bedrock; }
    [[nodiscard]] std::string_view defaultBaseUrl() const override { return {}; }
    [[nodiscard]] bool supports(Operation operation) const override { return operation == Operation::Chat; }
    [[nodiscard]] std::string path(const CallShape& call) const override
    {
        return std::string(call.basePath) + "/model/" + percentEncoded(call.model) +
               (call.stream ? "/converse-stream" : "/converse");
    }
    // The list of models is another service's, on another host.
    [[nodiscard]] std::string modelsPath(std::string_view) const override { return {}; }
    [[nodiscard]] std::string authLines(const Secret& secret, const CallBytes& call) const override;
    [[nodiscard]] std::vector<std::string_view> secretParts(const Secret& secret) const override
    {
        const auto key = awsKey(secret.reveal());
        if (!key) return {secret.reveal()};
        return {secret.reveal(), key->secretKey, key->sessionToken};
    }
    [[nodiscard]] bool signsBody(const Secret& secret) const override
    {
        return awsKey(secret.reveal()).has_value();
    }
    void addFields(Fields&, const void*, ClientField) const override {}
};

std::string Bedrock::authLines(const Secret& secret, const CallBytes& call) const
{
    const auto key = awsKey(secret.reveal());
    if (!key) return secretLine("Authorization: Bearer ", secret);
    const std::string time = awsTime(call.now);
    Fields headers{{"host", std::string(call.authority)}, {"x-amz-date", time}};
    if (!key->sessionToken.empty()) headers.emplace_back("x-amz-security-token", key->sessionToken);
    for (const auto& [name, value] : call.fields) {
        if (equalsIgnoreCase(name, "content-type") || startsWithIgnoreCase(name, "x-amz-"))
            headers.emplace_back(name, value);
    }
    std::string lines;
    lines.reserve(512 + key->sessionToken.size()); // growing would leave a copy of the token behind
    lines.append("X-Amz-Date: ").append(time).append("\r\nAuthorization: ");
    lines += sigV4Authorization({call.method, call.target, headers, call.body}, time, *key,
                                {regionOf(call.authority), kService});
    if (!key->sessionToken.empty()) lines.append("\r\nX-Amz-Security-Token: ").append(key->sessionToken);
    for (auto& [name, value] : headers)
        wipe(value);
    return lines;
}

} // namespace

const Kind& bedrock()
{
    static const Bedrock kind;
    return kind;
}

} // namespace gateway::provider
