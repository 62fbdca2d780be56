// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "gateway/error.h"

namespace gateway::routing {

/// Which of a route's `fallbacks` a failure of a target calls for; empty: none, the request itself is wrong.
[[nodiscard]] std::string_view failureKind(const Error& failure);

} // namespace gateway::routing
