// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/row_price.h"

#include "pipeline/ledger.h"

namespace gateway::pipeline {

bool priceAnew(const Runtime& runtime, const std::string& day, LogRow& row)
{
    Usage usage = usageOf(row);
    if (!usage.known && usage.images + usage.milliseconds + usage.characters + usage.requests <= 0)
        return false;
    // What came of an answer that broke off was counted by its length.
    usage.estimated = !row.errorCode.empty();
    const ProviderRuntime* const provider = runtime.findProvider(row.provider);
    if (!provider) return true;
    const Cost cost = runtime.costOf(usage, *provider, row.model);
    if (cost.source == CostSource::Unknown) return true;
    row.costNanos = cost.amount.nanos();
    row.costSource = sourceName(cost.source);
    row.priceVersion = "recalculated " + day;
    return true;
}

} // namespace gateway::pipeline
