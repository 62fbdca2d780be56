// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/links/plain_host.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/strings.h"
#include "base/utf8.h"

namespace gateway::guardrail {

namespace {

/// What IDNA makes of a code point, as far as hosts go: small, of normal width, any full stop a dot.
char32_t hostLetter(char32_t point)
{
    if (point < 0x80) return static_cast<unsigned char>(asciiLower(static_cast<char>(point)));
    if (point == 0x3002 || point == 0xFF0E || point == 0xFF61) return U'.';
    if (point >= 0xFF01 && point <= 0xFF5E)
        return static_cast<unsigned char>(asciiLower(static_cast<char>(point - 0xFF00 + 0x20)));
    const bool plus20 = (point >= 0xC0 && point <= 0xDE && point != 0xD7) ||
                        (point >= 0x391 && point <= 0x3A9) || (point >= 0x410 && point <= 0x42F);
    if (plus20) return point + 0x20;
    if (point >= 0x400 && point <= 0x40F) return point + 0x50;
    return point;
}

std::u32string hostLetters(std::string_view host)
{
    std::u32string letters;
    const char* at = host.data();
    const char* const end = at + host.size();
    while (at != end) {
        const std::size_t size = utf8Sequence(at, end);
        const char32_t point = size == 0 ? U'\uFFFD' : hostLetter(decodeUtf8(at, size));
        const bool unseen = point == 0xAD || (point >= 0x200B && point <= 0x200D) || point == 0x2060;
        if (!unseen) letters += point;
        at += std::max<std::size_t>(1, size);
    }
    return letters;
}

// RFC 3492, section 5.
constexpr std::uint32_t kBase = 36, kTMin = 1, kTMax = 26, kSkew = 38, kDamp = 700, kFirstBias = 72;

std::uint32_t adaptedBias(std::uint32_t delta, std::uint32_t points, bool first)
{
    delta = first ? delta / kDamp : delta / 2;
    delta += delta / points;
    std::uint32_t k = 0;
    while (delta > ((kBase - kTMin) * kTMax) / 2) {
        delta /= kBase - kTMin;
        k += kBase;
    }
    return k + (kBase - kTMin + 1) * delta / (delta + kSkew);
}

void appendNumber(std::string& out, std::uint32_t number, std::uint32_t bias)
{
    constexpr std::string_view kDigits = "abcdefghijklmnopqrstuvwxyz0123456789";
    for (std::uint32_t k = kBase;; k += kBase) {
        const std::uint32_t t = k <= bias ? kTMin : std::min(k - bias, kTMax);
        if (number < t) break;
        out += kDigits[t + (number - t) % (kBase - t)];
        number = (number - t) / (kBase - t);
    }
    out += kDigits[number];
}

std::string punycode(std::u32string_view label)
{
    constexpr std::size_t kMostLabel = 63; // RFC 1035, section 2.3.4
    label = label.substr(0, kMostLabel);
    std::string out = "xn--";
    for (const char32_t point : label) {
        if (point < 0x80) out += static_cast<char>(point);
    }
    const auto basic = static_cast<std::uint32_t>(out.size() - 4);
    if (basic > 0) out += '-';
    std::uint32_t delta = 0, bias = kFirstBias, handled = basic;
    char32_t next = 0x80;
    while (handled < label.size()) {
        char32_t least = 0x110000;
        for (const char32_t point : label) {
            if (point >= next) least = std::min(least, point);
        }
        delta += static_cast<std::uint32_t>(least - next) * (handled + 1);
        next = least;
        for (const char32_t point : label) {
            if (point < next) ++delta;
            if (point != next) continue;
            appendNumber(out, delta, bias);
            bias = adaptedBias(delta, handled + 1, handled == basic);
            delta = 0;
            ++handled;
        }
        ++delta;
        ++next;
    }
    return out;
}

std::optional<std::uint64_t> addressNumber(std::string_view part)
{
    const bool hex = part.starts_with("0x");
    const bool octal = !hex && part.size() > 1 && part.front() == '0';
    if (hex) part.remove_prefix(2);
    constexpr std::size_t kMostDigits = 12;
    if (part.size() > kMostDigits || (part.empty() && !hex)) return std::nullopt;
    std::uint64_t number = 0;
    const unsigned base = hex ? 16 : octal ? 8 : 10;
    for (const char c : part) {
        const int digit = hexValue(c);
        if (digit < 0 || static_cast<unsigned>(digit) >= base) return std::nullopt;
        number = number * base + static_cast<unsigned>(digit);
    }
    return number;
}

/// "0x7f.1" and "2130706433" are 127.0.0.1, as browsers read it.
std::optional<std::string> dottedAddress(std::string_view host)
{
    const auto parts = splitAt(host, '.');
    constexpr std::size_t kParts = 4;
    if (parts.size() > kParts) return std::nullopt;
    std::uint64_t address = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto number = addressNumber(parts[i]);
        if (!number) return std::nullopt;
        if (i + 1 < parts.size()) {
            if (*number > 255) return std::nullopt;
            address |= *number << (8 * (3 - i));
        } else {
            if (*number >> (8 * (kParts - i)) != 0) return std::nullopt;
            address |= *number;
        }
    }
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8)
        out += std::to_string(address >> shift & 255U) + (shift > 0 ? "." : "");
    return out;
}

} // namespace

std::string plainHost(std::string_view host)
{
    if (host.starts_with('[')) {
        host.remove_prefix(1);
        return lowered(host.substr(0, host.find(']')));
    }
    constexpr std::size_t kMostBytes = 1024;
    const std::u32string letters = hostLetters(percentDecoded(host.substr(0, kMostBytes)));
    std::string out;
    for (std::size_t at = 0; at <= letters.size();) {
        const std::size_t dot = std::min(letters.find(U'.', at), letters.size());
        const std::u32string_view label = std::u32string_view(letters).substr(at, dot - at);
        if (at > 0) out += '.';
        if (std::all_of(label.begin(), label.end(), [](char32_t point) { return point < 0x80; }))
            out.append(label.begin(), label.end());
        else
            out += punycode(label);
        at = dot + 1;
    }
    while (out.ends_with('.'))
        out.pop_back();
    if (auto address = dottedAddress(out)) return *std::move(address);
    return out;
}

} // namespace gateway::guardrail
