// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QByteArray>
#include <QString>
#include <QStringList>

#include "models/usage_model.h"

namespace ui {

enum class UsageUnit : std::uint8_t { Undecided, Dollars, Requests, Tokens };

struct UsageStack {
    QString name;
    QByteArray token; // its colour
    std::vector<double> values;
    bool hidden = false;
};

/// The bars of one chart of the page Usage: one per `start`, all in one unit.
struct UsageBars {
    UsageUnit unit = UsageUnit::Undecided;
    std::int64_t bucketMicros = 0;
    int utcOffsetSeconds = 0;         // that the bars were cut with, and are named in
    std::vector<std::int64_t> starts; // microseconds since 1970
    std::vector<UsageStack> stacks;

    /// Whether there is nothing to draw, hidden or not.
    [[nodiscard]] bool isEmpty() const;
    [[nodiscard]] double sumOf(const UsageStack& stack) const;
    /// The highest bar of what is not hidden.
    [[nodiscard]] double highest() const;
};

/// The eight that cost most, greatest first, and all others as one.
[[nodiscard]] UsageBars usageSpendBars(const UsageView& view);
[[nodiscard]] UsageBars usageRequestBars(const UsageView& view);
/// By kind. The kinds do not overlap: what was read from a cache is not counted as input again.
[[nodiscard]] UsageBars usageTokenBars(const UsageView& view);

/// How the values of an axis are written: divided by `unit`, between `prefix` and `suffix`.
struct UsageAxis {
    double top = 1; // in units
    double unit = 1;
    QString prefix, suffix;
};
[[nodiscard]] UsageAxis usageAxis(UsageUnit unit, double highest);

[[nodiscard]] QString valueText(UsageUnit unit, double value);
/// "14:00" or "Nov 24", for below the bar; empty where only its neighbours have a name.
[[nodiscard]] QStringList barNames(const UsageBars& bars);
/// The figures of a bar, a line each.
[[nodiscard]] QString barText(const UsageBars& bars, std::size_t bar, const QDateTime& now);
[[nodiscard]] QString barsCsv(const UsageBars& bars);

} // namespace ui
