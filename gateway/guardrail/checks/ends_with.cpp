// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

class EndsWithCheck final : public Check {
public:
    EndsWithCheck(std::string suffix, bool otherWay) : m_suffix(std::move(suffix)), m_otherWay(otherWay) {}

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        const bool ends = subject.text.ends_with(m_suffix) || subject.text.ends_with(m_suffix + ".");
        // Where nothing is said there is nothing that could be right.
        if (!subject.text.empty() && ends != m_otherWay) return {};
        return {true, m_otherWay ? "the text ends as it should not" : "the text does not end as it should"};
    }

private:
    std::string m_suffix;
    bool m_otherWay;
};

Result<std::unique_ptr<Check>> makeEndsWith(const Parameters& parameters)
{
    if (parameters.text("suffix").empty())
        return clientError(Code::InvalidRequest, "\"suffix\" has to say something.", "suffix");
    return std::unique_ptr<Check>(new EndsWithCheck(parameters.text("suffix"), parameters.flag("not")));
}

} // namespace

const CheckKind& endsWithKind()
{
    static const CheckKind kind{"ends_with",
                                "Ends with",
                                "Fails unless the text ends with some words, a full stop behind them or not.",
                                {{"suffix", Parameter::Type::Text, "Words"},
                                 {"not", Parameter::Type::Flag, "The other way round", "false"}},
                                false,
                                true,
                                true,
                                makeEndsWith};
    return kind;
}

} // namespace gateway::guardrail
