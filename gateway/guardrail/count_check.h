// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "guardrail/check_kind.h"

namespace gateway::guardrail {

/// Fails unless a text has a number of something in a range.
class CountCheck final : public Check {
public:
    using Count = std::int64_t (*)(std::string_view text);

    CountCheck(Count count, std::string_view unit, const Parameters& parameters)
        : m_count(count)
        , m_unit(unit)
        , m_least(parameters.number("min"))
        , m_most(parameters.number("max"))
        , m_otherWay(parameters.flag("not"))
    {
    }

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        const std::int64_t count = m_count(subject.text);
        if ((count >= m_least && count <= m_most) != m_otherWay) return {};
        return {true, "the text has " + std::to_string(count) + " " + std::string(m_unit)};
    }

private:
    Count m_count;
    std::string_view m_unit;
    std::int64_t m_least, m_most;
    bool m_otherWay;
};

/// What such a check has to be told.
[[nodiscard]] inline std::vector<Parameter> countParameters(std::string_view most, std::int64_t limit)
{
    return {{"min", Parameter::Type::Number, "At least", "0", {}, 0, limit},
            {"max", Parameter::Type::Number, "At most", most, {}, 0, limit},
            {"not", Parameter::Type::Flag, "The other way round", "false"}};
}

} // namespace gateway::guardrail
