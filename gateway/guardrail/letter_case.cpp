// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/letter_case.h"

#include <utility>

#include "base/pattern.h"

namespace gateway::guardrail {

namespace {

class LetterCaseCheck final : public Check {
public:
    LetterCaseCheck(Pattern others, bool otherWay) : m_others(std::move(others)), m_otherWay(otherWay) {}

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        const bool all = !m_others.matches(subject.text);
        if (all != m_otherWay) return {};
        return {true, "the letters are not as they should be"};
    }

private:
    Pattern m_others;
    bool m_otherWay;
};

} // namespace

Result<std::unique_ptr<Check>> makeLetterCase(const Parameters& parameters, std::string_view others)
{
    auto pattern = Pattern::parse(others);
    if (!pattern) return pattern.error();
    return std::unique_ptr<Check>(new LetterCaseCheck(std::move(*pattern), parameters.flag("not")));
}

} // namespace gateway::guardrail
