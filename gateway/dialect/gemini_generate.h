// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect/dialect.h"

namespace gateway::dialect {

/// Google's Gemini API: generateContent, countTokens and the two calls for embeddings.
[[nodiscard]] const Dialect& geminiGenerateContent();

} // namespace gateway::dialect
