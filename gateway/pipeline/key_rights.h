// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "access/virtual_keys.h"
#include "routing/plan.h"

namespace gateway::pipeline {

/// Whether a client with this key may ask for `name`, which led to `route`; null: no key was needed. A name
/// is allowed with its suffix or without.
[[nodiscard]] inline bool mayAsk(const access::VirtualKey* key, std::string_view name,
                                 std::string_view route = {})
{
    return !key || key->allows(name, route) || key->allows(routing::withoutSuffix(name), route);
}

} // namespace gateway::pipeline
