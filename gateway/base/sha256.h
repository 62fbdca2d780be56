// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

using Sha256 = std::array<std::uint8_t, 32>;

/// Does not allocate. Any thread.
Sha256 sha256(std::string_view bytes);
/// RFC 2104 with SHA-256.
Sha256 hmacSha256(std::string_view key, std::string_view bytes);
/// Takes the same time whatever the difference.
bool equalsInConstantTime(const Sha256& left, const Sha256& right);
/// 64 lower-case hex digits.
std::string hexText(const Sha256& digest);
/// Reads 64 hex digits of either case.
std::optional<Sha256> parseSha256(std::string_view hex);

} // namespace gateway
