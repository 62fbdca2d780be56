// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/strategy.h"

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

} // namespace gateway::routing
