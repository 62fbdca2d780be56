// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>

namespace gateway {

/// Microseconds since 1970.
[[nodiscard]] inline std::int64_t nowMicros()
{
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// Seconds since 1970.
[[nodiscard]] inline std::int64_t nowSeconds()
{
    return nowMicros() / 1'000'000;
}

} // namespace gateway
