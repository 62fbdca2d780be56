// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect/dialect.h"

namespace gateway::dialect {

/// Anthropic Messages, with count_tokens.
[[nodiscard]] const Dialect& anthropicMessages();

} // namespace gateway::dialect
