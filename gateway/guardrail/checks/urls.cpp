// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string>
#include <utility>

#include "base/glob.h"
#include "base/strings.h"
#include "guardrail/check_kind.h"
#include "guardrail/links/link_scan.h"
#include "guardrail/links/plain_host.h"

namespace gateway::guardrail {

namespace {

class UrlsCheck final : public Check {
public:
    UrlsCheck(std::vector<std::string> allow, std::vector<std::string> deny, bool exfiltration)
        : m_allow(std::move(allow)), m_deny(std::move(deny)), m_exfiltration(exfiltration)
    {
        for (auto* const list : {&m_allow, &m_deny}) {
            for (std::string& each : *list)
                each = plainHost(each);
        }
    }

    void find(std::string_view text, std::vector<Found>& into) const override
    {
        for (const Link& link : linksOf(text)) {
            const bool allowed = isOf(m_allow, link.host);
            if (isOf(m_deny, link.host) || (!m_allow.empty() && !allowed))
                into.push_back({link.start, link.size, "url"});
            else if (m_exfiltration && !allowed && link.shown && carriesData(link))
                into.push_back({link.start, link.size, "exfiltration_link"});
        }
    }

    [[nodiscard]] std::size_t openSince(std::string_view text) const override { return openLink(text); }
    [[nodiscard]] bool mayFind(std::string_view json) const override { return mayHoldLink(json); }

private:
    /// A pattern without a wildcard is for the hosts below it as well.
    [[nodiscard]] static bool isOf(const std::vector<std::string>& patterns, std::string_view host)
    {
        return std::any_of(patterns.begin(), patterns.end(), [host](std::string_view pattern) {
            if (isGlob(pattern)) return globMatches(pattern, host);
            if (!host.ends_with(pattern)) return false;
            return host.size() == pattern.size() || host[host.size() - pattern.size() - 1] == '.';
        });
    }

    std::vector<std::string> m_allow, m_deny;
    bool m_exfiltration;
};

Result<std::unique_ptr<Check>> makeUrls(const Parameters& parameters)
{
    auto allow = parameters.texts("allow"), deny = parameters.texts("deny");
    for (const auto& [name, list] : {std::pair("allow", &allow), std::pair("deny", &deny)}) {
        for (const std::string& each : *list) {
            if (!each.empty() && each.find_first_of("/@ ") == std::string::npos) continue;
            return clientError(
                Code::InvalidRequest,
                "\"" + std::string(name) +
                    "\" takes names of hosts such as \"example.com\" or \"*.example.com\", not \"" +
                    shortened(each, 60) + "\".",
                name);
        }
    }
    return std::unique_ptr<Check>(
        new UrlsCheck(std::move(allow), std::move(deny), parameters.flag("exfiltration")));
}

} // namespace

const CheckKind& urlsKind()
{
    static const CheckKind kind{
        "urls",
        "Addresses of the web",
        "Finds links to hosts that are not allowed, and those that would carry data away when they are "
        "shown.",
        {{"allow",
          Parameter::Type::Texts,
          "Allowed hosts",
          "[]",
          {},
          0,
          0,
          "Names or patterns; with any, all others are found."},
         {"deny", Parameter::Type::Texts, "Forbidden hosts", "[]"},
         {"exfiltration", Parameter::Type::Flag, "Links and pictures that carry data", "true"}},
        true,
        true,
        true,
        makeUrls};
    return kind;
}

} // namespace gateway::guardrail
