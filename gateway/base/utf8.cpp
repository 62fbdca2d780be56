// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/utf8.h"

#include "base/byte_search.h"

namespace gateway {

char32_t decodeUtf8(const char* at, size_t length)
{
    const auto tail = [at](size_t i) {
        return static_cast<char32_t>(static_cast<unsigned char>(at[i]) & 0x3FU);
    };
    const auto lead = static_cast<char32_t>(static_cast<unsigned char>(at[0]));
    switch (length) {
    case 2:
        return ((lead & 0x1FU) << 6) | tail(1);
    case 3:
        return ((lead & 0x0FU) << 12) | (tail(1) << 6) | tail(2);
    case 4:
        return ((lead & 0x07U) << 18) | (tail(1) << 12) | (tail(2) << 6) | tail(3);
    default:
        return lead;
    }
}

void appendUtf8(std::string& out, char32_t codePoint)
{
    if (codePoint > 0x10FFFF || (codePoint >= 0xD800 && codePoint <= 0xDFFF)) {
        codePoint = 0xFFFD;
    }
    const auto tail = [codePoint](int shift) {
        return static_cast<char>(0x80U | ((codePoint >> shift) & 0x3FU));
    };
    if (codePoint < 0x80) {
        out += static_cast<char>(codePoint);
    } else if (codePoint < 0x800) {
        out += static_cast<char>(0xC0U | (codePoint >> 6));
        out += tail(0);
    } else if (codePoint < 0x10000) {
        out += static_cast<char>(0xE0U | (codePoint >> 12));
        out += tail(6);
        out += tail(0);
    } else {
        out += static_cast<char>(0xF0U | (codePoint >> 18));
        out += tail(12);
        out += tail(6);
        out += tail(0);
    }
}

bool isUtf8(std::string_view text)
{
    const char* at = text.data();
    const char* const end = at + text.size();
    while ((at = findNonAscii(at, end)) != end) {
        // Texts that are not ASCII tend to stay so: no block search between two such characters.
        do {
            const size_t length = utf8Sequence(at, end);
            if (length == 0) return false;
            at += length;
        } while (at != end && static_cast<signed char>(*at) < 0);
    }
    return true;
}

size_t utf8Length(std::string_view text)
{
    size_t count = 0;
    for (const char byte : text) {
        count += (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U ? 1 : 0;
    }
    return count;
}

} // namespace gateway
