// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace gateway::guardrail {

/// The end of the host name that begins at `start`, two labels at least of which the last one is a top-level
/// domain that is in use; `start` where there is none.
[[nodiscard]] std::size_t hostNameEnd(std::string_view text, std::size_t start);
[[nodiscard]] bool isTopLevel(std::string_view label);

} // namespace gateway::guardrail
