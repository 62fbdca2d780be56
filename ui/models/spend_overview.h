// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <QDateTime>
#include <QString>

#include "gateway/snapshot.h"

#include "models/budget_text.h"

namespace ui {

/// Today's spending and the budget that is nearest to its end, ready to show.
struct SpendOverview {
    QString today;      // "$1.84 today", "Today $1.84 of $10"
    QString name;       // of the nearest budget; empty: none, or nothing is known of any
    bool ofKey = false; // it is a key's own
    SpentCell cell;     // its bar; the note is its forecast
    [[nodiscard]] bool hasBudget() const { return !name.isEmpty(); }
    /// "everything: $84.20 of $200 a month", of a key "Key cursor: …".
    [[nodiscard]] QString budgetText() const;
};

/// The nearest budget is the one of which the greatest share is spent, those of keys among them. The day's
/// amount is that of a budget over everything that is for a day.
[[nodiscard]] SpendOverview spendOverview(const gateway::Config& config,
                                          const gateway::ActivitySnapshot& activity, std::int64_t todayNanos,
                                          const QDateTime& now);

} // namespace ui
