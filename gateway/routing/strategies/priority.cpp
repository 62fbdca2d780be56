// SPDX-License-Identifier: GPL-3.0-or-later
#include <numeric>

#include "routing/strategy.h"

namespace gateway::routing {

namespace {

/// Ordered failover: the first target of the list that answers.
class Priority : public Strategy {
public:
    [[nodiscard]] std::string_view id() const override { return "priority"; }
    [[nodiscard]] std::vector<std::size_t> order(const RouteConfig& route) const override
    {
        std::vector<std::size_t> places(route.targets.size());
        std::iota(places.begin(), places.end(), std::size_t{0});
        return places;
    }
};

} // namespace

const Strategy& priority()
{
    static const Priority strategy;
    return strategy;
}

} // namespace gateway::routing
