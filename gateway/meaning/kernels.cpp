// SPDX-License-Identifier: GPL-3.0-or-later
#include "meaning/kernels.h"

#include <algorithm>
#include <array>

#ifdef __x86_64__
#include <immintrin.h>
#define TURNPIKE_AVX2 __attribute__((target("avx2,fma")))
#endif

namespace gateway::meaning {

namespace portable {

void multiply(const Matrix& matrix, const float* rows, std::size_t count, float* into)
{
    for (std::size_t block = 0; block < matrix.columns; block += Matrix::kBlock) {
        for (std::size_t row = 0; row < count; ++row) {
            const std::int8_t* weights = matrix.weights + block * matrix.rows;
            std::array<float, Matrix::kBlock> sums{};
            for (std::size_t i = 0; i < matrix.rows; ++i, weights += Matrix::kBlock) {
                const float value = rows[row * matrix.rows + i];
                for (std::size_t column = 0; column < Matrix::kBlock; ++column)
                    sums[column] += value * static_cast<float>(weights[column]);
            }
            float* out = into + row * matrix.columns + block;
            for (std::size_t column = 0; column < Matrix::kBlock; ++column)
                out[column] = sums[column] * matrix.scales[block + column] + matrix.added[block + column];
        }
    }
}

void addScaled(float factor, const float* from, float* into, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        into[i] += factor * from[i];
}

} // namespace portable

#ifdef __x86_64__

namespace {

/// One block of columns for a few rows at once, so that each weight is widened once for all of them.
template <std::size_t Rows>
TURNPIKE_AVX2 void multiplyBlock(const Matrix& matrix, std::size_t block, const float* rows, float* into)
{
    __m256 left[Rows], right[Rows];
#pragma GCC unroll 6
    for (std::size_t row = 0; row < Rows; ++row)
        left[row] = right[row] = _mm256_setzero_ps();
    const std::int8_t* weights = matrix.weights + block * matrix.rows;
    for (std::size_t i = 0; i < matrix.rows; ++i, weights += Matrix::kBlock) {
        const __m128i both = _mm_loadu_si128(reinterpret_cast<const __m128i*>(weights));
        const __m256 low = _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(both));
        const __m256 high = _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_srli_si128(both, 8)));
#pragma GCC unroll 6
        for (std::size_t row = 0; row < Rows; ++row) {
            const __m256 value = _mm256_broadcast_ss(rows + row * matrix.rows + i);
            left[row] = _mm256_fmadd_ps(value, low, left[row]);
            right[row] = _mm256_fmadd_ps(value, high, right[row]);
        }
    }
    const float *scales = matrix.scales.data() + block, *added = matrix.added.data() + block;
#pragma GCC unroll 6
    for (std::size_t row = 0; row < Rows; ++row) {
        float* out = into + row * matrix.columns + block;
        _mm256_storeu_ps(out, _mm256_fmadd_ps(left[row], _mm256_loadu_ps(scales), _mm256_loadu_ps(added)));
        _mm256_storeu_ps(
            out + 8, _mm256_fmadd_ps(right[row], _mm256_loadu_ps(scales + 8), _mm256_loadu_ps(added + 8)));
    }
}

constexpr std::size_t kMostRows = 6; // what the registers hold
constexpr std::array kBlocks{multiplyBlock<1>, multiplyBlock<2>, multiplyBlock<3>,
                             multiplyBlock<4>, multiplyBlock<5>, multiplyBlock<6>};

TURNPIKE_AVX2 void multiplyFast(const Matrix& matrix, const float* rows, std::size_t count, float* into)
{
    for (std::size_t block = 0; block < matrix.columns; block += Matrix::kBlock) {
        for (std::size_t row = 0; row < count; row += kMostRows) {
            const std::size_t few = std::min(kMostRows, count - row);
            kBlocks[few - 1](matrix, block, rows + row * matrix.rows, into + row * matrix.columns);
        }
    }
}

TURNPIKE_AVX2 void addScaledFast(float factor, const float* from, float* into, std::size_t count)
{
    const __m256 by = _mm256_set1_ps(factor);
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8)
        _mm256_storeu_ps(into + i, _mm256_fmadd_ps(by, _mm256_loadu_ps(from + i), _mm256_loadu_ps(into + i)));
    for (; i < count; ++i)
        into[i] += factor * from[i];
}

} // namespace

bool hasFastKernels()
{
    static const bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return has;
}

void multiply(const Matrix& matrix, const float* rows, std::size_t count, float* into)
{
    (hasFastKernels() ? multiplyFast : portable::multiply)(matrix, rows, count, into);
}

void addScaled(float factor, const float* from, float* into, std::size_t count)
{
    (hasFastKernels() ? addScaledFast : portable::addScaled)(factor, from, into, count);
}

#else

bool hasFastKernels()
{
    return false;
}

void multiply(const Matrix& matrix, const float* rows, std::size_t count, float* into)
{
    portable::multiply(matrix, rows, count, into);
}

void addScaled(float factor, const float* from, float* into, std::size_t count)
{
    portable::addScaled(factor, from, into, count);
}

#endif

} // namespace gateway::meaning
