// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/strategy.h"

namespace gateway::routing {

namespace {

/// Ordered failover: the first target of the list that answers.
class Priority : public Strategy {
public:
    [[nodiscard]] std::string_view id() const override { return "priority"; }
    [[nodiscard]] Ranking rank(const Choice& choice) const override
    {
        return {listed(choice.targets.size()), {}, {}};
    }
};

} // namespace

const Strategy& priority()
{
    static const Priority strategy;
    return strategy;
}

} // namespace gateway::routing
