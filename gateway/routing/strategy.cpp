// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/strategy.h"

#include <algorithm>
#include <bit>
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
    // One number each that sorts as score and turn do: the last bits of a score tell nothing, and numbers are
    // sorted in half the time of records.
    const std::uint64_t turns = std::bit_ceil(from.size() + 1) - 1;
    constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
    std::vector<std::uint64_t> keys(from.size());
    for (std::size_t turn = 0; turn < from.size(); ++turn) {
        const auto bits = std::bit_cast<std::uint64_t>(scores[from[turn]] + 0.0); // of two zeros the same
        const std::uint64_t sorted = (bits & kSign) != 0 ? ~bits : bits | kSign;
        keys[turn] = (sorted & ~turns) | turn;
    }
    std::sort(keys.begin(), keys.end());
    Ranking ranking;
    ranking.order.reserve(from.size());
    for (const std::uint64_t key : keys)
        ranking.order.push_back(from[key & turns]);
    ranking.scores = std::move(scores);
    return ranking;
}

double drawn(std::minstd_rand& random)
{
    // One step of the generator is fine enough, and the library's distribution takes logarithms to find out
    // how many it needs.
    constexpr double kSteps = std::minstd_rand::max() - std::minstd_rand::min() + 1.0;
    return (static_cast<double>(random()) - std::minstd_rand::min()) / kSteps;
}

} // namespace gateway::routing
