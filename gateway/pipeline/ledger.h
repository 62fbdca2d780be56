// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/snapshot.h"

#include "exchange/usage.h"

namespace gateway::pipeline {

/// What was used, what it cost, and how that is known; a cost that is not known is none.
void noteUse(LogRow& row, const Usage& usage, const Cost& cost);

} // namespace gateway::pipeline
