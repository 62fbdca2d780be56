// SPDX-License-Identifier: GPL-3.0-or-later
#include "accounting/budget_table.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "gateway/config_io.h"

#include "base/glob.h"

namespace gateway::accounting {

namespace {

constexpr int kKeyWarning = 80; // percent of a key's own budget

bool matches(const std::string& wanted, std::string_view name)
{
    return wanted.empty() || globMatches(wanted, name);
}

std::string periodText(BudgetPeriod per)
{
    switch (per) {
    case BudgetPeriod::Hour:
        return " an hour";
    case BudgetPeriod::Day:
        return " a day";
    case BudgetPeriod::Week:
        return " a week";
    case BudgetPeriod::Month:
        return " a month";
    case BudgetPeriod::RollingDay:
        return " in 24 hours";
    default:
        return " in all";
    }
}

/// By its path, or by the last name of that. What is in no repository is in none that a pattern names.
bool matchesRepository(const std::string& wanted, std::string_view repository)
{
    if (wanted.empty()) return true;
    if (repository.empty()) return false;
    return globMatches(wanted, repository) ||
           globMatches(wanted, repository.substr(repository.rfind('/') + 1));
}

/// As people of this machine write it: "2026-11-27 00:00".
std::string localTimeText(std::int64_t micros)
{
    const auto seconds = static_cast<std::time_t>(micros / 1'000'000);
    std::tm local{};
    localtime_r(&seconds, &local);
    std::array<char, 32> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &local);
    return {text.data(), size};
}

} // namespace

bool BudgetRule::holdsFor(const Spender& spender) const
{
    const bool tagged = scope.tag.empty() ||
                        std::any_of(spender.tags.begin(), spender.tags.end(),
                                    [this](const std::string& tag) { return globMatches(scope.tag, tag); });
    return tagged && matches(scope.provider, spender.provider) && matches(scope.model, spender.model) &&
           matches(scope.route, spender.route) && matches(scope.client, spender.client) &&
           matches(scope.key, spender.key) && matchesRepository(scope.repository, spender.repository);
}

std::shared_ptr<BudgetAccount> BudgetAccounts::of(const std::string& name, bool ofKey, BudgetPeriod per,
                                                  const BudgetScope& scope)
{
    std::string id = (ofKey ? "key\n" : "budget\n") + name + '\n' + std::string(budgetPeriodName(per));
    for (const std::string* part : {&scope.provider, &scope.model, &scope.route, &scope.key, &scope.tag,
                                    &scope.client, &scope.repository})
        id += '\n' + *part;
    Row& row = m_accounts[id];
    if (!row.account) row.account = std::make_shared<BudgetAccount>(per);
    row.inForce = true;
    return row.account;
}

void BudgetAccounts::begin()
{
    for (auto& each : m_accounts)
        each.second.inForce = false;
}

void BudgetAccounts::end()
{
    for (const auto& each : m_accounts) {
        if (!each.second.inForce) each.second.account->leave();
    }
}

BudgetTable::BudgetTable(const Config& config, BudgetAccounts& accounts)
    : m_today(accounts.of({}, false, BudgetPeriod::Day, {}))
{
    for (const BudgetConfig& budget : config.budgets) {
        if (!budget.usd) continue;
        m_rules.push_back({budget.id.text, false, Money::parse(*budget.usd).value_or(Money()), budget.per,
                           budget.scope, budget.atLimit, budget.route, budget.warnAt,
                           accounts.of(budget.id.text, false, budget.per, budget.scope)});
    }
    for (const VirtualKeyConfig& key : config.keys) {
        if (!key.budget || !key.budget->usd) continue;
        BudgetScope scope;
        scope.key = key.id.text;
        m_rules.push_back({key.id.text,
                           true,
                           Money::parse(*key.budget->usd).value_or(Money()),
                           key.budget->per,
                           scope,
                           AtLimit::Block,
                           {},
                           {kKeyWarning},
                           accounts.of(key.id.text, true, key.budget->per, scope)});
    }
    for (const BudgetRule& rule : m_rules)
        rule.account->setAmount(rule.limit.nanos());
    m_ofNobody = placesFor({});
    m_names.reserve(config.keys.size()); // so that the names stay where they are
    for (const VirtualKeyConfig& key : config.keys) {
        const std::string& name = m_names.emplace_back(key.id.text);
        m_ofKeys.emplace(name, placesFor(name));
    }
}

