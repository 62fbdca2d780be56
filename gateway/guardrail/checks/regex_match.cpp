// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "base/pattern.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

class RegexMatchCheck final : public Check {
public:
    RegexMatchCheck(Pattern rule, bool otherWay) : m_rule(std::move(rule)), m_otherWay(otherWay) {}

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        if (m_rule.matches(subject.text) != m_otherWay) return {};
        return {true,
                m_otherWay ? "the text matches the expression" : "the text does not match the expression"};
    }

private:
    Pattern m_rule;
    bool m_otherWay;
};

Result<std::unique_ptr<Check>> makeRegexMatch(const Parameters& parameters)
{
    auto rule = Pattern::parse(parameters.text("rule"));
    if (!rule) return clientError(Code::InvalidRequest, rule.error().message, "rule");
    return std::unique_ptr<Check>(new RegexMatchCheck(std::move(rule.value()), parameters.flag("not")));
}

} // namespace

const CheckKind& regexMatchKind()
{
    static const CheckKind kind{"regex_match",
                                "Matches an expression",
                                "Fails unless the text matches a regular expression in RE2's syntax.",
                                {{"rule", Parameter::Type::Text, "Expression"},
                                 {"not", Parameter::Type::Flag, "The other way round", "false"}},
                                false,
                                true,
                                true,
                                makeRegexMatch};
    return kind;
}

} // namespace gateway::guardrail
