// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect/dialect.h"

namespace gateway::dialect {

/// Ollama's chat API: /api/chat and /api/embed.
[[nodiscard]] const Dialect& ollama();

/// Its older form, in which one prompt is asked: /api/generate and /api/embeddings.
[[nodiscard]] const Dialect& ollamaPrompt();

} // namespace gateway::dialect
