// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QString>

namespace ui {

/// A mark on a time axis: a round local time and its name, unlike every other name on the axis.
struct TimeTick {
    std::int64_t micros = 0; // since 1970 UTC
    QString label;
};

/// The round local times between two instants, at most `most` of them: full hours and their parts, or days.
[[nodiscard]] std::vector<TimeTick> timeTicks(std::int64_t sinceMicros, std::int64_t untilMicros, int most);

} // namespace ui
