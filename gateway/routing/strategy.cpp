// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/strategy.h"

#include <algorithm>
#include <numeric>

namespace gateway::routing {

#define STRATEGY(factory) const Strategy& factory();
#include "routing/strategies.def"
#undef STRATEGY

const Strategy* findStrategy(std::string_view id)
{
#define STRATEGY(factory)                                                                                    \
    if (factory().id() == id) return &factory();
#include "routing/strategies.def"
#undef STRATEGY
    return nullptr;
}

std::vector<std::string_view> strategyIds()
{
    return {
#define STRATEGY(factory) factory().id(),
#include "routing/strategies.def"
#undef STRATEGY
    };
}

std::vector<std::size_t> listed(std::size_t targets)
{
    std::vector<std::size_t> places(targets);
    std::iota(places.begin(), places.end(), std::size_t{0});
    return places;
}

Ranking byScore(std::vector<double> scores, std::vector<std::size_t> from)
{
    Ranking ranking;
    ranking.order = std::move(from);
    std::stable_sort(ranking.order.begin(), ranking.order.end(),
                     [&scores](std::size_t left, std::size_t right) { return scores[left] < scores[right]; });
    ranking.scores = std::move(scores);
    return ranking;
}

double drawn(std::minstd_rand& random)
{
    return std::uniform_real_distribution<double>(0, 1)(random);
}

} // namespace gateway::routing
