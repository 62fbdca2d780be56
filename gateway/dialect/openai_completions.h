// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect/dialect.h"

namespace gateway::dialect {

/// OpenAI's legacy Completions: one prompt in, its continuation out. Editors use it to fill in the middle.
[[nodiscard]] const Dialect& openAiCompletions();

} // namespace gateway::dialect
