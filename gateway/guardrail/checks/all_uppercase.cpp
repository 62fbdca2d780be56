// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/letter_case.h"

namespace gateway::guardrail {

namespace {

Result<std::unique_ptr<Check>> makeAllUppercase(const Parameters& parameters)
{
    return makeLetterCase(parameters, "\\p{Ll}");
}

} // namespace

const CheckKind& allUppercaseKind()
{
    static const CheckKind kind{"all_uppercase",
                                "All letters are capital",
                                "Fails unless all letters are capital.",
                                {{"not", Parameter::Type::Flag, "The other way round", "false"}},
                                false,
                                true,
                                true,
                                makeAllUppercase};
    return kind;
}

} // namespace gateway::guardrail
