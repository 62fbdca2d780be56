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
    struct Scored {
        double score = 0;
        std::size_t turn = 0, place = 0;
    };
    std::vector<Scored> scored;
    scored.reserve(from.size());
    for (const std::size_t place : from)
        scored.push_back({scores[place], scored.size(), place});
    std::sort(scored.begin(), scored.end(), [](const Scored& left, const Scored& right) {
        return left.score < right.score || (left.score == right.score && left.turn < right.turn);
    });
    std::transform(scored.begin(), scored.end(), from.begin(), [](const Scored& each) { return each.place; });
    Ranking ranking;
    ranking.order = std::move(from);
    ranking.scores = std::move(scores);
    return ranking;
}

double drawn(std::minstd_rand& random)
{
    return std::uniform_real_distribution<double>(0, 1)(random);
}

} // namespace gateway::routing
