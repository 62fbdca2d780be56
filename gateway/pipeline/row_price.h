// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "gateway/snapshot.h"

#include "pipeline/runtime.h"

namespace gateway::pipeline {

/// Prices a row of the log whose cost is not known by the prices of `runtime`; its price version becomes
/// "recalculated DAY", and what it costs an estimate. False: it used nothing that could have a price. The row
/// stays as it is where it still has none.
[[nodiscard]] bool priceAnew(const Runtime& runtime, const std::string& day, LogRow& row);

} // namespace gateway::pipeline
