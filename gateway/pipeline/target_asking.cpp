// SPDX-License-Identifier: GPL-3.0-or-later
// Spending that is paused, and budgets that ask the user for more.
#include <utility>

#include "pipeline/client_origin.h"
#include "pipeline/spend_ask.h"
#include "pipeline/spending.h"
#include "pipeline/target_exchange.h"

namespace gateway::pipeline {

TargetExchange::Failure TargetExchange::pausedFor(const routing::Target& target,
                                                  const ProviderRuntime& provider) const
{
    if (!m_runtime->config->pauseSpending || !isPaidFor()) return std::nullopt;
    // Of what nobody knows the price it is not known that it costs nothing.
    if (isFree(provider, m_runtime->factsOf(provider.config.id.text, target.model))) return std::nullopt;
    Error refused = spendingPaused();
    refused.retry = Retry::NextTarget;
    return refused;
}

net::Task<TargetExchange::Failure> TargetExchange::reserveOrAsk(const routing::Target& target,
                                                                const ProviderRuntime& provider,
                                                                accounting::BudgetHold& hold)
{
    const accounting::BudgetTable* budgets = m_runtime->budgets.get();
    if (!budgets || !budgets->holdsFor(m_row.key) || !isPaidFor()) co_return std::nullopt;
    const SpendAsk::Reserve reserve = [&](const accounting::BudgetRule*& full) {
        return reserveFor(target, provider, hold, full);
    };
    const SpendAsk::Ask ask = [this](SpendAsking asking) { return askUser(std::move(asking)); };
    co_return co_await m_ask.reserve(*m_runtime->config, target.provider.text + "/" + target.model, reserve,
                                     ask);
}

net::Task<SpendWord> TargetExchange::askUser(SpendAsking asking)
{
    if (m_apart || m_forGuardrail) co_return SpendWord::Refused;
    noteOrigin(m_origin, m_row); // may have become known since
    const ExchangeWaits own = waits();
    AwayTime::Wait wait(m_away);
    const SpendWord word = co_await waitForWord(own, std::move(asking), m_row, m_totalEnd);
    wait.end();
    co_return word;
}

} // namespace gateway::pipeline
