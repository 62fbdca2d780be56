// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway {

/// Length (1 to 4) of the well-formed UTF-8 sequence at `at`, 0 when there is none before `end`.
/// Overlong forms, surrogates and code points above U+10FFFF are not well-formed.
inline size_t utf8Sequence(const char* at, const char* end)
{
    if (at == end) return 0;
    const auto byte = [at](int i) { return static_cast<unsigned char>(at[i]); };
    const auto continues = [&byte](int i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned char lead = byte(0);
    const auto left = end - at;
    if (lead < 0x80) return 1;
    if (lead < 0xC2) return 0;
    if (lead < 0xE0) return left >= 2 && continues(1) ? 2 : 0;
    if (lead < 0xF0) {
        if (left < 3 || !continues(1) || !continues(2)) return 0;
        const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
        const bool surrogate = lead == 0xED && byte(1) >= 0xA0;
        return overlong || surrogate ? 0 : 3;
    }
    if (lead > 0xF4 || left < 4 || !continues(1) || !continues(2) || !continues(3)) return 0;
    const bool overlong = lead == 0xF0 && byte(1) < 0x90;
    const bool tooLarge = lead == 0xF4 && byte(1) >= 0x90;
    return overlong || tooLarge ? 0 : 4;
}

/// The code point of a sequence whose length utf8Sequence() has told.
char32_t decodeUtf8(const char* at, size_t length);

/// Appends one code point; a surrogate or a value above U+10FFFF becomes U+FFFD.
void appendUtf8(std::string& out, char32_t codePoint);

/// True when all of `text` is well-formed UTF-8. A byte order mark is text like any other.
bool isUtf8(std::string_view text);

/// Number of code points in well-formed `text`; in other text, the number of bytes that start one.
size_t utf8Length(std::string_view text);

} // namespace gateway
