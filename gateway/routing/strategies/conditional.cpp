// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/strategy.h"

namespace gateway::routing {

namespace {

/// The first target whose `when` holds; one without a `when` always does. The fallbacks are the others that
/// hold, in the order of the list, and behind them those that do not. Scores: 0 holds, 1 does not.
class Conditional : public Strategy {
public:
    [[nodiscard]] std::string_view id() const override { return "conditional"; }
    [[nodiscard]] Ranking rank(const Choice& choice) const override
    {
        std::vector<double> scores;
        scores.reserve(choice.targets.size());
        for (const TargetView& target : choice.targets)
            scores.push_back(!target.when || target.when->holds(choice.fields) ? 0 : 1);
        return byScore(std::move(scores), listed(choice.targets.size()));
    }
};

} // namespace

const Strategy& conditional()
{
    static const Conditional strategy;
    return strategy;
}

} // namespace gateway::routing
