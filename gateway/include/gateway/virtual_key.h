// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "gateway/config.h"
#include "gateway/secrets.h"

namespace gateway {

/// What the configuration keeps of a key that was just made, beside its hash. Times are microseconds since
/// 1970.
void noteMade(VirtualKeyConfig& key, const Secret& secret, std::int64_t nowMicros);

/// The key made anew, with `secret` and its hash from now on; what it was before is good for `overlap` yet.
[[nodiscard]] VirtualKeyConfig rotated(VirtualKeyConfig key, const Secret& secret, const std::string& sha256,
                                       std::chrono::seconds overlap, std::int64_t nowMicros);

} // namespace gateway
