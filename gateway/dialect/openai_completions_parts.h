// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "dialect/dialect.h"
#include "dialect/json_object.h"

/// The pieces of which the legacy Completions dialect is put together.
namespace gateway::dialect::completions {

/// Refuses what only a server of this very API could do: several prompts, or prompts of token numbers.
[[nodiscard]] Result<Request> decodeRequest(std::string_view body);
[[nodiscard]] std::string encodeRequest(Request& request);
[[nodiscard]] Result<Completion> decodeCompletion(std::string_view body);
[[nodiscard]] std::string encodeCompletion(const Completion& completion, const CompletionContext& context);
[[nodiscard]] std::unique_ptr<EventDecoder> eventDecoder();
[[nodiscard]] std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf);

/// Tokens as lists of what each of them has; here the alternatives have no bytes, and no name twice.
[[nodiscard]] std::vector<TokenLogprob> readLogprobs(const JsonObject& logprobs);
/// `offset`: code points of the answer before the first of them.
void writeLogprobs(JsonWriter& json, const std::vector<TokenLogprob>& tokens, std::int64_t offset);

/// "cmpl-…"
[[nodiscard]] std::string completionId(const CompletionContext& context);
[[nodiscard]] std::string_view finishName(Finish finish);

} // namespace gateway::dialect::completions
