// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace gateway::guardrail {

/// Shannon's, in bits a byte.
[[nodiscard]] double entropyOf(std::string_view value);
/// Whether it only stands for a value: "your-api-key", "xxxxxxxx", "1234567890abcdef", "…EXAMPLE".
[[nodiscard]] bool isPlaceholder(std::string_view value);
/// Whether it looks drawn by lot rather than written: no words, paths, versions, names of code, UUIDs.
[[nodiscard]] bool looksRandom(std::string_view value);
/// Whether it could be a password that somebody thought out: "Tr0ub4dor&3".
[[nodiscard]] bool looksLikePassword(std::string_view value);

} // namespace gateway::guardrail
