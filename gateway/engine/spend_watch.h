// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/snapshot.h"

#include "accounting/budget_table.h"
#include "log_store/spent_rows.h"

namespace gateway::engine {

/// Tells budgets that are new, or whose time the clock went back to, what the log says was spent before; and
/// tells the owner how they all stand. Owner's thread.
class SpendWatch {
public:
    struct Telling {
        std::string text;
        bool isUsedUp = false; // calls are refused
        int percent = 0;
        std::int64_t since = 0;
        bool isFirst = false;
    };

    struct Means {
        /// Asks the log; the answer comes on the owner's thread.
        std::function<void(std::int64_t sinceMicros, std::function<void(log_store::SpentReply)> done)> ask;
        std::function<void()> changed; // budgets know more than before
        /// A budget has passed a part of it that is to be told, or the first call since was refused as all
        /// of it is spent. `since`: of its present time, 0 where that has no begin. `isFirst`: the first
        /// time in this run, so that it may have been told by one before.
        std::function<void(const accounting::BudgetRule& rule, const Telling& telling)> tell;
    };

    explicit SpendWatch(Means means) : m_means(std::move(means)) {}

    /// The budgets in force from now on, and whether anybody asks for the day's spending.
    void follow(std::shared_ptr<const accounting::BudgetTable> table, bool today);
    /// Asks for those that have to know.
    void look(std::int64_t nowMicros);
    /// The log says otherwise than before: what budgets know of it is asked for again.
    void askAnew(std::int64_t nowMicros);
    /// An answer is still to come: what is spent may be more than budgets know.
    [[nodiscard]] bool waits() const { return m_asked > 0; }
    /// The log does not answer: what budgets hold for is refused until it does.
    void giveUp();
    [[nodiscard]] const std::shared_ptr<const accounting::BudgetTable>& table() const { return m_table; }
    [[nodiscard]] std::vector<BudgetState> states(std::int64_t nowMicros) const;
    /// The budget of that name, or the key's own; null: there is none.
    [[nodiscard]] const accounting::BudgetRule* find(const std::string& name, bool ofKey) const;
    /// Tells of each budget that passed one of its marks since it was looked at, once in its time.
    void tellMarks(std::int64_t nowMicros);

private:
    /// An account that waits for the log, with what has to hold of its rows; null: all count.
    struct Wanting {
        std::shared_ptr<accounting::BudgetAccount> account;
        std::shared_ptr<const accounting::BudgetTable> table; // that the rule lives in
        const accounting::BudgetRule* rule = nullptr;
        accounting::LogAsking asking;
    };
    void complete(const std::vector<Wanting>& wanting, const log_store::SpentReply& reply);
    static void restore(const accounting::BudgetRule& rule,
                        const std::vector<log_store::AllowanceRow>& allowances);

    const Means m_means;
    std::shared_ptr<const accounting::BudgetTable> m_table;
    /// What was told last of a budget: the percent, and of which time.
    struct Told {
        int percent = 0;
        std::int64_t since = 0;
        std::uint64_t refusals = 0; // as counted then
        bool isUsedUp = false;
        bool isSeen = false;
        bool wasUsedUp = false; // at some time of this run
    };
    void tellMarks(const accounting::BudgetRule& rule, const accounting::BudgetAccount::State& state,
                   Told& told);
    std::unordered_map<const accounting::BudgetAccount*, Told> m_told; // accounts are kept for good
    bool m_today = false;
    std::int64_t m_failedAt = 0; // the log could not tell then
    int m_asked = 0;
};

} // namespace gateway::engine
