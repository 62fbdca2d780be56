// SPDX-License-Identifier: GPL-3.0-or-later
// Lets requests by only with a JSON Web Token that is signed by a key of a list: after Portkey's
// plugins/default/jwt, but that no token is taken that is not signed by a private key.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/head_scan.h"
#include "base/strings.h"
#include "guardrail/check_kind.h"
#include "guardrail/web_token.h"

namespace gateway::guardrail {

namespace {

constexpr std::chrono::milliseconds kKeyListWait{5000};

class JwtCheck final : public Check {
public:
    struct Rules {
        std::string address, field;
        std::chrono::seconds keptFor{0};
        TokenTimes times;
    };
    explicit JwtCheck(Rules rules) : m_rules(std::move(rules)) {}

    [[nodiscard]] std::string_view address() const override { return m_rules.address; }
    [[nodiscard]] std::string_view fieldName() const override { return m_rules.field; }
    [[nodiscard]] std::chrono::seconds keptFor() const override { return m_rules.keptFor; }
    [[nodiscard]] std::optional<Inquiry> inquiry(const Subject& subject) const override
    {
        std::string_view token = trimmed(subject.field);
        constexpr std::string_view kScheme = "bearer ";
        if (startsWithIgnoreCase(token, kScheme)) token = trimmed(token.substr(kScheme.size()));
        return Inquiry{{}, std::string(token), kKeyListWait};
    }
    [[nodiscard]] Opinion judgeUnasked(const Inquiry& inquiry) const override
    {
        if (!inquiry.body.empty()) return {};
        return {true, "the request has no token in `" + m_rules.field + "`"};
    }
    [[nodiscard]] bool isKept(int status, std::string_view reply) const override
    {
        return status == 200 && isKeyList(reply);
    }
    [[nodiscard]] Opinion judgeBy(std::string_view kept, const Inquiry& inquiry,
                                  std::int64_t nowSeconds) const override
    {
        return judgeWebToken(inquiry.body, kept, m_rules.times, nowSeconds);
    }

private:
    Rules m_rules;
};

bool isLoopbackNumber(std::string_view host)
{
    const std::vector<std::string_view> parts = splitAt(host, '.');
    return parts.size() == 4 && parts.front() == "127" &&
           std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
               return !part.empty() && part.size() <= 3 &&
                      std::all_of(part.begin(), part.end(), isAsciiDigit);
           });
}

/// Keys that come another way could be anybody's: by https, or from this machine.
bool isTrustedWay(std::string_view url)
{
    // Addresses have no query here, as those of providers, and no user.
    if (url.find_first_of("?#@ \"\\") != std::string_view::npos || hasControlByte(url)) return false;
    if (url.starts_with("https://")) return url.size() > 8 && url[8] != '/' && url[8] != ':';
    if (!url.starts_with("http://")) return false;
    std::string_view host = url.substr(7);
    host = host.substr(0, host.find('/'));
    const std::size_t bracket = host.find(']');
    host = host.substr(0, host.find(':', bracket == std::string_view::npos ? 0 : bracket));
    return host == "localhost" || host == "[::1]" || isLoopbackNumber(host);
}

Result<std::unique_ptr<Check>> makeJwt(const Parameters& parameters)
{
    JwtCheck::Rules rules;
    rules.address = parameters.text("jwks_uri");
    if (!isTrustedWay(rules.address))
        return clientError(
            Code::InvalidRequest,
            R"(Needs an address that begins with "https://", or is on this machine, without a query.)",
            "jwks_uri");
    rules.field = parameters.text("header_key");
    const bool isName =
        !rules.field.empty() && rules.field.size() <= 256 &&
        std::all_of(rules.field.begin(), rules.field.end(), [](char c) { return isTokenByte(c); });
    if (!isName) return clientError(Code::InvalidRequest, "Needs the name of a header.", "header_key");
    rules.keptFor = std::chrono::seconds(parameters.number("cache_max_age"));
    rules.times.tolerance = std::chrono::seconds(parameters.number("clock_tolerance"));
    const auto age = parseTimeSpan(parameters.text("max_token_age"));
    if (!age)
        return clientError(Code::InvalidRequest, R"(Needs a time such as "30m", "12h" or "1d".)",
                           "max_token_age");
    rules.times.maxAge = *age;
    return std::unique_ptr<Check>(new JwtCheck(std::move(rules)));
}

} // namespace

const CheckKind& jwtKind()
{
    static const CheckKind kind = [] {
        CheckKind made{
            "jwt",
            "JSON Web Token",
            "Lets requests by only with a token in their head that is signed by a key of a list.",
            {{"jwks_uri", Parameter::Type::Text, "Address of the keys (JWKS)"},
             {"header_key", Parameter::Type::Text, "Header with the token", R"("Authorization")"},
             {"cache_max_age", Parameter::Type::Number, "Keep the keys (s)", "86400", {}, 60, 31'536'000},
             {"clock_tolerance", Parameter::Type::Number, "Clocks may differ (s)", "5", {}, 0, 3600},
             {"max_token_age", Parameter::Type::Text, "Oldest token", R"("1d")"}},
            false,
            true,
            false,
            makeJwt};
        made.asks = made.ofHead = made.keeps = true;
        return made;
    }();
    return kind;
}

} // namespace gateway::guardrail
