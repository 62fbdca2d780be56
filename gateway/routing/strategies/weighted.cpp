// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

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
        Ranking ranking;
        std::vector<Lot> lots;
        lots.reserve(choice.targets.size());
        double all = 0;
        for (std::size_t place = 0; place < choice.targets.size(); ++place) {
            lots.push_back({static_cast<double>(choice.targets[place].weight), 0, place});
            all += lots.back().weight;
        }
        const auto weightless =
            std::stable_partition(lots.begin(), lots.end(), [](const Lot& lot) { return lot.weight > 0; });
        if (lots.begin() != weightless) {
            ranking.draw = drawn(choice.random);
            const auto first = firstOf(lots.begin(), weightless, *ranking.draw * all);
            std::iter_swap(lots.begin(), first);
            // What waits by chance, the shorter the more it weighs, comes in the order of such draws.
            for (auto lot = lots.begin() + 1; lot != weightless; ++lot)
                lot->wait = -std::log(1 - drawn(choice.random)) / lot->weight;
            std::sort(lots.begin() + 1, weightless,
                      [](const Lot& left, const Lot& right) { return left.wait < right.wait; });
        }
        for (const Lot& lot : lots)
            ranking.order.push_back(lot.place);
        return ranking;
    }

private:
    struct Lot {
        double weight = 0, wait = 0;
        std::size_t place = 0;
    };
    using Lots = std::vector<Lot>::iterator;

    /// The one at which the weights reach `mark`.
    [[nodiscard]] static Lots firstOf(Lots begin, Lots end, double mark)
    {
        while (begin + 1 != end && mark >= begin->weight)
            mark -= begin++->weight;
        return begin;
    }
};

} // namespace

const Strategy& weighted()
{
    static const Weighted strategy;
    return strategy;
}

} // namespace gateway::routing
