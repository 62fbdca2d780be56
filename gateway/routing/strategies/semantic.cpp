// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <limits>

#include "routing/strategy.h"

namespace gateway::routing {

namespace {

/// The target whose examples, or else whose description, the request is most like, where that is like enough
/// and clearly more like than the second; else the default, which is the first target without examples and
/// description, or the first of all. Behind it come the others, the more alike the earlier, and last those
/// that nothing was measured of. Scores: the likenesses, from -1 to 1.
class Semantic : public Strategy {
public:
    [[nodiscard]] std::string_view id() const override { return "semantic"; }
    [[nodiscard]] unsigned looksAt() const override { return kLooksAtMeaning; }
    [[nodiscard]] Ranking rank(const Choice& choice) const override
    {
        const std::vector<TargetView>& targets = choice.targets;
        Ranking ranking;
        ranking.order = listed(targets.size());
        if (targets.empty()) return ranking;
        const auto scoreOf = [&targets](std::size_t place) {
            return targets[place].likeness.value_or(-std::numeric_limits<double>::infinity());
        };
        std::stable_sort(ranking.order.begin(), ranking.order.end(),
                         [&](std::size_t left, std::size_t right) { return scoreOf(left) > scoreOf(right); });
        const std::size_t first = ranking.order.front();
        if (targets[first].likeness) {
            for (const TargetView& target : targets)
                ranking.scores.push_back(target.likeness.value_or(std::numeric_limits<double>::quiet_NaN()));
            const double second = targets.size() > 1 ? scoreOf(ranking.order[1]) : -1;
            if (scoreOf(first) < choice.meaning.threshold)
                ranking.why = "no target is like enough";
            else if (scoreOf(first) - second < choice.meaning.margin)
                ranking.why = "two targets are about as like";
            else
                return ranking;
        } else {
            ranking.why = choice.unmeasured;
            if (ranking.why.empty() || !isAnyDescribed(targets)) ranking.why = "no target is described";
        }
        toFront(ranking.order, defaultOf(targets));
        return ranking;
    }

private:
    [[nodiscard]] static bool isAnyDescribed(const std::vector<TargetView>& targets)
    {
        return std::any_of(targets.begin(), targets.end(),
                           [](const TargetView& target) { return target.isDescribed; });
    }
    [[nodiscard]] static std::size_t defaultOf(const std::vector<TargetView>& targets)
    {
        const auto found = std::find_if(targets.begin(), targets.end(),
                                        [](const TargetView& target) { return !target.isDescribed; });
        return found == targets.end() ? 0 : static_cast<std::size_t>(found - targets.begin());
    }
    static void toFront(std::vector<std::size_t>& order, std::size_t place)
    {
        const auto at = std::find(order.begin(), order.end(), place);
        std::rotate(order.begin(), at, at + 1);
    }
};

} // namespace

const Strategy& semantic()
{
    static const Semantic strategy;
    return strategy;
}

} // namespace gateway::routing
