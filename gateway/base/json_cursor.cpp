// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json_cursor.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "base/byte_search.h"
#include "base/json_text.h"
#include "base/strings.h"

namespace gateway {
namespace {

JsonKind kindOfByte(char first)
{
    switch (first) {
    case '{':
        return JsonKind::Object;
    case '[':
        return JsonKind::Array;
    case '"':
        return JsonKind::String;
    case 't':
        return JsonKind::True;
    case 'f':
        return JsonKind::False;
    case 'n':
        return JsonKind::Null;
    default:
        return first == '-' || (first >= '0' && first <= '9') ? JsonKind::Number : JsonKind::Undecided;
    }
}

/// `at` is behind the opening quote; the answer is behind the closing one.
const char* skipString(const char* at, const char* end)
{
    for (;;) {
        at = findEither<'"', '\\'>(at, end);
        if (at == end) return end;
        if (*at == '"') return at + 1;
        if (end - at < 2) return end;
        at += 2;
    }
}

/// `at` is on the opening bracket. Only brackets are counted: the text is known to be well-formed.
const char* skipContainer(const char* at, const char* end)
{
    size_t open = 0;
    while (at != end) {
        const char byte = *at++;
        if (byte == '"') {
            at = skipString(at, end);
        } else if (byte == '{' || byte == '[') {
            ++open;
        } else if (byte == '}' || byte == ']') {
            if (--open == 0) return at;
        }
    }
    return end;
}

const char* skipScalar(const char* at, const char* end)
{
    return std::find_if(at, end, [](char byte) {
        return byte == ',' || byte == '}' || byte == ']' || byte == ':' || isJsonSpace(byte);
    });
}

std::string_view between(const char* begin, const char* end)
{
    return {begin, static_cast<size_t>(end - begin)};
}

bool takeByte(std::string_view& text, char wanted)
{
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

/// A JSON number taken apart: value = sign (whole . fraction) 10^exponent.
struct NumberParts {
    bool negative = false;
    std::string_view whole;
    std::string_view fraction;
    int64_t exponent = 0;
};

bool takeExponent(std::string_view& text, int64_t& exponent)
{
    // No text is long enough to bring a larger exponent back into range.
    constexpr int64_t kLargest = int64_t{1} << 60;
    const bool negative = !text.empty() && text.front() == '-';
    if (negative || (!text.empty() && text.front() == '+')) {
        text.remove_prefix(1);
    }
    const std::string_view digits = takeDigits(text);
    for (const char digit : digits) {
        exponent = exponent > kLargest / 10 - 1 ? kLargest : exponent * 10 + (digit - '0');
    }
    exponent = negative ? -exponent : exponent;
    return !digits.empty();
}

std::optional<NumberParts> numberParts(std::string_view text)
{
    NumberParts parts;
    parts.negative = takeByte(text, '-');
    parts.whole = takeDigits(text);
    if (parts.whole.empty() || (parts.whole.size() > 1 && parts.whole.front() == '0')) return std::nullopt;
    if (takeByte(text, '.')) {
        parts.fraction = takeDigits(text);
        if (parts.fraction.empty()) return std::nullopt;
    }
    if (takeByte(text, 'e') || takeByte(text, 'E')) {
        if (!takeExponent(text, parts.exponent)) return std::nullopt;
    }
    return text.empty() ? std::optional(parts) : std::nullopt;
}

/// Appends the digits to `value`; false when it leaves the range.
bool appendDigits(uint64_t& value, std::string_view digits)
{
    constexpr uint64_t kLargest = uint64_t{1} << 63;
    for (const char digit : digits) {
        if (value > kLargest / 10) return false;
        value = value * 10 + static_cast<uint64_t>(digit - '0');
    }
    return value <= kLargest;
}

std::string_view withoutTrailingZeros(std::string_view digits)
{
    const size_t last = digits.find_last_not_of('0');
    return digits.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// The size of a whole number without its sign.
std::optional<uint64_t> magnitude(const NumberParts& parts)
{
    const std::string_view fraction = withoutTrailingZeros(parts.fraction);
    std::string_view whole = parts.whole;
    auto zeros = parts.exponent - static_cast<int64_t>(fraction.size());
    if (fraction.empty()) {
        const std::string_view kept = withoutTrailingZeros(whole);
        zeros += static_cast<int64_t>(whole.size() - kept.size());
        whole = kept;
    }
    uint64_t value = 0;
    if (!appendDigits(value, whole) || !appendDigits(value, fraction)) return std::nullopt;
    if (value == 0) return value;
    if (zeros < 0) return std::nullopt;
    for (; zeros > 0; --zeros) {
        if (!appendDigits(value, "0")) return std::nullopt;
    }
    return value;
}

} // namespace

JsonCursor::JsonCursor(std::string_view container)
    : m_at(skipJsonSpace(container.data(), container.data() + container.size()))
    , m_end(container.data() + container.size())
    , m_container(m_at == m_end ? JsonKind::Undecided : kindOfByte(*m_at))
{
    if (m_at != m_end) {
        ++m_at;
    }
}

bool JsonCursor::atNext()
{
    m_at = skipJsonSpace(m_at, m_end);
    if (m_at != m_end && *m_at == ',') {
        m_at = skipJsonSpace(m_at + 1, m_end);
    }
    return m_at != m_end;
}

std::string_view JsonCursor::takeValue()
{
    const char* const begin = m_at;
    if (m_at == m_end) return {};
    switch (*m_at) {
    case '"':
        m_at = skipString(m_at + 1, m_end);
        break;
    case '{':
    case '[':
        m_at = skipContainer(m_at, m_end);
        break;
    default:
        m_at = skipScalar(m_at, m_end);
    }
    return between(begin, m_at);
}

bool JsonCursor::nextMember(JsonMember& member)
{
    if (m_container != JsonKind::Object || !atNext() || *m_at != '"') return false;
    const std::string_view quoted = takeValue();
    if (quoted.size() < 2) return false;
    member.key = quoted.substr(1, quoted.size() - 2);
    member.keyEscaped = member.key.find('\\') != std::string_view::npos;
    m_at = skipJsonSpace(m_at, m_end);
    if (m_at == m_end || *m_at != ':') return false;
    m_at = skipJsonSpace(m_at + 1, m_end);
    member.value = takeValue();
    if (member.value.empty()) return false;
    member.kind = kindOfByte(member.value.front());
    return true;
}

bool JsonCursor::nextElement(std::string_view& value, JsonKind& kind)
{
    if (m_container != JsonKind::Array || !atNext()) return false;
    value = takeValue();
    if (value.empty()) return false;
    kind = kindOfByte(value.front());
    return true;
}

JsonKind jsonKindOf(std::string_view value)
{
    const char* const end = value.data() + value.size();
    const char* const at = skipJsonSpace(value.data(), end);
    return at == end ? JsonKind::Undecided : kindOfByte(*at);
}

bool json_cursor::isNamedDecoded(const JsonMember& member, std::string_view key)
{
    const auto decoded = unescapeJson(member.key);
    return decoded && *decoded == key;
}

std::string_view memberValue(std::string_view object, std::string_view key)
{
    JsonCursor cursor(object);
    JsonMember member;
    while (cursor.nextMember(member)) {
        if (isNamed(member, key)) return member.value;
    }
    return {};
}

std::optional<int64_t> jsonInteger(std::string_view text)
{
    constexpr size_t kSurelyFits = 18;
    if (!text.empty() && text.size() <= kSurelyFits && text.front() != '0' &&
        std::all_of(text.begin(), text.end(), isAsciiDigit)) {
        int64_t value = 0;
        for (const char digit : text)
            value = value * 10 + (digit - '0');
        return value;
    }
    constexpr uint64_t kLargest = uint64_t{1} << 63;
    const auto parts = numberParts(text);
    const auto size = parts ? magnitude(*parts) : std::nullopt;
    if (!size || (*size == kLargest && !parts->negative)) return std::nullopt;
    return static_cast<int64_t>(parts->negative ? 0 - *size : *size);
}

std::optional<double> jsonNumber(std::string_view text)
{
    double value = 0;
    if (!numberParts(text)) return std::nullopt;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

} // namespace gateway
