// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "dialect/json_object.h"
#include "exchange/canonical.h"

/// How likely an answer's tokens were to its model: the wish for it, and the form that several dialects
/// share.
namespace gateway::dialect {

/// A logarithm of a probability; what OpenAI says of the unlikeliest where the text is no number.
[[nodiscard]] double logprobOf(std::string_view number);

/// OpenAI's list, which is Ollama's, too. What is no token is left out.
[[nodiscard]] std::vector<TokenLogprob> readLogprobs(std::string_view list);
void writeLogprob(JsonWriter& json, const TokenLogprob& token);
void writeLogprobs(JsonWriter& json, const std::vector<TokenLogprob>& tokens);

/// Those of all texts of an answer.
[[nodiscard]] std::vector<TokenLogprob> joinedLogprobs(const std::vector<Part>& parts);

/// Puts the wish of a client into its request.
void wishLogprobs(Request& request, bool wanted, std::optional<std::int64_t> top);
/// For targets that have none.
void dropLogprobs(Request& request);
/// How many of the likeliest tokens to ask for, of which the target tells `most`; 0: none.
[[nodiscard]] std::int64_t topLogprobs(Request& request, std::int64_t most);
/// What OpenAI, Google and Ollama tell at most.
inline constexpr std::int64_t kMostTopLogprobs = 20;
/// Of an answer, and as many as one can have; a token takes far more room here than in its JSON.
inline constexpr std::size_t kMaxTokens = 131'072;

} // namespace gateway::dialect
