// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect/dialect.h"

namespace gateway::dialect {

/// Cohere's API, version 2: /v2/chat and /v2/embed.
[[nodiscard]] const Dialect& cohere();

} // namespace gateway::dialect
