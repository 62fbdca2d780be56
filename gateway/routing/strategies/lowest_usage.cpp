// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/strategy.h"

namespace gateway::routing {

namespace {

/// The smallest share of its limits (requests and tokens a minute, the larger of the two) used in this
/// minute.
class LowestUsage : public Strategy {
public:
    [[nodiscard]] std::string_view id() const override { return "lowest_usage"; }
    [[nodiscard]] unsigned looksAt() const override { return kLooksAtUsage; }
    [[nodiscard]] Ranking rank(const Choice& choice) const override
    {
        std::vector<double> scores;
        scores.reserve(choice.targets.size());
        for (const TargetView& target : choice.targets)
            scores.push_back(target.usage);
        return byScore(std::move(scores), listed(choice.targets.size()));
    }
};

} // namespace

const Strategy& lowestUsage()
{
    static const LowestUsage strategy;
    return strategy;
}

} // namespace gateway::routing
