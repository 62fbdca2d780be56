// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect/dialect.h"

namespace gateway::dialect::openai {

/// OpenAI's /embeddings.
[[nodiscard]] const EmbeddingShape& embeddingShape();

} // namespace gateway::dialect::openai
