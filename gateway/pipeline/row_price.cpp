// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/row_price.h"

#include "pipeline/ledger.h"

namespace gateway::pipeline {

bool priceAnew(const Runtime& runtime, const std::string& day, LogRow& row)
{
    Usage usage = usageOf(row);
    if (!usage.known && usage.images + usage.milliseconds + usage.characters + usage.requests <= 0)
        return false;
    // The log does not tell whether its counts are the provider's.
    usage.estimated = true;
    const ProviderRuntime* const provider = runtime.findProvider(row.provider);
    if (!provider) return true;
    const bool isBatch = usage.service == ServiceTier::Batch; // its row is a sum
    const Cost cost = isBatch ? runtime.batchCostOf(usage, *provider, row.model, true)
                              : runtime.costOf(usage, *provider, row.model);
    if (cost.source == CostSource::Unknown) return true;
    row.costNanos = cost.amount.nanos();
    row.costSource = sourceName(cost.source);
    row.priceVersion = "recalculated " + day;
    return true;
}

} // namespace gateway::pipeline
