// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "dialect/dialect.h"
#include "dialect/json_object.h"

/// The pieces of which the Cohere dialect is put together. Source: the reference of Cohere's API, version 2.
namespace gateway::dialect::cohere_api {

[[nodiscard]] Result<Request> decodeRequest(std::string_view body);
[[nodiscard]] std::string encodeRequest(Request& request);
[[nodiscard]] Result<Completion> decodeCompletion(std::string_view body);
[[nodiscard]] std::string encodeCompletion(const Completion& completion, const CompletionContext& context);
[[nodiscard]] std::unique_ptr<EventDecoder> eventDecoder();
[[nodiscard]] std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf);
[[nodiscard]] std::unique_ptr<StreamMeter> meter(MeterOptions options);
[[nodiscard]] const EmbeddingShape& embeddingShape();

[[nodiscard]] std::string encodeError(const Error& error, std::string_view requestId);
/// A message-end whose reason is ERROR, as the reference has it.
[[nodiscard]] std::string encodeStreamError(const Error& error, std::string_view requestId);
[[nodiscard]] Dialect::ProviderError readError(std::string_view body);

/// Undecided for a reason that is not there.
[[nodiscard]] Finish finishNamed(std::string_view reason);
[[nodiscard]] std::string_view finishName(Finish finish);
/// Why an answer with that finish reason is none, where it tells of a failure. `told`: what was said of it.
[[nodiscard]] std::optional<Error> failureNamed(std::string_view reason, std::string_view told);

/// An error that stands in a stream as an event of its own.
[[nodiscard]] Error eventFailure(const JsonObject& event);

/// What is billed, where that is told; a prompt's own tokens hold more than that. `usage` is a chat's `usage`
/// or the `meta` of embeddings.
[[nodiscard]] Usage readUsage(std::string_view usage);
void writeUsage(JsonWriter& json, const Usage& usage, const std::optional<Money>& cost);

/// What Cohere tells of a piece of text, as if it were one token: the piece cannot be cut into its tokens.
[[nodiscard]] std::optional<TokenLogprob> readLogprobs(const JsonObject& item);
/// The tokens of one piece; their numbers are not known.
void writeLogprobs(JsonWriter& json, std::string_view text, const std::vector<TokenLogprob>& tokens);

/// A citation whose sources have an address, one for each of those. Others are about what the request held.
[[nodiscard]] std::vector<Citation> readCitation(const JsonObject& citation);

/// `tool_calls` of an assistant message; ids are empty where none were given.
void readToolCalls(std::string_view calls, std::vector<Part>& into);
void writeToolCall(JsonWriter& json, const ToolCallPart& call);

} // namespace gateway::dialect::cohere_api
