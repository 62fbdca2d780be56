// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "gateway/snapshot.h"

namespace ui {

/// Adds budgets of all sorts, and one of the last key's own, with limits; and how they stand: one that lasts,
/// one that is nearly used up, one that is over.
void addBudgets(gateway::Config& config, gateway::ActivitySnapshot& activity);

/// Alerts of all kinds, the last ones of today. `history` is in the order of time.
void addAlerts(std::vector<gateway::Alert>& history, gateway::ActivitySnapshot& activity);
/// A request of cursor's that waits as the budget opus is used up.
[[nodiscard]] gateway::SpendQuestion madeUpQuestion();

} // namespace ui
