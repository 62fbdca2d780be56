// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

#include "meaning/model_file.h"

namespace gateway::meaning {

/// Multiplies `count` rows of `matrix.rows` numbers, one behind the other, into rows of `matrix.columns`.
void multiply(const Matrix& matrix, const float* rows, std::size_t count, float* into);

/// Adds `factor` times `from` to `into`.
void addScaled(float factor, const float* from, float* into, std::size_t count);

/// Whether this processor has what the fast ways need.
[[nodiscard]] bool hasFastKernels();

namespace portable {
// The same on any processor, for tests to compare with.
void multiply(const Matrix& matrix, const float* rows, std::size_t count, float* into);
void addScaled(float factor, const float* from, float* into, std::size_t count);
} // namespace portable

} // namespace gateway::meaning
