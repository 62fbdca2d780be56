// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace gateway::cache {

/// Rows are as long as a multiple of this, zeros at their end.
inline constexpr std::size_t kRowMultiple = 32;

/// The scalar products of `query` with `count` rows that lie one behind the other. Numbers are from -127 to
/// 127, `width` is a multiple of kRowMultiple and at most 65,536.
void multiplyRows(const std::int8_t* query, const std::int8_t* rows, std::size_t width, std::size_t count,
                  std::int32_t* into);

/// Whether this processor has what the fast way needs.
[[nodiscard]] bool hasFastRows();

namespace portable {
// The same on any processor, for tests to compare with.
void multiplyRows(const std::int8_t* query, const std::int8_t* rows, std::size_t width, std::size_t count,
                  std::int32_t* into);
} // namespace portable

} // namespace gateway::cache
