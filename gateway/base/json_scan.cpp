// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json_scan.h"

#include <algorithm>
#include <cstring>
#include <random>

#include "base/byte_search.h"
#include "base/json_text.h"
#include "base/utf8.h"

namespace gateway {
namespace {

/// Objects with more keys than this are sorted when they close; smaller ones compare each key at once.
constexpr size_t kPairwiseKeys = 16;

/// A scan that needed more than this gives its memory back.
constexpr size_t kKeptKeys = 16384;

constexpr size_t kMaxQuotedKey = 64;

/// Of a request or an answer: found without growing.
constexpr size_t kUsualMembers = 8;

struct KeyMark {
    uint64_t hash;
    size_t offset; // Of the key's opening quote.
};

struct Frame {
    size_t firstKey;
    bool isObject;
};

/// The stacks of one scan, kept by the thread so that a warm scan allocates nothing.
struct Stacks {
    std::vector<KeyMark> keys;
    std::vector<Frame> frames;
};

uint64_t mix(uint64_t value)
{
    value *= 0x9E3779B97F4A7C15ULL;
    value ^= value >> 32;
    value *= 0xD6E8FEB86659FD93ULL;
    return value ^ (value >> 29);
}

template <class Word>
uint64_t load(const char* at)
{
    Word word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

/// Two keys of one hash are taken for the same one. The seed is random, so nobody can prepare such a pair,
/// and who met one by chance (1 in 2^64) would see a refusal, never a duplicate that slipped through.
uint64_t hashKey(std::string_view key)
{
    static const uint64_t seed = [] {
        std::random_device device;
        return (uint64_t{device()} << 32) | device();
    }();
    const char* const at = key.data();
    const size_t size = key.size();
    uint64_t hash = mix(seed + size);
    if (size >= 8) {
        for (size_t i = 0; i + 8 <= size; i += 8) {
            hash = mix(hash ^ load<uint64_t>(at + i));
        }
        // The last word may overlap the one before it: cheaper than copying a rest.
        return size % 8 == 0 ? hash : mix(hash ^ load<uint64_t>(at + size - 8));
    }
    if (size >= 4) return mix(hash ^ ((load<uint32_t>(at) << 32) | load<uint32_t>(at + size - 4)));
    if (size == 0) return hash;
    return mix(hash ^ ((load<uint8_t>(at) << 16) | (load<uint8_t>(at + size / 2) << 8) |
                       load<uint8_t>(at + size - 1)));
}

class JsonScanner {
public:
    JsonScanner(std::string_view text, JsonDocument& into, Stacks& stacks, size_t maxDepth)
        : m_at(text.data())
        , m_end(text.data() + text.size())
        , m_text(text)
        , m_into(into)
        , m_stacks(stacks)
        , m_maxDepth(maxDepth)
    {
    }

    std::optional<JsonProblem> run();

private:
    enum class Step : uint8_t { Undecided, Value, Key, AfterValue, Done, Failed };

    Step value();
    Step open(bool isObject);
    Step close();
    Step key();
    Step afterValue();
    Step literal(std::string_view word);
    Step number();
    bool digits();
    bool string();
    bool escape();
    bool surrogatePair(uint32_t high);
    bool nonAscii();
    bool hexUnit(uint32_t& unit);
    bool rememberKey(const char* quote);
    bool keysDiffer();
    void beginMember(const char* quote);
    void endMember();

    void skipSpace() { m_at = skipJsonSpace(m_at, m_end); }
    bool at(char byte) const { return m_at != m_end && *m_at == byte; }
    bool atDigit() const { return m_at != m_end && *m_at >= '0' && *m_at <= '9'; }
    bool atRoot() const { return m_stacks.frames.size() == 1 && m_frame.isObject; }

    bool fails(JsonFault fault, const char* where, std::string message);
    bool syntax(const char* message) { return fails(JsonFault::Syntax, m_at, message); }
    Step failed(const char* message)
    {
        syntax(message);
        return Step::Failed;
    }

    const char* m_at;
    const char* const m_end;
    const std::string_view m_text;
    JsonDocument& m_into;
    Stacks& m_stacks;
    const size_t m_maxDepth;
    Frame m_frame{0, false}; // The innermost open bracket; its copy on the stack is what is returned to.
    bool m_escaped = false;  // The last string had an escape.
    JsonMember m_member;     // The root member whose value is being read.
    const char* m_memberValue = nullptr;
    std::optional<JsonProblem> m_problem;
};

std::optional<JsonProblem> JsonScanner::run()
{
    skipSpace();
    if (m_at == m_end) {
        fails(JsonFault::Empty, m_at, "the text is empty");
        return std::move(m_problem);
    }
    m_into.root = jsonKindOf({m_at, 1});
    Step step = Step::Value;
    while (step != Step::Done && step != Step::Failed) {
        switch (step) {
        case Step::Value:
            step = value();
            break;
        case Step::Key:
            step = key();
            break;
        default:
            step = afterValue();
        }
    }
    return std::move(m_problem);
}

bool JsonScanner::fails(JsonFault fault, const char* where, std::string message)
{
    const auto offset = static_cast<size_t>(where - m_text.data());
    const std::string_view before = m_text.substr(0, offset);
    const size_t newline = before.rfind('\n');
    const auto line = static_cast<size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
    const size_t column = offset - (newline == std::string_view::npos ? 0 : newline + 1) + 1;
    m_problem = JsonProblem{fault, offset, line, column, std::move(message)};
    return false;
}

JsonScanner::Step JsonScanner::value()
{
    if (m_at == m_end) return failed("the text ends where a value should be");
    switch (*m_at) {
    case '{':
        return open(true);
    case '[':
        return open(false);
    case '"':
        ++m_at;
        return string() ? Step::AfterValue : Step::Failed;
    case 't':
        return literal("true");
    case 'f':
        return literal("false");
    case 'n':
        return literal("null");
    case '\xEF':
        return failed("a byte order mark or other text stands where a value should be");
    default:
        return number();
    }
}

JsonScanner::Step JsonScanner::open(bool isObject)
{
    if (m_stacks.frames.size() >= m_maxDepth) {
        fails(JsonFault::TooDeep, m_at, "brackets are nested too deeply");
        return Step::Failed;
    }
    m_frame = {m_stacks.keys.size(), isObject};
    m_stacks.frames.push_back(m_frame);
    ++m_at;
    skipSpace();
    if (at(isObject ? '}' : ']')) return close();
    return isObject ? Step::Key : Step::Value;
}

JsonScanner::Step JsonScanner::close()
{
    if (m_frame.isObject) {
        if (m_stacks.keys.size() - m_frame.firstKey > kPairwiseKeys && !keysDiffer()) return Step::Failed;
        m_stacks.keys.resize(m_frame.firstKey);
    }
    ++m_at;
    m_stacks.frames.pop_back();
    if (!m_stacks.frames.empty()) {
        m_frame = m_stacks.frames.back();
    }
    return Step::AfterValue;
}

JsonScanner::Step JsonScanner::key()
{
    if (!at('"')) return failed("a key in double quotes is expected");
    const char* const quote = m_at++;
    if (!string() || !rememberKey(quote)) return Step::Failed;
    if (atRoot()) {
        beginMember(quote);
    }
    skipSpace();
    if (!at(':')) return failed("a colon is expected after a key");
    ++m_at;
    skipSpace();
    m_memberValue = atRoot() ? m_at : m_memberValue;
    return Step::Value;
}

void JsonScanner::beginMember(const char* quote)
{
    m_member.key = {quote + 1, static_cast<size_t>(m_at - quote) - 2};
    m_member.keyEscaped = m_escaped;
}

void JsonScanner::endMember()
{
    m_member.value = {m_memberValue, static_cast<size_t>(m_at - m_memberValue)};
    m_member.kind = jsonKindOf(m_member.value);
    if (m_into.members.empty()) {
        m_into.members.reserve(kUsualMembers);
    }
    m_into.members.push_back(m_member);
}

JsonScanner::Step JsonScanner::afterValue()
{
    const bool isRoot = m_stacks.frames.empty();
    if (!isRoot && atRoot()) {
        endMember();
    }
    skipSpace();
    if (isRoot) return m_at == m_end ? Step::Done : failed("more text follows the end of the value");
    if (at(',')) {
        ++m_at;
        skipSpace();
        return m_frame.isObject ? Step::Key : Step::Value;
    }
    if (at(m_frame.isObject ? '}' : ']')) return close();
    if (m_at == m_end) return failed(m_frame.isObject ? "an object is not closed" : "an array is not closed");
    return failed(m_frame.isObject ? "a comma or } is expected" : "a comma or ] is expected");
}

JsonScanner::Step JsonScanner::literal(std::string_view word)
{
    const auto left = static_cast<size_t>(m_end - m_at);
    if (left < word.size() || std::memcmp(m_at, word.data(), word.size()) != 0) {
        return failed("a value is expected: a string, number, object, array, true, false or null");
    }
    m_at += word.size();
    return Step::AfterValue;
}

bool JsonScanner::digits()
{
    if (!atDigit()) return false;
    while (atDigit()) {
        ++m_at;
    }
    return true;
}

JsonScanner::Step JsonScanner::number()
{
    const bool negative = at('-');
    if (negative) {
        ++m_at;
    }
    if (at('0')) {
        ++m_at;
        if (atDigit()) return failed("a number may not begin with a zero");
    } else if (!digits()) {
        return failed(negative ? "a digit is expected after a minus sign"
                               : "a value is expected: a string, number, object, array, true, false or null");
    }
    if (at('.')) {
        ++m_at;
        if (!digits()) return failed("a digit is expected after a decimal point");
    }
    if (at('e') || at('E')) {
        ++m_at;
        if (at('+') || at('-')) {
            ++m_at;
        }
        if (!digits()) return failed("a digit is expected in an exponent");
    }
    return Step::AfterValue;
}

bool JsonScanner::string()
{
    m_escaped = false;
    for (;;) {
        m_at = findStringStop(m_at, m_end);
        if (m_at == m_end) return syntax("a string is not closed");
        const char byte = *m_at;
        if (byte == '"') {
            ++m_at;
            return true;
        }
        if (byte == '\\') {
            if (!escape()) return false;
        } else if (static_cast<signed char>(byte) >= 0) {
            return syntax("a control character in a string must be escaped");
        } else if (!nonAscii()) {
            return false;
        }
    }
}

bool JsonScanner::nonAscii()
{
    do {
        const size_t length = utf8Sequence(m_at, m_end);
        if (length == 0) return fails(JsonFault::InvalidUtf8, m_at, "the text is not valid UTF-8");
        m_at += length;
    } while (m_at != m_end && static_cast<signed char>(*m_at) < 0);
    return true;
}

bool JsonScanner::escape()
{
    m_escaped = true;
    if (m_end - m_at < 2) return syntax("a string is not closed");
    switch (m_at[1]) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        m_at += 2;
        return true;
    case 'u':
        break;
    default:
        return syntax("a string has an unknown escape");
    }
    uint32_t unit = 0;
    if (!hexUnit(unit)) return syntax("four hexadecimal digits are expected after \\u");
    return unit < 0xD800 || unit > 0xDFFF || surrogatePair(unit);
}

/// Takes the six bytes of one \uXXXX escape.
bool JsonScanner::hexUnit(uint32_t& unit)
{
    if (m_end - m_at < 6) return false;
    unit = 0;
    for (int i = 2; i < 6; ++i) {
        const auto byte = static_cast<unsigned char>(m_at[i]);
        const uint32_t digit = byte - unsigned{'0'};
        const uint32_t letter = (byte | 0x20U) - unsigned{'a'};
        if (digit > 9 && letter > 5) return false;
        unit = (unit << 4) | (digit <= 9 ? digit : letter + 10);
    }
    m_at += 6;
    return true;
}

bool JsonScanner::surrogatePair(uint32_t high)
{
    const char* const begin = m_at - 6;
    uint32_t low = 0;
    if (high <= 0xDBFF && m_end - m_at >= 6 && m_at[0] == '\\' && m_at[1] == 'u' && hexUnit(low) &&
        low >= 0xDC00 && low <= 0xDFFF) {
        return true;
    }
    return fails(JsonFault::Syntax, begin, "a \\u escape is half of a surrogate pair");
}

bool repeated(const KeyMark& left, const KeyMark& right)
{
    return left.hash == right.hash;
}

std::string duplicateMessage(std::string_view text, size_t offset)
{
    const std::string_view rest = text.substr(offset + 1, kMaxQuotedKey + 1);
    const size_t size = rest.find('"');
    const std::string_view key = rest.substr(0, size);
    const bool plain = std::all_of(key.begin(), key.end(),
                                   [](char byte) { return byte >= ' ' && byte <= '~' && byte != '\\'; });
    if (size == std::string_view::npos || !plain) return "a key occurs twice in one object";
    return "the key \"" + std::string(key) + "\" occurs twice in one object";
}

bool JsonScanner::rememberKey(const char* quote)
{
    const std::string_view raw{quote + 1, static_cast<size_t>(m_at - quote) - 2};
    const auto offset = static_cast<size_t>(quote - m_text.data());
    const auto decoded = m_escaped ? unescapeJson(raw) : std::nullopt;
    const KeyMark mark{hashKey(decoded ? std::string_view(*decoded) : raw), offset};
    auto& keys = m_stacks.keys;
    if (keys.size() - m_frame.firstKey < kPairwiseKeys) {
        for (size_t i = m_frame.firstKey; i < keys.size(); ++i) {
            if (repeated(keys[i], mark)) {
                return fails(JsonFault::DuplicateKey, quote, duplicateMessage(m_text, offset));
            }
        }
    }
    keys.push_back(mark);
    return true;
}

/// Checks all keys of the innermost object at once.
bool JsonScanner::keysDiffer()
{
    const auto begin = m_stacks.keys.begin() + static_cast<std::ptrdiff_t>(m_frame.firstKey);
    const auto end = m_stacks.keys.end();
    std::sort(begin, end, [](const KeyMark& left, const KeyMark& right) {
        return left.hash != right.hash ? left.hash < right.hash : left.offset < right.offset;
    });
    const auto first = std::adjacent_find(begin, end, repeated);
    if (first == end) return true;
    const size_t offset = std::next(first)->offset;
    return fails(JsonFault::DuplicateKey, m_text.data() + offset, duplicateMessage(m_text, offset));
}

} // namespace

const JsonMember* JsonDocument::find(std::string_view key) const
{
    const auto found = std::find_if(members.begin(), members.end(),
                                    [key](const JsonMember& member) { return isNamed(member, key); });
    return found == members.end() ? nullptr : &*found;
}

std::optional<JsonProblem> scanJson(std::string_view text, JsonDocument& into, size_t maxDepth)
{
    thread_local Stacks stacks;
    stacks.keys.clear();
    stacks.frames.clear();
    into.root = JsonKind::Undecided;
    into.members.clear();
    auto problem = JsonScanner(text, into, stacks, maxDepth).run();
    if (problem) {
        into.root = JsonKind::Undecided;
        into.members.clear();
    }
    if (stacks.keys.capacity() > kKeptKeys) {
        stacks.keys = {};
    }
    return problem;
}

} // namespace gateway
