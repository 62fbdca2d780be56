// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fake {

/// Appends `text` as a JSON string with its quotes; bytes that are no UTF-8 become U+FFFD.
void appendJsonString(std::string& into, std::string_view text);
std::string jsonString(std::string_view text);

/// Decimal digits only; nothing when there are others or too many.
std::optional<uint64_t> parseNumber(std::string_view text);

std::vector<std::string> splitAt(std::string_view text, char separator);
bool equalsIgnoringCase(std::string_view a, std::string_view b);
std::string_view trimmed(std::string_view text);
std::string hex(uint64_t value);
/// Pairs of hexadecimal digits as bytes; stops at the first that is none.
std::string hexDecoded(std::string_view digits);
std::string percentDecoded(std::string_view text);
int64_t nowMs();

/// Length of the valid UTF-8 sequence at `at`, or 0.
size_t utf8Length(std::string_view text, size_t at);

} // namespace fake
