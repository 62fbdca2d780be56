// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect/dialect.h"

namespace gateway::dialect {

/// OpenAI's Responses API.
[[nodiscard]] const Dialect& openAiResponses();

} // namespace gateway::dialect
