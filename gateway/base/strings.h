// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Small questions about ASCII text. What is not ASCII is never touched and equals only itself.
namespace gateway {

constexpr char asciiLower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr bool isAsciiDigit(char c)
{
    return c >= '0' && c <= '9';
}

constexpr bool isAsciiAlnum(char c)
{
    return isAsciiDigit(c) || (asciiLower(c) >= 'a' && asciiLower(c) <= 'z');
}

/// What a hexadecimal digit of either case stands for, -1 for any other byte.
constexpr int hexValue(char c)
{
    if (isAsciiDigit(c)) return c - '0';
    const char lower = asciiLower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

constexpr bool isControlByte(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

constexpr bool equalsIgnoreCase(std::string_view left, std::string_view right);
constexpr bool startsWithIgnoreCase(std::string_view text, std::string_view begin)
{
    return equalsIgnoreCase(text.substr(0, begin.size()), begin);
}

constexpr bool equalsIgnoreCase(std::string_view left, std::string_view right)
{
    if (left.size() != right.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i) {
        if (asciiLower(left[i]) != asciiLower(right[i])) return false;
    }
    return true;
}

/// Without the spaces, tabs and line ends around it.
constexpr std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kBlank = " \t\r\n";
    const auto begin = text.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

std::string lowered(std::string_view text);
bool hasControlByte(std::string_view text);
/// SDKs write the `/` of `provider/model` as %2F. A percent sign that begins no such triple stays.
std::string percentDecoded(std::string_view text);
/// All but RFC 3986's unreserved characters as %XX, so that it is one segment of a path or one value of a
/// query.
std::string percentEncoded(std::string_view text);
bool contains(const std::vector<std::string>& names, std::string_view name);
/// The digits that the text begins with, which are taken off it.
std::string_view takeDigits(std::string_view& text);
/// The parts between separators, empty ones too; one empty part for an empty text.
std::vector<std::string_view> splitAt(std::string_view text, char separator);
std::string joined(const std::vector<std::string>& parts, std::string_view separator);
/// At most `maxBytes` of it, cut at a character and marked with an ellipsis; control bytes become '?'.
std::string shortened(std::string_view text, std::size_t maxBytes);

} // namespace gateway