BudgetTable::Places BudgetTable::placesFor(std::string_view key) const
{
    Places places;
    for (std::size_t i = 0; i < m_rules.size(); ++i) {
        if (matches(m_rules[i].scope.key, key)) places.push_back(static_cast<std::uint32_t>(i));
    }
    return places;
}

const BudgetTable::Places& BudgetTable::rulesOf(std::string_view key) const
{
    const auto found = m_ofKeys.find(key);
    return found == m_ofKeys.end() ? m_ofNobody : found->second;
}

bool BudgetTable::asksRepository(std::string_view key) const
{
    const Places& places = rulesOf(key);
    return std::any_of(places.begin(), places.end(),
                       [this](std::uint32_t place) { return !m_rules[place].scope.repository.empty(); });
}

const BudgetRule* BudgetTable::reserve(const Spender& spender, Money most, std::int64_t now,
                                       std::span<const std::string> sentTo, BudgetHold& hold) const
{
    hold.release();
    for (const std::uint32_t place : rulesOf(spender.key)) {
        const BudgetRule& rule = m_rules[place];
        if (rule.atLimit == AtLimit::Warn || !rule.holdsFor(spender)) continue;
        if (std::find(sentTo.begin(), sentTo.end(), rule.route.text) != sentTo.end()) continue;
        if (!rule.account->reserve(rule.limit.nanos(), most.nanos(), now)) {
            hold.release();
            return &rule;
        }
        hold.m_held.emplace_back(rule.account, most.nanos());
    }
    return nullptr;
}

BudgetTable::Standing BudgetTable::standing(const Spender& spender, std::int64_t now) const
{
    Standing standing;
    for (const std::uint32_t place : rulesOf(spender.key)) {
        const BudgetRule& rule = m_rules[place];
        if (rule.atLimit == AtLimit::Warn || !rule.holdsFor(spender)) continue;
        standing.isHeld = true;
        if (!standing.spent && rule.account->isSpent(rule.limit.nanos(), now)) standing.spent = &rule;
    }
    return standing;
}

void BudgetTable::charge(const Spender& spender, std::int64_t nanos, std::int64_t now) const
{
    if (nanos <= 0) return;
    m_today->charge(nanos, now);
    for (const std::uint32_t place : rulesOf(spender.key)) {
        if (m_rules[place].holdsFor(spender)) m_rules[place].account->charge(nanos, now);
    }
}

std::optional<Money> BudgetTable::left(const Spender& spender, std::int64_t now) const
{
    std::optional<Money> least;
    for (const std::uint32_t place : rulesOf(spender.key)) {
        const BudgetRule& rule = m_rules[place];
        if (!rule.holdsFor(spender)) continue;
        const BudgetAccount::State state = rule.account->state(now);
        const Money left = Money::fromNanos(
            std::max<std::int64_t>(0, rule.limit.nanos() + state.allowed - state.spent - state.reserved));
        if (!least || left < *least) least = left;
    }
    return least;
}

std::string refusalText(const BudgetRule& rule, std::int64_t now)
{
    const BudgetAccount::State state = rule.account->state(now);
    std::string text = rule.ofKey ? "The budget of the key `" : "The budget `";
    text += rule.name + "` of $" + rule.limit.toString() + periodText(rule.per);
    if (state.allowed > 0)
        text += ", with $" + Money::fromNanos(state.allowed).toString() + " allowed beyond it,";
    text += state.spent >= rule.limit.nanos() + state.allowed ? " is used up: $"
                                                              : " has too little left for this: $";
    text += Money::fromNanos(state.spent).toString() + " are spent";
    if (state.reserved > 0)
        text += " and $" + Money::fromNanos(state.reserved).toString() + " set aside for calls under way";
    text += '.';
    if (rule.per != BudgetPeriod::Total)
        text += (rule.per == BudgetPeriod::RollingDay ? " There is more at " : " It begins anew at ") +
                localTimeText(state.renews) + '.';
    return text + " Raise it under Keys & budgets, or in the configuration.";
}

} // namespace gateway::accounting
