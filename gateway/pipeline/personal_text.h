// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "guardrail/personal_data.h"

namespace gateway::pipeline {

/// The sorts of personal data in a request: in all texts of its JSON body, whatever they are for, since a
/// provider may get the body as it is. Sound, pictures and other files in base64 are not read, and an address
/// that nobody reads ("noreply@…") is nobody's. Linear in the size of the body: a large one is for the pool.
[[nodiscard]] guardrail::EntitySet personalIn(std::string_view json);
/// Long, and nothing but what base64 has: a file, and no text to look into.
[[nodiscard]] bool isEncodedFile(std::string_view text);
/// The same in one text.
[[nodiscard]] guardrail::EntitySet personalInText(std::string_view text);
/// Of these, what data_policy.personal_local holds back.
[[nodiscard]] constexpr bool isPersonal(guardrail::EntitySet kinds)
{
    return (kinds & guardrail::personalEntities()) != 0;
}
/// Of what could not be looked at.
inline constexpr guardrail::EntitySet kMaybePersonal = ~guardrail::EntitySet{0};

} // namespace gateway::pipeline
