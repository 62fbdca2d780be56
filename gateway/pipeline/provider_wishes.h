// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/result.h"

#include "base/json_scan.h"
#include "pipeline/request_notes.h"
#include "routing/plan.h"

namespace gateway::pipeline {

/// What a body's `provider` object asks for (openrouter.ai/docs/features/provider-routing).
struct ProviderWishes {
    routing::Preferences preferences;
    DataRules data;
};

/// A body without such an object has no wishes. Error (400): a member of the wrong type.
[[nodiscard]] Result<ProviderWishes> readProviderWishes(const JsonDocument& body);

/// Both hold from then on. A body's wishes know no regions.
inline void addRules(DataRules& rules, const DataRules& more)
{
    rules.noTraining = rules.noTraining || more.noTraining;
    rules.zeroRetention = rules.zeroRetention || more.zeroRetention;
}

} // namespace gateway::pipeline
