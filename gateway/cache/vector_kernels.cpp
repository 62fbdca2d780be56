// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/vector_kernels.h"

#ifdef __x86_64__
#include <immintrin.h>
#define TURNPIKE_ROWS_AVX2 __attribute__((target("avx2")))
#endif

namespace gateway::cache {

namespace portable {

void multiplyRows(const std::int8_t* query, const std::int8_t* rows, std::size_t width, std::size_t count,
                  std::int32_t* into)
{
    for (std::size_t row = 0; row < count; ++row, rows += width) {
        std::int32_t sum = 0;
        for (std::size_t i = 0; i < width; ++i)
            sum += static_cast<std::int32_t>(query[i]) * rows[i];
        into[row] = sum;
    }
}

} // namespace portable

#ifdef __x86_64__

namespace {

constexpr std::size_t kLineBytes = 64; // of a cache

/// The products of 32 numbers, in pairs of pairs. Two products of 127 * 127 fit into 16 bits, so that nothing
/// is lost: the factors are taken as the query's amounts and the row with the query's signs.
TURNPIKE_ROWS_AVX2 inline __m256i products(__m256i amounts, __m256i query, const std::int8_t* row)
{
    const __m256i values = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row));
    const __m256i pairs = _mm256_maddubs_epi16(amounts, _mm256_sign_epi8(values, query));
    return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

TURNPIKE_ROWS_AVX2 inline std::int32_t sumOf(__m256i sums)
{
    __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1));
    return _mm_cvtsi128_si32(half);
}

/// A few rows at once, so that the query is read once for all of them. `next`: as many, which are fetched
/// meanwhile.
template <std::size_t Rows>
TURNPIKE_ROWS_AVX2 void multiplyFew(const std::int8_t* query, const std::int8_t* rows, std::size_t width,
                                    std::int32_t* into, const std::int8_t* next)
{
    __m256i sums[Rows];
#pragma GCC unroll 4
    for (std::size_t row = 0; row < Rows; ++row)
        sums[row] = _mm256_setzero_si256();
    for (std::size_t i = 0; i < width; i += kRowMultiple) {
        const __m256i values = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(query + i));
        const __m256i amounts = _mm256_abs_epi8(values);
        if (Rows > 1 && i % kLineBytes == 0) {
#pragma GCC unroll 4
            for (std::size_t row = 0; row < Rows; ++row)
                _mm_prefetch(reinterpret_cast<const char*>(next + row * width + i), _MM_HINT_T0);
        }
#pragma GCC unroll 4
        for (std::size_t row = 0; row < Rows; ++row)
            sums[row] = _mm256_add_epi32(sums[row], products(amounts, values, rows + row * width + i));
    }
#pragma GCC unroll 4
    for (std::size_t row = 0; row < Rows; ++row)
        into[row] = sumOf(sums[row]);
}

TURNPIKE_ROWS_AVX2 void multiplyRowsFast(const std::int8_t* query, const std::int8_t* rows, std::size_t width,
                                         std::size_t count, std::int32_t* into)
{
    std::size_t row = 0;
    for (; row + 4 <= count; row += 4) {
        const std::int8_t* from = rows + row * width;
        multiplyFew<4>(query, from, width, into + row, row + 8 <= count ? from + 4 * width : from);
    }
    for (; row < count; ++row)
        multiplyFew<1>(query, rows + row * width, width, into + row, query);
}

} // namespace

bool hasFastRows()
{
    static const bool has = __builtin_cpu_supports("avx2");
    return has;
}

void multiplyRows(const std::int8_t* query, const std::int8_t* rows, std::size_t width, std::size_t count,
                  std::int32_t* into)
{
    (hasFastRows() ? multiplyRowsFast : portable::multiplyRows)(query, rows, width, count, into);
}

#else

bool hasFastRows()
{
    return false;
}

void multiplyRows(const std::int8_t* query, const std::int8_t* rows, std::size_t width, std::size_t count,
                  std::int32_t* into)
{
    portable::multiplyRows(query, rows, width, count, into);
}

#endif

} // namespace gateway::cache
