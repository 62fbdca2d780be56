// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/sha256.h"
#include "routing/strategy.h"

namespace gateway::routing {

namespace {

/// Of what is held: nobody finds a session that shares another one's lots.
std::uint64_t markOf(std::string_view held)
{
    const Sha256 digest = sha256(held);
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 8; ++i)
        bits = bits << 8 | digest[i];
    return bits;
}

/// Every bit of the value changes half of the bits (the finalizer of MurmurHash3).
std::uint64_t stirred(std::uint64_t bits)
{
    bits = (bits ^ bits >> 33) * 0xff51afd7ed558ccdU;
    bits = (bits ^ bits >> 33) * 0xc4ceb9fe1a85ec53U;
    return bits ^ bits >> 33;
}

/// A number in (0, 1) that this session and this target always have.
double lotOf(std::uint64_t mark, const TargetView& target)
{
    for (const std::string_view part : {target.provider, target.model}) {
        for (const char byte : part)
            mark = (mark ^ static_cast<unsigned char>(byte)) * 0x100000001b3U; // FNV-1a
        mark = stirred(mark);
    }
    return (static_cast<double>(mark >> 11) + 0.5) / static_cast<double>(std::uint64_t{1} << 53);
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
        scores.reserve(choice.targets.size());
        const std::uint64_t mark = choice.held.empty() ? 0 : markOf(choice.held);
        for (const TargetView& target : choice.targets) {
            const double lot = choice.held.empty() ? (1 - drawn(choice.random)) : lotOf(mark, target);
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
