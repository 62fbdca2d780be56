// SPDX-License-Identifier: GPL-3.0-or-later
#include "text.h"

#include <charconv>
#include <chrono>

namespace fake {

size_t utf8Length(std::string_view text, size_t at)
{
    auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    auto continues = [&](size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    unsigned first = byte(at);
    if (first < 0x80U) return 1;
    if (first >= 0xC2U && first <= 0xDFU) return continues(at + 1) ? 2 : 0;
    if (first >= 0xE0U && first <= 0xEFU) {
        bool overlong = first == 0xE0U && byte(at + 1) < 0xA0U;
        bool surrogate = first == 0xEDU && byte(at + 1) > 0x9FU;
        return continues(at + 1) && continues(at + 2) && !overlong && !surrogate ? 3 : 0;
    }
    if (first >= 0xF0U && first <= 0xF4U) {
        bool overlong = first == 0xF0U && byte(at + 1) < 0x90U;
        bool tooLarge = first == 0xF4U && byte(at + 1) > 0x8FU;
        return continues(at + 1) && continues(at + 2) && continues(at + 3) && !overlong && !tooLarge ? 4 : 0;
    }
    return 0;
}

static void appendEscaped(std::string& into, unsigned char c)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    switch (c) {
    case '"':
        into += "\\\"";
        break;
    case '\\':
        into += "\\\\";
        break;
    case '\n':
        into += "\\n";
        break;
    case '\r':
        into += "\\r";
        break;
    case '\t':
        into += "\\t";
        break;
    default:
        into += "\\u00";
        into += kDigits[c >> 4U];
        into += kDigits[c & 15U];
    }
}

void appendJsonString(std::string& into, std::string_view text)
{
    into += '"';
    size_t plainFrom = 0;
    for (size_t i = 0; i < text.size();) {
        auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
            ++i;
            continue;
        }
        size_t length = c >= 0x80 ? utf8Length(text, i) : 0;
        if (length > 0) {
            i += length;
            continue;
        }
        into.append(text, plainFrom, i - plainFrom);
        if (c >= 0x80)
            into += "\\ufffd";
        else
            appendEscaped(into, c);
        plainFrom = ++i;
    }
    into.append(text, plainFrom);
    into += '"';
}

std::string jsonString(std::string_view text)
{
    std::string out;
    appendJsonString(out, text);
    return out;
}

std::optional<uint64_t> parseNumber(std::string_view text)
{
    uint64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return value;
}

std::vector<std::string> splitAt(std::string_view text, char separator)
{
    std::vector<std::string> parts;
    for (size_t from = 0;;) {
        size_t at = text.find(separator, from);
        parts.emplace_back(text.substr(from, at == text.npos ? text.npos : at - from));
        if (at == text.npos) return parts;
        from = at + 1;
    }
}

bool equalsIgnoringCase(std::string_view a, std::string_view b)
{
    if (a.size() != b.size()) return false;
    auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
    for (size_t i = 0; i < a.size(); ++i) {
        if (lower(a[i]) != lower(b[i])) return false;
    }
    return true;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

std::string hex(uint64_t value)
{
    char digits[16];
    auto end = std::to_chars(digits, digits + sizeof(digits), value, 16).ptr;
    return {digits, end};
}

std::string hexDecoded(std::string_view digits)
{
    std::string bytes;
    for (; digits.size() >= 2; digits.remove_prefix(2)) {
        uint8_t byte = 0;
        auto [end, error] = std::from_chars(digits.data(), digits.data() + 2, byte, 16);
        if (error != std::errc() || end != digits.data() + 2) break;
        bytes += static_cast<char>(byte);
    }
    return bytes;
}

std::string percentDecoded(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        std::string byte = text.front() == '%' ? hexDecoded(text.substr(1, 2)) : std::string();
        out += byte.empty() ? text.front() : byte.front();
        text.remove_prefix(byte.empty() ? 1 : 3);
    }
    return out;
}

int64_t nowMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace fake
