// SPDX-License-Identifier: GPL-3.0-or-later
#include "accounting/piece_scanner.h"

#include <array>

#include "base/strings.h"
#include "base/utf8.h"

namespace gateway::accounting {

namespace {

constexpr std::size_t kMostDigits = 3;

CharClass asciiClass(char byte)
{
    if (byte >= 'A' && byte <= 'Z') return CharClass::Upper;
    if (byte >= 'a' && byte <= 'z') return CharClass::Lower;
    if (isAsciiDigit(byte)) return CharClass::Number;
    return byte == ' ' || (byte >= '\t' && byte <= '\r') ? CharClass::Space : CharClass::Other;
}

bool isLetter(CharClass kind)
{
    return kind == CharClass::Upper || kind == CharClass::Lower || kind == CharClass::Letter;
}

/// May stand at the begin of a word: capitals, letters without case, marks.
bool isHead(CharClass kind)
{
    return kind == CharClass::Upper || kind == CharClass::Letter || kind == CharClass::Mark;
}

/// May stand in the rest of it.
bool isTail(CharClass kind)
{
    return kind == CharClass::Lower || kind == CharClass::Letter || kind == CharClass::Mark;
}

bool isLineEnd(char byte)
{
    return byte == '\r' || byte == '\n';
}

} // namespace

PieceScanner::Char PieceScanner::at(std::size_t place) const
{
    if (place >= m_text.size()) return {};
    const char* const begin = m_text.data() + place;
    if (static_cast<unsigned char>(*begin) < 0x80) return {1, asciiClass(*begin), *begin};
    const std::size_t size = utf8Sequence(begin, m_text.data() + m_text.size());
    if (size == 0) return {1, CharClass::Other, 0};
    return {size, m_classes.of(decodeUtf8(begin, size)), 0};
}

template <class Is>
std::size_t PieceScanner::runEnd(std::size_t place, Is is) const
{
    for (;;) {
        const Char next = at(place);
        if (next.size == 0 || !is(next)) return place;
        place += next.size;
    }
}

/// 's, 't, 're, 've, 'm, 'll, 'd in any case.
std::size_t PieceScanner::contraction(std::size_t begin) const
{
    if (at(begin).byte != '\'') return begin;
    const char first = asciiLower(at(begin + 1).byte);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') return begin + 2;
    const char second = asciiLower(at(begin + 2).byte);
    const bool both =
        (first == 'r' && second == 'e') || (first == 'v' && second == 'e') || (first == 'l' && second == 'l');
    return both ? begin + 3 : begin;
}

/// [^\r\n\p{L}\p{N}]?\p{L}+
std::size_t PieceScanner::letters(std::size_t begin) const
{
    const Char first = at(begin);
    const bool leads = !isLetter(first.kind) && first.kind != CharClass::Number && !isLineEnd(first.byte);
    const std::size_t from = leads ? begin + first.size : begin;
    const std::size_t end = runEnd(from, [](const Char& each) { return isLetter(each.kind); });
    return end > from ? end : begin;
}

/// [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+
std::size_t PieceScanner::mixedWord(std::size_t begin) const
{
    // Where the greedy first half takes all that the second could have, it gives back up to the last such
    // one.
    std::size_t place = begin, lastTail = begin;
    for (;;) {
        const Char next = at(place);
        if (next.size == 0 || !isHead(next.kind)) break;
        place += next.size;
        if (isTail(next.kind)) lastTail = place;
    }
    const std::size_t end = runEnd(place, [](const Char& each) { return isTail(each.kind); });
    return end > place ? end : lastTail;
}

/// [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*
std::size_t PieceScanner::capitals(std::size_t begin) const
{
    const std::size_t end = runEnd(begin, [](const Char& each) { return isHead(each.kind); });
    return end > begin ? runEnd(end, [](const Char& each) { return isTail(each.kind); }) : begin;
}

/// A word with perhaps one sign before it, and a contraction behind it.
std::size_t PieceScanner::word(std::size_t begin) const
{
    const Char first = at(begin);
    const bool leads = !isLetter(first.kind) && first.kind != CharClass::Number && !isLineEnd(first.byte);
    const std::size_t behind = begin + first.size;
    for (const auto half : {&PieceScanner::mixedWord, &PieceScanner::capitals}) {
        if (leads) {
            if (const std::size_t end = (this->*half)(behind); end > behind) return contraction(end);
        }
        if (const std::size_t end = (this->*half)(begin); end > begin) return contraction(end);
    }
    return begin;
}

/// \p{N}{1,3}
std::size_t PieceScanner::digits(std::size_t begin) const
{
    std::size_t place = begin;
    for (std::size_t count = 0; count < kMostDigits; ++count) {
        const Char next = at(place);
        if (next.size == 0 || next.kind != CharClass::Number) break;
        place += next.size;
    }
    return place;
}

/// ` ?[^\s\p{L}\p{N}]+[\r\n]*`, or with slashes, too.
std::size_t PieceScanner::signs(std::size_t begin) const
{
    const std::size_t from = at(begin).byte == ' ' ? begin + 1 : begin;
    const std::size_t end = runEnd(
        from, [](const Char& each) { return each.kind == CharClass::Other || each.kind == CharClass::Mark; });
    if (end == from) return begin;
    const bool slashes = m_pattern == PiecePattern::O200k;
    return runEnd(
        end, [slashes](const Char& each) { return isLineEnd(each.byte) || (slashes && each.byte == '/'); });
}

/// \s*[\r\n]+|\s+(?!\S)|\s+
std::size_t PieceScanner::blanks(std::size_t begin) const
{
    std::size_t place = begin, lastLine = begin, last = begin;
    for (;;) {
        const Char next = at(place);
        if (next.size == 0 || next.kind != CharClass::Space) break;
        last = place;
        place += next.size;
        if (isLineEnd(next.byte)) lastLine = place;
    }
    if (lastLine > begin) return lastLine;
    // The last one belongs to what follows, unless it is alone.
    const bool isEnd = place >= m_text.size();
    return isEnd || last == begin ? place : last;
}

std::size_t PieceScanner::pieceEnd(std::size_t begin) const
{
    using Alternative = std::size_t (PieceScanner::*)(std::size_t) const;
    constexpr std::array<Alternative, 5> kCl100k{&PieceScanner::contraction, &PieceScanner::letters,
                                                 &PieceScanner::digits, &PieceScanner::signs,
                                                 &PieceScanner::blanks};
    constexpr std::array<Alternative, 4> kO200k{&PieceScanner::word, &PieceScanner::digits,
                                                &PieceScanner::signs, &PieceScanner::blanks};
    const auto first = [&](const auto& alternatives) {
        for (const Alternative each : alternatives) {
            if (const std::size_t end = (this->*each)(begin); end > begin) return end;
        }
        return begin + at(begin).size;
    };
    return m_pattern == PiecePattern::O200k ? first(kO200k) : first(kCl100k);
}

std::string_view PieceScanner::next()
{
    if (m_place >= m_text.size()) return {};
    const std::size_t begin = m_place;
    m_place = pieceEnd(begin);
    return m_text.substr(begin, m_place - begin);
}

} // namespace gateway::accounting
