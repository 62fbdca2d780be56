// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

struct IsoTime {
    std::int64_t micros = 0; // since 1970 UTC; of a bare date, its first moment
    bool dateOnly = false;
};

/// ISO 8601 in the form of RFC 3339: "2026-12-31", "2026-12-31T18:00:00Z", "2026-12-31 18:00:00.5+01:00".
/// A time without an offset is UTC; seconds may be left out.
std::optional<IsoTime> parseIsoTime(std::string_view text);
/// "2026-12-31T18:00:00.123456Z".
std::string isoText(std::int64_t micros);

inline constexpr std::int64_t kMicrosPerSecond = 1'000'000;
inline constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

} // namespace gateway
