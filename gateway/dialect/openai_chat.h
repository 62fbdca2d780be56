// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect/dialect.h"

namespace gateway::dialect {

/// OpenAI Chat Completions.
[[nodiscard]] const Dialect& openAiChat();

} // namespace gateway::dialect
