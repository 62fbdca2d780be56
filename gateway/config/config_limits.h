// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace gateway::config {

inline constexpr std::size_t kMaxFileBytes = std::size_t{1024} * 1024;
/// Low enough that walking a tree by recursion is safe on any thread's stack.
inline constexpr std::size_t kMaxDepth = 32;

} // namespace gateway::config
