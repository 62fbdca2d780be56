// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/strategy.h"

namespace gateway::routing {

namespace {

/// The shortest expected answer: the time to the first token, and for each expected token the time that one
/// takes, both as the state of a target keeps them (peak-EWMA: a slow answer counts at once, and what was
/// long ago fades, so that a target that was slow is tried again). What nobody has timed yet goes first.
class LowestLatency : public Strategy {
public:
    [[nodiscard]] std::string_view id() const override { return "lowest_latency"; }
    [[nodiscard]] unsigned looksAt() const override { return kLooksAtTimes; }
    [[nodiscard]] Ranking rank(const Choice& choice) const override
    {
        std::vector<double> scores;
        scores.reserve(choice.targets.size());
        for (const TargetView& target : choice.targets)
            scores.push_back(target.firstTokenMicros + target.tokenMicros * choice.outputTokens);
        return byScore(std::move(scores), listed(choice.targets.size()));
    }
};

} // namespace

const Strategy& lowestLatency()
{
    static const LowestLatency strategy;
    return strategy;
}

} // namespace gateway::routing
