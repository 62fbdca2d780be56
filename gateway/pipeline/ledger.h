// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/snapshot.h"

#include "exchange/usage.h"

namespace gateway::pipeline {

/// What was used, what it cost, and how that is known; a cost that is not known is none.
void noteUse(LogRow& row, const Usage& usage, const Cost& cost);
/// The same counts back, of a row that has no cost.
[[nodiscard]] Usage usageOf(const LogRow& row);
[[nodiscard]] const char* sourceName(CostSource source);
/// Adds the counts of another part of the same answer.
void addUse(LogRow& row, const Usage& usage);
/// The same counts as those of another row, and who served them.
void copyUse(const LogRow& from, LogRow& into);

} // namespace gateway::pipeline
