// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/base64.h"

#include <cstdint>

namespace gateway {

namespace {

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(std::string_view bytes, std::string_view alphabet, bool padded)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = bytes.size() - i < 3 ? bytes.size() - i : 3;
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k <= count; ++k)
            text += alphabet[group >> (18 - 6 * k) & 63U];
        if (padded) text.append(3 - count, '=');
    }
    return text;
}

/// The six bits that a letter stands for; 64 for any other.
std::uint32_t bitsOf(char letter)
{
    if (letter == '-') letter = '+';
    if (letter == '_') letter = '/';
    const std::size_t place = kStandard.find(letter);
    return place == std::string_view::npos ? 64U : static_cast<std::uint32_t>(place);
}

} // namespace

std::string base64(std::string_view bytes)
{
    return encode(bytes, kStandard, true);
}

std::string base64Url(std::string_view bytes)
{
    return encode(bytes, kUrl, false);
}

std::optional<std::string> fromBase64(std::string_view text)
{
    while (text.ends_with('='))
        text.remove_suffix(1);
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t group = 0;
    int bits = 0;
    for (const char letter : text) {
        const std::uint32_t six = bitsOf(letter);
        if (six > 63U) return std::nullopt;
        group = (group << 6 | six) & 0xFFFFFFU;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>(group >> bits & 0xFFU);
    }
    return bytes;
}

} // namespace gateway
