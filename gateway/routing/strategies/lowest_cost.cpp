// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits>

#include "routing/strategy.h"

namespace gateway::routing {

namespace {

/// What this request would cost: its input, the expected answer, the tier that its size falls in. A target
/// without a price goes last, equals in the order of the list. In dollars.
class LowestCost : public Strategy {
public:
    [[nodiscard]] std::string_view id() const override { return "lowest_cost"; }
    [[nodiscard]] unsigned looksAt() const override { return kLooksAtCost; }
    [[nodiscard]] Ranking rank(const Choice& choice) const override
    {
        std::vector<double> scores;
        scores.reserve(choice.targets.size());
        for (const TargetView& target : choice.targets)
            scores.push_back(target.cost ? static_cast<double>(target.cost->nanos()) / 1e9
                                         : std::numeric_limits<double>::infinity());
        return byScore(std::move(scores), listed(choice.targets.size()));
    }
};

} // namespace

const Strategy& lowestCost()
{
    static const LowestCost strategy;
    return strategy;
}

} // namespace gateway::routing
