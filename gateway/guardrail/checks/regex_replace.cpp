// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "base/pattern.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

class RegexReplaceCheck final : public Check {
public:
    RegexReplaceCheck(Pattern rule, std::string with) : m_rule(std::move(rule)), m_with(std::move(with)) {}

    void find(std::string_view text, std::vector<Found>& into) const override
    {
        for (std::size_t at = 0; const auto match = m_rule.find(text, at);) {
            const auto start = static_cast<std::size_t>(match->data() - text.data());
            if (!match->empty()) into.push_back({start, match->size(), "match"});
            at = start + std::max<std::size_t>(1, match->size());
            if (at > text.size()) break;
        }
    }

    [[nodiscard]] std::optional<std::string_view> replacement() const override { return m_with; }

private:
    Pattern m_rule;
    std::string m_with;
};

/// What stands in `/expression/flags`, as JavaScript writes it, in RE2's words. Of its flags `i`, `m` and `s`
/// are RE2's own, and `g`, `u` and `d` hold in any case. Nothing: a flag is not possible.
std::optional<std::string> betweenSlashes(const std::string& rule)
{
    const auto end = rule.rfind('/');
    const bool isBetween =
        rule.starts_with('/') && end > 1 && rule.find_first_not_of("gimsuyd", end + 1) == std::string::npos;
    if (!isBetween) return rule;
    std::string flags;
    for (const char flag : rule.substr(end + 1)) {
        if (flag == 'y') return std::nullopt;
        if (flag == 'i' || flag == 'm' || flag == 's') flags.push_back(flag);
    }
    const std::string expression = rule.substr(1, end - 1);
    return flags.empty() ? expression : "(?" + flags + ")" + expression;
}

Result<std::unique_ptr<Check>> makeRegexReplace(const Parameters& parameters)
{
    const auto expression = betweenSlashes(parameters.text("rule"));
    if (!expression)
        return clientError(Code::InvalidRequest, "The flag `y` is not possible: leave it out.", "rule");
    if (expression->empty())
        return clientError(Code::InvalidRequest, "Is empty: there is nothing to look for.", "rule");
    auto rule = Pattern::parse(*expression);
    if (!rule) return clientError(Code::InvalidRequest, rule.error().message, "rule");
    return std::unique_ptr<Check>(new RegexReplaceCheck(std::move(*rule), parameters.text("with")));
}

} // namespace

const CheckKind& regexReplaceKind()
{
    static const CheckKind kind{
        "regex_replace",
        "Replace by an expression",
        "With the action rewrite, puts a text in the place of what an expression in RE2's syntax matches.",
        {{"rule", Parameter::Type::Text, "Expression"},
         {"with", Parameter::Type::Text, "Text in its place", R"("[REDACTED]")"}},
        true,
        true,
        true,
        makeRegexReplace};
    return kind;
}

} // namespace gateway::guardrail
