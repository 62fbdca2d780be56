// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gateway/config.h"

#include "accounting/budget_account.h"
#include "base/money.h"

namespace gateway::accounting {

/// Who spends, and where. Empty: nobody knows, or nobody is asked yet.
struct Spender {
    std::string_view key, client, route, provider, model;
    std::span<const std::string> tags;
    std::string_view repository = {}; // empty: none, or not known yet
};

/// One budget as it is in force.
struct BudgetRule {
    std::string name; // of the budget; of a key's own: the key's
    bool ofKey = false;
    Money limit;
    BudgetPeriod per = BudgetPeriod::Undecided;
    BudgetScope scope;
    AtLimit atLimit = AtLimit::Block;
    RouteId route;
    std::vector<int> warnAt; // percent
    std::shared_ptr<BudgetAccount> account;

    [[nodiscard]] bool holdsFor(const Spender& spender) const;
};

/// Accounts of all budgets that there are or were, so that a change of the configuration forgets nothing.
/// Owner's thread.
class BudgetAccounts {
public:
    /// Between them the budgets in force are asked for. Others miss what is spent from then on: when they
    /// come back, the log has to tell.
    void begin();
    void end();
    /// The same account for the same name, scope and period, whatever the amount is.
    [[nodiscard]] std::shared_ptr<BudgetAccount> of(const std::string& name, bool ofKey, BudgetPeriod per,
                                                    const BudgetScope& scope);

private:
    struct Row {
        std::shared_ptr<BudgetAccount> account;
        bool inForce = false;
    };
    std::unordered_map<std::string, Row> m_accounts;
};

/// What a call may cost, put aside in every budget that it counts for; given back when this goes away, which
/// is after the call has been charged.
class BudgetHold {
public:
    BudgetHold() = default;
    BudgetHold(const BudgetHold&) = delete;
    BudgetHold& operator=(const BudgetHold&) = delete;
    BudgetHold(BudgetHold&& other) noexcept : m_held(std::exchange(other.m_held, {})) {}
    BudgetHold& operator=(BudgetHold&&) = delete;
    ~BudgetHold() { release(); }

    [[nodiscard]] bool isEmpty() const { return m_held.empty(); }

    void release()
    {
        for (const auto& [account, nanos] : m_held)
            account->release(nanos);
        m_held.clear();
    }

private:
    friend class BudgetTable;
    std::vector<std::pair<std::shared_ptr<BudgetAccount>, std::int64_t>> m_held;
};

/// The budgets of one configuration. Immutable but for what their accounts count; any thread.
class BudgetTable {
public:
    BudgetTable(const Config& config, BudgetAccounts& accounts);

    [[nodiscard]] bool empty() const { return m_rules.empty(); }
    [[nodiscard]] const std::vector<BudgetRule>& rules() const { return m_rules; }
    /// All that is spent on a day, whoever spends it.
    [[nodiscard]] BudgetAccount& today() const { return *m_today; }
    [[nodiscard]] const std::shared_ptr<BudgetAccount>& todayKept() const { return m_today; }

    /// Whether any budget may hold for the calls of this key.
    [[nodiscard]] bool holdsFor(std::string_view key) const { return !rulesOf(key).empty(); }
    /// Whether any of these asks for the repository.
    [[nodiscard]] bool asksRepository(std::string_view key) const;
    /// Puts `most` aside in all budgets that hold for it, or in none. The one that has not enough left, where
    /// it is not only to warn. `sentTo`: routes that budgets have led to already, which are not asked again.
    [[nodiscard]] const BudgetRule* reserve(const Spender& spender, Money most, std::int64_t now,
                                            std::span<const std::string> sentTo, BudgetHold& hold) const;
    void charge(const Spender& spender, std::int64_t nanos, std::int64_t now) const;
    /// How the budgets stand that may refuse this spender's calls.
    struct Standing {
        bool isHeld = false; // there is one
        const BudgetRule* spent = nullptr;
    };
    [[nodiscard]] Standing standing(const Spender& spender, std::int64_t now) const;
    /// The least that any budget has left which this spender's calls count for; nothing where none does.
    [[nodiscard]] std::optional<Money> left(const Spender& spender, std::int64_t now) const;

private:
    using Places = std::vector<std::uint32_t>;

    [[nodiscard]] const Places& rulesOf(std::string_view key) const;
    [[nodiscard]] Places placesFor(std::string_view key) const;

    std::vector<BudgetRule> m_rules;
    std::shared_ptr<BudgetAccount> m_today;
    /// Which rules a key's calls may count for; looked up once a request, whatever the number of budgets.
    std::unordered_map<std::string_view, Places> m_ofKeys; // names within m_names
    std::vector<std::string> m_names;
    Places m_ofNobody; // where no key is required
};

/// For the client: which budget, what is spent of what, and when it begins anew.
[[nodiscard]] std::string refusalText(const BudgetRule& rule, std::int64_t now);

} // namespace gateway::accounting
