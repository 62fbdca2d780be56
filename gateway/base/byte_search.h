// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/strings.h"

#if defined(__SSE2__) && !defined(TURNPIKE_PORTABLE_SCAN)
#define TURNPIKE_SSE2 1
#include <emmintrin.h>
#endif

/// Searches that skip a block of uninteresting bytes at a time. All of them look at [at, end) only and
/// return `end` when nothing was found.
namespace gateway {

#ifdef TURNPIKE_SSE2
inline constexpr std::ptrdiff_t kScanBlock = 16;

namespace scan_block {
using Block = __m128i;

inline Block load(const char* at)
{
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}

inline Block equals(Block block, char wanted)
{
    return _mm_cmpeq_epi8(block, _mm_set1_epi8(wanted));
}

inline Block either(Block left, Block right)
{
    return _mm_or_si128(left, right);
}

inline unsigned mask(Block block)
{
    return static_cast<unsigned>(_mm_movemask_epi8(block));
}
} // namespace scan_block
#endif

/// True for bytes that end a plain run inside a JSON string: quote, backslash, control, not ASCII.
inline bool isStringStop(char byte)
{
    return static_cast<signed char>(byte) < 0x20 || byte == '"' || byte == '\\';
}

/// The first byte of a JSON string's text that needs a closer look.
inline const char* findStringStop(const char* at, const char* end)
{
#ifdef TURNPIKE_SSE2
    while (end - at >= kScanBlock) {
        const auto block = scan_block::load(at);
        // The compare is signed: bytes from 0x80 on are negative and so below 0x20 as well.
        const auto low = _mm_cmplt_epi8(block, _mm_set1_epi8(0x20));
        const auto special =
            scan_block::either(scan_block::equals(block, '"'), scan_block::equals(block, '\\'));
        if (const unsigned hits = scan_block::mask(scan_block::either(low, special)); hits != 0) {
            return at + std::countr_zero(hits);
        }
        at += kScanBlock;
    }
#else
    constexpr uint64_t kOnes = 0x0101010101010101ULL;
    constexpr uint64_t kHighs = 0x8080808080808080ULL;
    while (end - at >= 8) {
        uint64_t word = 0;
        std::memcpy(&word, at, 8);
        const uint64_t quote = word ^ (kOnes * '"');
        const uint64_t slash = word ^ (kOnes * '\\');
        // A borrow from a lower byte can only add a false hit, which the byte loop below sorts out.
        const uint64_t hits = (word | (word - kOnes * 0x20) | (quote - kOnes) | (slash - kOnes)) & kHighs;
        if (hits != 0) {
            for (int i = 0; i < 8; ++i, ++at) {
                if (isStringStop(*at)) return at;
            }
            continue;
        }
        at += 8;
    }
#endif
    while (at != end && !isStringStop(*at)) {
        ++at;
    }
    return at;
}

/// The first byte that is `A` or `B`.
template <char A, char B>
const char* findEither(const char* at, const char* end)
{
#ifdef TURNPIKE_SSE2
    while (end - at >= kScanBlock) {
        const auto block = scan_block::load(at);
        const auto hits =
            scan_block::mask(scan_block::either(scan_block::equals(block, A), scan_block::equals(block, B)));
        if (hits != 0) return at + std::countr_zero(hits);
        at += kScanBlock;
    }
#endif
    while (at != end && *at != A && *at != B) {
        ++at;
    }
    return at;
}

/// Where `a` stands with `b` right behind it.
inline const char* findPair(const char* at, const char* end, char a, char b)
{
#ifdef TURNPIKE_SSE2
    while (end - at > kScanBlock) {
        const unsigned hits = scan_block::mask(scan_block::equals(scan_block::load(at), a)) &
                              scan_block::mask(scan_block::equals(scan_block::load(at + 1), b));
        if (hits != 0) return at + std::countr_zero(hits);
        at += kScanBlock;
    }
#endif
    for (; end - at >= 2; ++at) {
        if (at[0] == a && at[1] == b) return at;
    }
    return end;
}

/// Where `a` stands with `b` or `c` right behind it.
inline const char* findPair(const char* at, const char* end, char a, char b, char c)
{
#ifdef TURNPIKE_SSE2
    while (end - at > kScanBlock) {
        const auto next = scan_block::load(at + 1);
        const auto behind = scan_block::either(scan_block::equals(next, b), scan_block::equals(next, c));
        const unsigned hits =
            scan_block::mask(scan_block::equals(scan_block::load(at), a)) & scan_block::mask(behind);
        if (hits != 0) return at + std::countr_zero(hits);
        at += kScanBlock;
    }
#endif
    for (; end - at >= 2; ++at) {
        if (at[0] == a && (at[1] == b || at[1] == c)) return at;
    }
    return end;
}

/// True when `word` stands somewhere between two quotation marks. JSON is full of those, so that looking for
/// one alone would stop everywhere.
inline bool holdsQuoted(std::string_view text, std::string_view word)
{
    if (word.empty()) return false;
    const char* const end = text.data() + text.size();
    const auto size = static_cast<std::ptrdiff_t>(word.size());
    for (const char* at = text.data();; ++at) {
        at = findPair(at, end, '"', word.front());
        if (end - at < size + 2) return false;
        if (std::memcmp(at + 1, word.data(), word.size()) == 0 && at[size + 1] == '"') return true;
    }
}

/// The first control byte that is no tab.
inline const char* findControl(const char* at, const char* end)
{
#ifdef TURNPIKE_SSE2
    while (end - at >= kScanBlock) {
        const auto block = scan_block::load(at);
        const auto low = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1F)), block);
        const auto control = scan_block::either(_mm_andnot_si128(scan_block::equals(block, '\t'), low),
                                                scan_block::equals(block, '\x7F'));
        if (const unsigned hits = scan_block::mask(control); hits != 0) return at + std::countr_zero(hits);
        at += kScanBlock;
    }
#endif
    while (at != end && (!isControlByte(*at) || *at == '\t')) {
        ++at;
    }
    return at;
}

/// The first byte that is not ASCII.
inline const char* findNonAscii(const char* at, const char* end)
{
#ifdef TURNPIKE_SSE2
    while (end - at >= kScanBlock) {
        if (const unsigned hits = scan_block::mask(scan_block::load(at)); hits != 0) {
            return at + std::countr_zero(hits);
        }
        at += kScanBlock;
    }
#else
    while (end - at >= 8) {
        uint64_t word = 0;
        std::memcpy(&word, at, 8);
        if ((word & 0x8080808080808080ULL) != 0) break;
        at += 8;
    }
#endif
    while (at != end && static_cast<signed char>(*at) >= 0) {
        ++at;
    }
    return at;
}

inline bool isJsonSpace(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

/// The first byte that is no JSON whitespace.
inline const char* skipJsonSpace(const char* at, const char* end)
{
    if (at == end || static_cast<unsigned char>(*at) > ' ') return at;
#ifdef TURNPIKE_SSE2
    while (end - at >= kScanBlock) {
        const auto block = scan_block::load(at);
        const auto blank =
            scan_block::either(scan_block::equals(block, ' '), scan_block::equals(block, '\n'));
        const auto other =
            scan_block::either(scan_block::equals(block, '\t'), scan_block::equals(block, '\r'));
        const unsigned text = ~scan_block::mask(scan_block::either(blank, other)) & 0xFFFFU;
        if (text != 0) return at + std::countr_zero(text);
        at += kScanBlock;
    }
#endif
    while (at != end && isJsonSpace(*at)) {
        ++at;
    }
    return at;
}

} // namespace gateway
