// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/snapshot.h"

namespace ui {

/// Adds budgets of all sorts, and one of the last key's own, with limits; and how they stand: one that lasts,
/// one that is nearly used up, one that is over.
void addBudgets(gateway::Config& config, gateway::ActivitySnapshot& activity);

} // namespace ui
