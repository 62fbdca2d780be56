// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "guardrail/count_check.h"

namespace gateway::guardrail {

namespace {

std::int64_t charactersIn(std::string_view text)
{
    return std::count_if(text.begin(), text.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

Result<std::unique_ptr<Check>> makeCharacterCount(const Parameters& parameters)
{
    return std::unique_ptr<Check>(new CountCheck(charactersIn, "characters", parameters));
}

} // namespace

const CheckKind& characterCountKind()
{
    static const CheckKind kind{"character_count",
                                "Number of characters",
                                "Fails unless the text has a number of characters in a range.",
                                countParameters("9999999", 9999999),
                                false,
                                true,
                                true,
                                makeCharacterCount};
    return kind;
}

} // namespace gateway::guardrail
