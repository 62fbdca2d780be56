// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "gateway/error.h"

#include "routing/plan.h"

namespace gateway::routing {

/// A failure counts for a circuit that takes these statuses for one; empty: those of servers. `status`: the
/// provider's, 0 where none came.
[[nodiscard]] bool opensCircuit(const StatusSet& failures, const Error& error, int status);

/// Which targets of a plan still have their turn while one after the other fails. For one request.
class NextTarget {
public:
    /// A failure before has ruled it out.
    [[nodiscard]] bool skips(const Target& target) const;
    /// Whether any of `rest`, which stands behind `failed` in the plan, may be tried now. `status`: the
    /// provider's, 0 where none came.
    [[nodiscard]] bool goesOn(const Target& failed, std::span<const Target> rest, const Error& error,
                              int status);

private:
    std::vector<std::size_t> m_left; // routes that have no more turn
};

} // namespace gateway::routing
