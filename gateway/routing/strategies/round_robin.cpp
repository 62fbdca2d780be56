// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "routing/strategy.h"

namespace gateway::routing {

namespace {

/// Each target is first in turn; the fallbacks go on from there, around the list. Weights mean nothing here.
class RoundRobin : public Strategy {
public:
    [[nodiscard]] std::string_view id() const override { return "round_robin"; }
    [[nodiscard]] Ranking rank(const Choice& choice) const override
    {
        Ranking ranking{listed(choice.targets.size()), {}, {}};
        if (ranking.order.empty()) return ranking;
        const auto first = static_cast<std::ptrdiff_t>(choice.turn % ranking.order.size());
        std::rotate(ranking.order.begin(), ranking.order.begin() + first, ranking.order.end());
        return ranking;
    }
};

} // namespace

const Strategy& roundRobin()
{
    static const RoundRobin strategy;
    return strategy;
}

} // namespace gateway::routing
