// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "guardrail/check_kind.h"
#include "guardrail/white_space.h"

namespace gateway::guardrail {

namespace {

class NotNullCheck final : public Check {
public:
    explicit NotNullCheck(bool otherWay) : m_otherWay(otherWay) {}

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        if (isBlank(subject.text) == m_otherWay) return {};
        return {true, m_otherWay ? "the answer has a text" : "the answer has no text"};
    }

private:
    bool m_otherWay;
};

Result<std::unique_ptr<Check>> makeNotNull(const Parameters& parameters)
{
    return std::unique_ptr<Check>(new NotNullCheck(parameters.flag("not")));
}

} // namespace

const CheckKind& notNullKind()
{
    static const CheckKind kind{"not_null",
                                "Says something",
                                "Fails where an answer has no text, or nothing but white space.",
                                {{"not", Parameter::Type::Flag, "The other way round", "false"}},
                                false,
                                false,
                                true,
                                makeNotNull};
    return kind;
}

} // namespace gateway::guardrail
