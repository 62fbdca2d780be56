// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/strategy.h"

namespace gateway::routing {

namespace {

/// The shortest time for each token after the first, as the state of a target keeps it. What nobody has timed
/// yet goes first.
class HighestThroughput : public Strategy {
public:
    [[nodiscard]] std::string_view id() const override { return "highest_throughput"; }
    [[nodiscard]] unsigned looksAt() const override { return kLooksAtTimes; }
    [[nodiscard]] Ranking rank(const Choice& choice) const override
    {
        std::vector<double> scores;
        scores.reserve(choice.targets.size());
        for (const TargetView& target : choice.targets)
            scores.push_back(target.tokenMicros);
        return byScore(std::move(scores), listed(choice.targets.size()));
    }
};

} // namespace

const Strategy& highestThroughput()
{
    static const HighestThroughput strategy;
    return strategy;
}

} // namespace gateway::routing
