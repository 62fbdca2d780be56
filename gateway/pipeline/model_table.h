// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "gateway/snapshot.h"

#include "pipeline/runtime.h"

namespace gateway::pipeline {

/// What is known of every model of every provider but those in the process. Any thread that holds `runtime`;
/// takes milliseconds with thousands of models.
[[nodiscard]] ModelTable modelTable(const Runtime& runtime);

/// Marks the changes of which the configuration says its own.
void markOverridden(const Runtime& runtime, std::vector<CatalogChange>& changes);

} // namespace gateway::pipeline
