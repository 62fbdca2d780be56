// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/personal/scan.h"

#include <algorithm>
#include <bit>

namespace gateway::guardrail {

namespace {

// How far from a number a word still says what it is; a place of NearWords has a bit each.
constexpr std::size_t kReachBefore = 40;
constexpr std::size_t kReachBehind = 16;

constexpr std::size_t kInitials = 26; // and one more for what is no letter
constexpr std::uint32_t kNoLetter = 1U << 31;

char smallLetter(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::size_t initialOf(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<std::size_t>(c - 'a') : kInitials;
}

/// The bits of bytes that are ASCII letters, of eight.
std::uint64_t lettersOfEight(const char* bytes)
{
    std::uint64_t eight = 0;
    for (int i = 0; i < 8; ++i)
        eight |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = kOnes * 0x80;
    const std::uint64_t low = (eight | kOnes * 0x20) & ~kHighs;
    const std::uint64_t isLetter =
        (low + kOnes * (0x80 - 'a')) & ~(low + kOnes * (0x7F - 'z')) & ~eight & kHighs;
    // Each byte's highest bit, side by side.
    return ((isLetter >> 7) * 0x0102040810204080) >> 56;
}

/// The bits of bytes that a run of ASCII letters begins at.
std::vector<std::uint64_t> letterRuns(std::string_view text)
{
    std::vector<std::uint64_t> runs(text.size() / 64 + 2);
    std::uint64_t carried = 0;
    for (std::size_t block = 0; block * 64 < text.size(); ++block) {
        std::uint64_t letters = 0;
        const std::size_t size = std::min<std::size_t>(64, text.size() - block * 64);
        std::size_t at = 0;
        for (; at + 8 <= size; at += 8)
            letters |= lettersOfEight(text.data() + block * 64 + at) << at;
        for (; at < size; ++at)
            letters |= std::uint64_t{isAsciiLetter(text[block * 64 + at])} << at;
        runs[block] = letters & ~(letters << 1 | carried);
        carried = letters >> 63;
    }
    return runs;
}

/// Whether the word (small letters) stands at `at` and ends there.
bool standsAt(std::string_view text, std::size_t at, std::string_view word)
{
    const std::size_t end = at + word.size();
    if (end > text.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (smallLetter(text[at + i]) != word[i]) return false;
    }
    // "phones" and "telephone:" are meant, too, by "phone".
    return end == text.size() || !isAsciiLetter(text[end]) || smallLetter(text[end]) == 's';
}

} // namespace

CalledBy::CalledBy(std::string_view names)
{
    while (!names.empty()) {
        const std::string_view name = names.substr(0, names.find('|'));
        names.remove_prefix(std::min(names.size(), name.size() + 1));
        if (!name.empty()) m_names.push_back(name);
    }
    std::sort(m_names.begin(), m_names.end(), [](std::string_view left, std::string_view right) {
        return initialOf(left.front()) < initialOf(right.front());
    });
    for (const std::string_view name : m_names) {
        const std::size_t initial = initialOf(name.front());
        m_initials |= initial == kInitials ? kNoLetter : 1U << initial;
        for (std::size_t i = initial + 1; i < m_from.size(); ++i)
            ++m_from[i];
    }
}

std::span<const std::string_view> CalledBy::beginningWith(char letter) const
{
    const std::size_t initial = initialOf(letter);
    return std::span(m_names).subspan(m_from[initial], m_from[initial + 1] - m_from[initial]);
}

std::uint32_t NearWords::initials() const
{
    std::uint32_t all = 0;
    for (std::uint64_t left = begins; left != 0; left &= left - 1)
        all |= 1U << initialOf(smallLetter(text[static_cast<std::size_t>(std::countr_zero(left))]));
    return all;
}

bool NearWords::holdsAny(const CalledBy& names) const
{
    for (std::uint64_t left = begins; left != 0; left &= left - 1) {
        const auto at = static_cast<std::size_t>(std::countr_zero(left));
        for (const std::string_view name : names.beginningWith(smallLetter(text[at]))) {
            if (standsAt(text, at, name)) return true;
        }
    }
    for (const std::string_view name : names.beginningWith('\0')) {
        for (std::size_t at = text.find(name.front()); at < text.size();
             at = text.find(name.front(), at + 1)) {
            if ((at == 0 || !isAsciiLetter(text[at - 1])) && standsAt(text, at, name)) return true;
        }
    }
    return false;
}

bool Around::mayCall(std::size_t start, std::size_t end, const CalledBy& names)
{
    if (start != m_start) {
        m_left = m_scan.nearBefore(m_start = start);
        m_leftInitials = m_left.initials();
    }
    if (end != m_end) {
        m_right = m_scan.nearBehind(m_end = end);
        m_rightInitials = m_right.initials();
    }
    // Of words that begin with no ASCII letter nobody knows.
    const std::uint32_t others = m_scan.ascii ? 0 : kNoLetter;
    return (names.initials() & (m_leftInitials | m_rightInitials | others)) != 0;
}

bool Around::calls(std::size_t start, std::size_t end, const CalledBy& names)
{
    return mayCall(start, end, names) && (m_left.holdsAny(names) || m_right.holdsAny(names));
}

namespace {

NearWords nearWords(const Scan& scan, std::size_t from, std::size_t size)
{
    const std::size_t block = from / 64, bit = from % 64;
    std::uint64_t begins = scan.begins[block] >> bit;
    if (bit != 0) begins |= scan.begins[block + 1] << (64 - bit);
    begins &= (std::uint64_t{1} << size) - 1;
    // What is left of a word counts as one.
    if (size > 0 && isAsciiLetter(scan.text[from])) begins |= 1;
    return {scan.text.substr(from, size), begins};
}

} // namespace

NearWords Scan::nearBefore(std::size_t start) const
{
    const std::size_t from = start > kReachBefore ? start - kReachBefore : 0;
    return nearWords(*this, from, start - from);
}

NearWords Scan::nearBehind(std::size_t end) const
{
    const std::size_t from = std::min(end, text.size());
    return nearWords(*this, from, std::min(kReachBehind, text.size() - from));
}

bool Scan::standsAlone(std::size_t start, std::size_t end) const
{
    const char left = before(start), right = at(end);
    if (isWordByte(left) || isWordByte(right)) return false;
    const bool number = right == '.' && isAsciiDigit(at(end + 1));
    const bool fraction = (left == '.' || left == ',') && start > 1 && isAsciiDigit(text[start - 2]);
    return !number && !fraction;
}

bool Scan::isCalled(std::size_t start, std::size_t end, const CalledBy& names) const
{
    return nearBefore(start).holdsAny(names) || nearBehind(end).holdsAny(names);
}

bool Scan::isFollowedBy(std::size_t end, const CalledBy& names) const
{
    return nearBehind(end).holdsAny(names);
}

bool Scan::isAll(std::size_t start, std::size_t end) const
{
    constexpr std::size_t kLittle = 3; // quotes, a full stop
    return text.size() - (end - start) <= kLittle;
}

Scan scanned(std::string_view text)
{
    // Identifiers of some countries have groups of letters alone before, between and behind their digits.
    constexpr std::size_t kShort = 6;
    constexpr std::size_t kNear = 6; // groups
    Scan scan{text, {}, letterRuns(text), true};
    scan.words.reserve(text.size() / 16);
    std::size_t letters = 0; // words of letters alone at the end
    for (std::size_t at = 0; at < text.size();) {
        if (!isWordByte(text[at])) {
            ++at;
            continue;
        }
        Word word{at, at, true};
        bool hasDigit = false, beyond = false;
        for (; at < text.size() && isWordByte(text[at]); ++at) {
            const bool digit = isAsciiDigit(text[at]);
            hasDigit = hasDigit || digit;
            beyond = beyond || static_cast<unsigned char>(text[at]) >= 0x80;
            word.digits = word.digits && digit;
        }
        word.end = at;
        scan.ascii = scan.ascii && !beyond;
        if (hasDigit) {
            letters = 0;
            scan.words.push_back(word);
            continue;
        }
        if (word.size() > kShort) continue;
        scan.words.push_back(word);
        ++letters;
        // Of many in a row those in the middle are just words.
        if (letters > 2 * kNear) {
            scan.words.erase(scan.words.end() - static_cast<std::ptrdiff_t>(kNear) - 1);
            --letters;
        }
    }
    return scan;
}

bool passesLuhn(std::string_view digits)
{
    int sum = 0;
    bool twice = false;
    for (auto at = digits.rbegin(); at != digits.rend(); ++at, twice = !twice) {
        int value = *at - '0';
        if (twice) value = value > 4 ? value * 2 - 9 : value * 2;
        sum += value;
    }
    return sum % 10 == 0;
}

int remainder(std::string_view digits, int modulus)
{
    int rest = 0;
    for (const char digit : digits)
        rest = (rest * 10 + (digit - '0')) % modulus;
    return rest;
}

} // namespace gateway::guardrail
