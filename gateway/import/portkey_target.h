// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "import/draft.h"

namespace gateway::imports {

/// The target that a node without targets of its own is. Nothing, and a line, where it says no model: with
/// Portkey the client's is used then. `to` is the target's path.
[[nodiscard]] std::optional<TargetConfig> takePortkeyTarget(const FileValue& node,
                                                            const FileValue& handedOverrides,
                                                            const std::string& to, Draft& draft);

/// Both maps in one; the inner one's members win.
[[nodiscard]] FileValue mergedOverrides(const FileValue& outer, const FileValue& inner);

} // namespace gateway::imports
