// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider/sigv4.h"

#include <algorithm>
#include <chrono>
#include <map>

#include "base/sha256.h"
#include "base/strings.h"

namespace gateway::provider {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

/// Encoded once more than it is sent, without empty and dot segments; a slash at the end stays.
std::string canonicalPath(std::string_view path)
{
    std::vector<std::string_view> kept;
    const std::vector<std::string_view> segments = splitAt(path, '/');
    for (const std::string_view segment : segments) {
        if (segment == "..") {
            if (!kept.empty()) kept.pop_back();
        } else if (!segment.empty() && segment != ".") {
            kept.push_back(segment);
        }
    }
    std::string out;
    for (const std::string_view segment : kept)
        out.append("/").append(percentEncoded(segment));
    const bool closed = segments.back().empty() || segments.back() == "." || segments.back() == "..";
    return out.empty() || closed ? out + '/' : out;
}

std::string canonicalQuery(std::string_view query)
{
    if (query.empty()) return {};
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const std::string_view part : splitAt(query, '&')) {
        const auto equals = part.find('=');
        const std::string_view value =
            equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
        pairs.emplace_back(percentEncoded(percentDecoded(part.substr(0, equals))),
                           percentEncoded(percentDecoded(value)));
    }
    std::sort(pairs.begin(), pairs.end());
    std::string out;
    for (const auto& [name, value] : pairs) {
        if (!out.empty()) out += '&';
        out.append(name).append("=").append(value);
    }
    return out;
}

/// Trimmed, with one space where there were several.
std::string canonicalValue(std::string_view value)
{
    std::string out;
    for (const char c : trimmed(value)) {
        if (c != ' ' || !out.ends_with(' ')) out += c;
    }
    return out;
}

/// By lower-case name; the values of a name that stands twice keep their order.
std::map<std::string, std::string> canonicalHeaders(const Fields& headers)
{
    std::map<std::string, std::string> found;
    for (const auto& [name, value] : headers) {
        const auto [place, isNew] = found.emplace(lowered(trimmed(name)), canonicalValue(value));
        if (!isNew) place->second.append(",").append(canonicalValue(value));
    }
    return found;
}

std::string signedNames(const Fields& headers)
{
    std::string names;
    for (const auto& [name, value] : canonicalHeaders(headers)) {
        if (!names.empty()) names += ';';
        names += name;
    }
    return names;
}

Sha256 hmac(const Sha256& key, std::string_view text)
{
    return hmacSha256(std::string_view(reinterpret_cast<const char*>(key.data()), key.size()), text);
}

} // namespace

std::string awsTime(std::int64_t now)
{
    using namespace std::chrono;
    const sys_seconds time{seconds(now)};
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    const auto digits = [](std::int64_t number, std::size_t width) {
        std::string text = std::to_string(number);
        return std::string(width > text.size() ? width - text.size() : 0, '0') + text;
    };
    return digits(int(date.year()), 4) + digits(unsigned(date.month()), 2) + digits(unsigned(date.day()), 2) +
           'T' + digits(clock.hours().count(), 2) + digits(clock.minutes().count(), 2) +
           digits(clock.seconds().count(), 2) + 'Z';
}

std::string canonicalRequest(const AwsCall& call)
{
    const std::size_t mark = call.target.find('?');
    const std::string_view path = call.target.substr(0, mark);
    const std::string_view query =
        mark == std::string_view::npos ? std::string_view() : call.target.substr(mark + 1);
    std::string out(call.method);
    out.append("\n").append(canonicalPath(path));
    out.append("\n").append(canonicalQuery(query)).append("\n");
    for (const auto& [name, value] : canonicalHeaders(call.headers))
        out.append(name).append(":").append(value).append("\n");
    out.append("\n").append(signedNames(call.headers));
    return out.append("\n").append(hexText(sha256(call.body)));
}

std::string sigV4Authorization(const AwsCall& call, std::string_view time, const AwsKey& key,
                               const AwsScope& scope)
{
    const std::string_view date = time.substr(0, 8);
    std::string within(date);
    within.append("/").append(scope.region).append("/").append(scope.service).append("/aws4_request");
    std::string toSign(kAlgorithm);
    toSign.append("\n").append(time).append("\n").append(within).append("\n");
    toSign += hexText(sha256(canonicalRequest(call)));
    std::string first;
    first.reserve(4 + key.secretKey.size());
    first.append("AWS4").append(key.secretKey);
    const Sha256 dated = hmacSha256(first, date);
    wipe(first);
    const Sha256 signing = hmac(hmac(hmac(dated, scope.region), scope.service), "aws4_request");
    std::string value(kAlgorithm);
    value.append(" Credential=").append(key.accessKeyId).append("/").append(within);
    value.append(", SignedHeaders=").append(signedNames(call.headers));
    return value.append(", Signature=").append(hexText(hmac(signing, toSign)));
}

} // namespace gateway::provider
