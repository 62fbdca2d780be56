// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "base/json_scan.h"
#include "exchange/dialect_id.h"
#include "exchange/usage.h"

/// What answers tell of their use that are passed on as they are: pictures, sound, moderation, reranking,
/// films. The shapes are those of OpenAI's reference, and of Cohere's, Jina's and Voyage's for reranking.
namespace gateway::dialect {

/// True when a 200 answer has what the operation promises.
[[nodiscard]] bool isModalAnswer(const JsonDocument& answer, Operation operation);

/// What a request says already: the characters to be spoken, about how much is to be moderated.
[[nodiscard]] Usage readModalRequest(const JsonDocument& request, Operation operation);
/// Adds what a whole answer says.
void addModalAnswer(Usage& usage, const JsonDocument& answer, Operation operation);
/// Adds what an event of a streamed one says. `data` need not be JSON.
void addModalEvent(Usage& usage, std::string_view data, Operation operation);

} // namespace gateway::dialect
