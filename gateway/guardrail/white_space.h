// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

#include "base/utf8.h"

namespace gateway::guardrail {

/// The bytes of the white space at a place of a text, as JavaScript reads it, any script's spaces and ends of
/// lines included; 0: there is none.
[[nodiscard]] inline std::size_t whiteSpaceAt(std::string_view text, std::size_t at)
{
    const char first = text[at];
    if (first == ' ' || (first >= '\t' && first <= '\r')) return 1;
    if (static_cast<unsigned char>(first) < 0x80) return 0;
    const std::size_t size = utf8Sequence(text.data() + at, text.data() + text.size());
    if (size == 0) return 0;
    const char32_t c = decodeUtf8(text.data() + at, size);
    const bool isSpace = c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
                         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
    return isSpace ? size : 0;
}

/// Whether nothing but white space is in it.
[[nodiscard]] inline bool isBlank(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t size = whiteSpaceAt(text, at);
        if (size == 0) return false;
        at += size;
    }
    return true;
}

} // namespace gateway::guardrail
