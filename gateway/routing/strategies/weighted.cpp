// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "routing/strategy.h"

namespace gateway::routing {

namespace {

/// A draw by weight, without putting back: the first target is drawn from all, the first fallback from the
/// rest, and so on. Weight 0: only when nothing else is left, in the order of the list.
class Weighted : public Strategy {
public:
    [[nodiscard]] std::string_view id() const override { return "weighted"; }
    [[nodiscard]] Ranking rank(const Choice& choice) const override
    {
        Ranking ranking{listed(choice.targets.size()), {}, {}};
        auto& order = ranking.order;
        double left = 0;
        for (const TargetView& target : choice.targets)
            left += target.weight;
        std::stable_partition(order.begin(), order.end(),
                              [&](std::size_t place) { return choice.targets[place].weight > 0; });
        for (std::size_t place = 0; place < order.size() && left >= 1; ++place) {
            const double draw = drawn(choice.random);
            if (!ranking.draw) ranking.draw = draw;
            double mark = draw * left;
            std::size_t chosen = place;
            while (chosen + 1 < order.size() && mark >= choice.targets[order[chosen]].weight)
                mark -= choice.targets[order[chosen++]].weight;
            left -= choice.targets[order[chosen]].weight;
            std::rotate(order.begin() + static_cast<std::ptrdiff_t>(place),
                        order.begin() + static_cast<std::ptrdiff_t>(chosen),
                        order.begin() + static_cast<std::ptrdiff_t>(chosen) + 1);
        }
        return ranking;
    }
};

} // namespace

const Strategy& weighted()
{
    static const Weighted strategy;
    return strategy;
}

} // namespace gateway::routing
