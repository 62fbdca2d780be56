// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>

#include "base/sha256.h"
#include "routing/strategy.h"

namespace gateway::routing {

namespace {

/// A number in (0, 1) that this session and this target always have.
double lotOf(std::string_view held, const TargetView& target)
{
    std::string text(held);
    text.append(1, '\0').append(target.provider).append(1, '\0').append(target.model);
    const Sha256 digest = sha256(text);
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 7; ++i)
        bits = bits << 8 | digest[i];
    return (static_cast<double>(bits >> 3) + 0.5) / static_cast<double>(std::uint64_t{1} << 53);
}

/// Consistent hashing: what is held (a session, a key, a field) draws its own lot at every target, weighted,
/// and the best lot wins (rendezvous hashing). So a target that comes or goes moves only what is its own.
/// With nothing to hold, the lots are drawn anew each time.
class Sticky : public Strategy {
public:
    [[nodiscard]] std::string_view id() const override { return "sticky"; }
    [[nodiscard]] unsigned looksAt() const override { return kLooksAtHeld; }
    [[nodiscard]] Ranking rank(const Choice& choice) const override
    {
        std::vector<double> scores;
        for (const TargetView& target : choice.targets) {
            const double lot = choice.held.empty() ? (1 - drawn(choice.random)) : lotOf(choice.held, target);
            scores.push_back(target.weight == 0 ? std::numeric_limits<double>::infinity()
                                                : -std::log(lot) / target.weight);
        }
        return byScore(std::move(scores), listed(choice.targets.size()));
    }
};

} // namespace

const Strategy& sticky()
{
    static const Sticky strategy;
    return strategy;
}

} // namespace gateway::routing
