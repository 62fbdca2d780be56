// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <limits>

#include "routing/strategy.h"

namespace gateway::routing {

namespace {

/// The fewest requests under way for its weight; among equals in turn, so that an idle set is used evenly. A
/// target of weight 0 goes last.
class LeastBusy : public Strategy {
public:
    [[nodiscard]] std::string_view id() const override { return "least_busy"; }
    [[nodiscard]] unsigned looksAt() const override { return kLooksAtLoad; }
    [[nodiscard]] Ranking rank(const Choice& choice) const override
    {
        std::vector<double> scores;
        scores.reserve(choice.targets.size());
        for (const TargetView& target : choice.targets)
            scores.push_back(target.weight == 0 ? std::numeric_limits<double>::infinity()
                                                : static_cast<double>(target.inFlight) / target.weight);
        std::vector<std::size_t> from = listed(choice.targets.size());
        if (!from.empty())
            std::rotate(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(choice.turn % from.size()),
                        from.end());
        return byScore(std::move(scores), std::move(from));
    }
};

} // namespace

const Strategy& leastBusy()
{
    static const LeastBusy strategy;
    return strategy;
}

} // namespace gateway::routing
