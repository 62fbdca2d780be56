// SPDX-License-Identifier: GPL-3.0-or-later
// What budgets and limits take of one request, with 1,000 keys that each have both and 200 budgets besides:
// going through the key's gate, setting the cost aside, settling it, and leaving. Median and 99th percentile
// in microseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "access/rate_gate.h"
#include "accounting/budget_table.h"
#include "base/wall_clock.h"

using namespace gateway;

namespace {

constexpr int kKeys = 1000;
constexpr int kBudgets = 200;
constexpr int kRounds = 200'000;

Config config()
{
    Config made;
    for (int i = 0; i < kKeys; ++i) {
        VirtualKeyConfig& key = made.keys.emplace_back();
        key.id = VirtualKeyId("key-" + std::to_string(i));
        key.budget = KeyBudget{"1000000", BudgetPeriod::Day};
    }
    for (int i = 0; i < kBudgets; ++i) {
        BudgetConfig& budget = made.budgets.emplace_back();
        budget.id = BudgetId("budget-" + std::to_string(i));
        budget.usd = "1000000";
        budget.per = i % 2 == 0 ? BudgetPeriod::Month : BudgetPeriod::RollingDay;
        // A hundred for all keys of one kind or another, the rest for keys of their own.
        if (i % 2 == 0)
            budget.scope.model = "model-" + std::to_string(i % 20) + "*";
        else
            budget.scope.key = "key-" + std::to_string(i);
    }
    return made;
}

double at(std::vector<double>& sorted, double part)
{
    return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

} // namespace

int main()
{
    accounting::BudgetAccounts accounts;
    access::RateGates gates;
    const accounting::BudgetTable table(config(), accounts);
    RateLimits limits;
    limits.rpm = 1'000'000'000;
    limits.tpm = 1'000'000'000'000;
    std::vector<std::string> names;
    std::vector<std::shared_ptr<access::RateGate>> ofKeys;
    for (int i = 0; i < kKeys; ++i) {
        names.push_back("key-" + std::to_string(i));
        ofKeys.push_back(gates.of(names.back()));
    }
    std::vector<double> times;
    times.reserve(kRounds);
    for (int i = 0; i < kRounds; ++i) {
        const auto key = static_cast<std::size_t>(i * 7919 % kKeys);
        const auto start = std::chrono::steady_clock::now();
        const std::int64_t entered = access::steadyMicros();
        if (ofKeys[key]->enter(limits, 1000, entered)) return 1;
        access::RatePass pass(ofKeys[key], 1000, entered);
        const accounting::Spender spender{names[key], "bench/1.0", "smart", "lab", "model-4-large", {}};
        accounting::BudgetHold hold;
        if (table.reserve(spender, Money::fromNanos(1000), nowMicros(), {}, hold)) return 1;
        table.charge(spender, 400, nowMicros());
        hold.release();
        pass.leave(300);
        const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
        times.push_back(took.count());
    }
    std::sort(times.begin(), times.end());
    std::printf("budgets and limits of a request: %.2f us, 99%%: %.2f us\n", at(times, 0.5), at(times, 0.99));
    return 0;
}
