// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "access/rate_gate.h"
#include "accounting/budget_table.h"
#include "pipeline/runtime.h"

namespace gateway::pipeline {

/// What budgets and rate limits have counted, kept over changes of the configuration. Owner's thread, which
/// gives each runtime its share.
struct SpendKeeper {
    accounting::BudgetAccounts accounts;
    access::RateGates gates;
};

/// Puts the cost of each row down to the budgets that it counts for, on its way into the log: what the log
/// has and what budgets know never differ. IO thread only.
class ChargedRows final : public RowSink {
public:
    ChargedRows(RowSink& rows, const std::shared_ptr<const Runtime>& runtime, ChargedOnce& once)
        : m_rows(rows), m_runtime(runtime), m_once(once)
    {
    }

    using RowSink::record;
    void record(std::span<const LogRow> rows) override;
    void lose(std::uint64_t rows) override { m_rows.lose(rows); }
    [[nodiscard]] std::uint64_t lostRows() const override { return m_rows.lostRows(); }
    [[nodiscard]] bool takesRows() const override { return m_rows.takesRows(); }

private:
    void chargeShares(const LogRow& row) const;

    RowSink& m_rows;
    const std::shared_ptr<const Runtime>& m_runtime; // that of the thread, whichever it is by then
    ChargedOnce& m_once;
};

[[nodiscard]] accounting::Spender spenderOf(const LogRow& row);
/// For the client, of what costs something or may.
[[nodiscard]] Error spendingPaused();
/// For the client, of a budget that cannot take its call.
[[nodiscard]] Error refusalBy(const accounting::BudgetRule& rule, std::int64_t nowMicros);
/// What a request costs by the prices that it told itself: the client knows its contract with the provider
/// better than any list, and than a list price told. But nobody talks a budget out of what is spent, so there
/// the higher one counts.
[[nodiscard]] Cost costAsTold(const PriceList& told, const Usage& usage, const Cost& own,
                              const Runtime& runtime, std::string_view key);
/// Whether what that target answers is known to cost nothing.
[[nodiscard]] bool isFree(const ProviderRuntime& provider, const TargetFacts& facts);

/// What a call may cost at most. `sentTo`: routes that budgets have led to already.
struct SpendWish {
    accounting::Spender spender;
    Money most = {};
    std::span<const std::string> sentTo = {};
};
/// Puts it aside, or says for the client why it cannot be; `full` is the budget that has too little left
/// then.
[[nodiscard]] std::optional<Error> reserveSpend(const accounting::BudgetTable& budgets, const SpendWish& wish,
                                                const RowSink& rows, accounting::BudgetHold& hold,
                                                const accounting::BudgetRule*& full);
/// Why a connection that is paid for answer by answer must not be opened.
[[nodiscard]] std::optional<Error> spentProblem(const Runtime& runtime, const accounting::Spender& spender,
                                                const RowSink& rows, const accounting::BudgetRule*& full);
/// Why an open one must not go on: what others have set aside may be given back and is no reason.
[[nodiscard]] std::optional<Error> goneOnProblem(const Runtime& runtime, const accounting::Spender& spender,
                                                 const RowSink& rows);

} // namespace gateway::pipeline
