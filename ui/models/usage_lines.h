// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <qnamespace.h>

#include "models/usage_model.h"

namespace ui {

/// A group of the page Usage beside what it was in the time before.
struct UsageLine {
    gateway::UsageRow now, before;
    bool knowsBefore = true; // It is not among what was not told apart then.
};

/// What the groups are sorted by: a column of UsageTableModel.
struct UsageOrder {
    int column = 0;
    Qt::SortOrder direction = Qt::DescendingOrder;
};

[[nodiscard]] std::vector<UsageLine> usageLines(const UsageView& view);
/// Lines that are equal keep their order. `by`: what they are grouped by.
[[nodiscard]] std::vector<UsageLine> sortedLines(std::vector<UsageLine> lines, const std::string& by,
                                                 const UsageOrder& order);

} // namespace ui
