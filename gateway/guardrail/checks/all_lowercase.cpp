// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/letter_case.h"

namespace gateway::guardrail {

namespace {

Result<std::unique_ptr<Check>> makeAllLowercase(const Parameters& parameters)
{
    return makeLetterCase(parameters, "\\p{Lu}");
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
