// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "accounting/budget_table.h"
#include "net/task.h"
#include "pipeline/exchange_waits.h"
#include "pipeline/spend_desk.h"

namespace gateway::pipeline {

/// Puts a question to the user in the name of `asker`, and waits for the word; until then at most. Undecided:
/// the exchange was over before.
net::Task<SpendWord> waitForWord(const ExchangeWaits& waits, SpendAsking asking, const LogRow& asker,
                                 net::Clock::time_point until);

/// Asks the user for more where a budget has too little left for a call and says so (`at_limit` `ask`). One
/// for each exchange, as a no holds for all that it tries. IO thread only.
class SpendAsk {
public:
    /// Puts a call's cost aside, or says why it cannot be; `full` is the budget that has too little left
    /// then.
    using Reserve = std::function<std::optional<Error>(const accounting::BudgetRule*& full)>;
    using Ask = std::function<net::Task<SpendWord>(SpendAsking)>;

    /// Reserves, once more after each yes. `model`: which call that is, for the user. The functions and the
    /// configuration outlive this.
    net::Task<std::optional<Error>> reserve(const Config& config, std::string model, const Reserve& reserve,
                                            const Ask& ask);

private:
    const accounting::BudgetRule* m_inVain = nullptr; // the runtime's
};

} // namespace gateway::pipeline
