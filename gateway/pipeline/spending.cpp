// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/spending.h"

#include "accounting/cost.h"
#include "base/wall_clock.h"
#include "exchange/cost_shares.h"

namespace gateway::pipeline {

accounting::Spender spenderOf(const LogRow& row)
{
    return {row.key, row.client, row.route, row.provider, row.model, row.tags, row.repository};
}

Error spendingPaused()
{
    Error error =
        gatewayError(Code::GatewayPaused,
                     "All spending is paused: what costs money, or may, is refused. End that in the "
                     "window or its tray menu, with `turnpiked spending resume`, or by \"pause_spending\": "
                     "false in the configuration.");
    error.final = true;
    return error;
}

Error refusalBy(const accounting::BudgetRule& rule, std::int64_t nowMicros)
{
    if (!rule.account->isUnknown())
        return gatewayError(Code::BudgetExceeded, accounting::refusalText(rule, nowMicros));
    return gatewayError(Code::LedgerUnavailable,
                        "What was spent before cannot be read, and there is the budget `" + rule.name +
                            "` to keep. `turnpiked doctor` says what is wrong with the log.");
}

Cost costAsTold(const PriceList& told, const Usage& usage, const Cost& own, const Runtime& runtime,
                std::string_view key)
{
    Usage counted = usage;
    counted.reportedCost.reset();
    Cost cost = accounting::computeCost(counted, told);
    cost.prices = "told by the client";
    const bool isHeld = runtime.budgets && runtime.budgets->holdsFor(key);
    return isHeld && own.source != CostSource::Unknown && own.amount > cost.amount ? own : cost;
}

bool isFree(const ProviderRuntime& provider, const TargetFacts& facts)
{
    if (provider.kind->inProcess()) return true;
    if (provider.config.local && !facts.prices.own) return true;
    Usage much;
    much.known = true;
    much.inputTokens = much.outputTokens = 1'000'000;
    const Cost cost = Runtime::costOf(much, facts);
    return cost.source != CostSource::Unknown && cost.amount.nanos() == 0;
}

namespace {

Error ledgerUnavailable()
{
    return gatewayError(Code::LedgerUnavailable,
                        "What is spent cannot be written down at present, and there is a budget to "
                        "keep. Free some disk space where Turnpike keeps its data.");
}

/// Whether budgets or a pause could have a say.
bool mayRefuse(const Runtime& runtime, const accounting::Spender& spender)
{
    const bool isHeld = runtime.budgets && runtime.budgets->holdsFor(spender.key);
    if (!isHeld && !runtime.config->pauseSpending) return false;
    const TargetFacts facts = runtime.factsOf(spender.provider, spender.model);
    return !facts.provider || !isFree(*facts.provider, facts);
}

} // namespace

std::optional<Error> reserveSpend(const accounting::BudgetTable& budgets, const SpendWish& wish,
                                  const RowSink& rows, accounting::BudgetHold& hold,
                                  const accounting::BudgetRule*& full)
{
    const std::int64_t now = nowMicros();
    full = budgets.reserve(wish.spender, wish.most, now, wish.sentTo, hold);
    if (full) return refusalBy(*full, now);
    if (hold.isEmpty() || rows.takesRows()) return std::nullopt;
    hold.release();
    return ledgerUnavailable();
}

std::optional<Error> spentProblem(const Runtime& runtime, const accounting::Spender& spender,
                                  const RowSink& rows, const accounting::BudgetRule*& full)
{
    if (!mayRefuse(runtime, spender)) return std::nullopt;
    if (runtime.config->pauseSpending) return spendingPaused();
    accounting::BudgetHold hold;
    const SpendWish wish{spender};
    return reserveSpend(*runtime.budgets, wish, rows, hold, full);
}

std::optional<Error> goneOnProblem(const Runtime& runtime, const accounting::Spender& spender,
                                   const RowSink& rows)
{
    if (!mayRefuse(runtime, spender)) return std::nullopt;
    if (runtime.config->pauseSpending) return spendingPaused();
    const std::int64_t now = nowMicros();
    const accounting::BudgetTable::Standing standing = runtime.budgets->standing(spender, now);
    if (standing.spent) return refusalBy(*standing.spent, now);
    if (standing.isHeld && !rows.takesRows()) return ledgerUnavailable();
    return std::nullopt;
}

/// Each target that was paid for a part counts for the budgets of its own provider and model.
void ChargedRows::chargeShares(const LogRow& row) const
{
    const std::int64_t now = nowMicros();
    accounting::Spender spender = spenderOf(row);
    forEachCostShare(row, [&](const std::string& provider, const std::string& model, std::int64_t nanos) {
        spender.provider = provider;
        spender.model = model;
        m_runtime->budgets->charge(spender, nanos, now);
    });
}

void ChargedRows::record(std::span<const LogRow> rows)
{
    if (m_runtime && m_runtime->budgets) {
        for (const LogRow& row : rows) {
            if (row.costNanos <= 0 || (!row.once.empty() && !m_once.isFirst(row.once))) continue;
            chargeShares(row);
        }
    }
    m_rows.record(rows);
}

} // namespace gateway::pipeline
