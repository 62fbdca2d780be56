// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::guardrail {

/// Parts of a text that may be JSON: the whole, and the insides of closed fences or, where there are none,
/// whatever stands between brackets that match. At most a hundred.
[[nodiscard]] std::vector<std::string_view> jsonParts(std::string_view text);

/// JSON that says what a text means to, as models write it when they miss its rules: fences and words around
/// it, comments, single quotes, names without quotes, commas too many or missing, Python's words, raw line
/// ends within strings, and an end that was cut off. Nothing where it is no object or list, or still none
/// then. Linear in the text.
[[nodiscard]] std::optional<std::string> mendedJson(std::string_view text);

} // namespace gateway::guardrail
