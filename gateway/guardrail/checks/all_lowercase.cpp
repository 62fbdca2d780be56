// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "base/pattern.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

class AllLowercaseCheck final : public Check {
public:
    AllLowercaseCheck(Pattern others, bool otherWay) : m_others(std::move(others)), m_otherWay(otherWay) {}

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        const bool all = !m_others.matches(subject.text);
        if (all != m_otherWay) return {};
        return {true, "the letters are not as they should be"};
    }

private:
    Pattern m_others; // letters of the other case, in any script
    bool m_otherWay;
};

Result<std::unique_ptr<Check>> makeAllLowercase(const Parameters& parameters)
{
    auto others = Pattern::parse("\\p{Lu}");
    if (!others) return others.error();
    return std::unique_ptr<Check>(new AllLowercaseCheck(std::move(*others), parameters.flag("not")));
}

} // namespace

const CheckKind& allLowercaseKind()
{
    static const CheckKind kind{"all_lowercase",
                                "All letters are small",
                                "Fails unless all letters are small.",
                                {{"not", Parameter::Type::Flag, "The other way round", "false"}},
                                false,
                                true,
                                true,
                                makeAllLowercase};
    return kind;
}

} // namespace gateway::guardrail
