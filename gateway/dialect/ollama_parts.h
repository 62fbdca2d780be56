// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "dialect/dialect.h"
#include "dialect/json_object.h"

/// The pieces of which Ollama's two dialects are put together. Source: Ollama's API documentation and its
/// OpenAPI file.
namespace gateway::dialect::ollama_api {

/// Whether messages are exchanged (/api/chat) or one prompt is answered (/api/generate).
enum class Form : std::uint8_t { Undecided, Chat, Prompt };

[[nodiscard]] Result<Request> decodeRequest(std::string_view body, Form form);
[[nodiscard]] std::string encodeRequest(Request& request, Form form);
[[nodiscard]] Result<Completion> decodeCompletion(std::string_view body);
[[nodiscard]] std::string encodeCompletion(const Completion& completion, const CompletionContext& context,
                                           Form form);
[[nodiscard]] std::unique_ptr<EventDecoder> eventDecoder();
[[nodiscard]] std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, Form form);
[[nodiscard]] std::unique_ptr<StreamMeter> meter();
[[nodiscard]] const EmbeddingShape& embeddingShape(Form form);

[[nodiscard]] std::string encodeError(const Error& error);
/// One line, in a stream the last.
[[nodiscard]] std::string encodeStreamError(const Error& error);
[[nodiscard]] Dialect::ProviderError readError(std::string_view body);

/// Undecided for a reason that is unknown or not there.
[[nodiscard]] Finish finishNamed(std::string_view reason);
[[nodiscard]] std::string_view finishName(Finish finish);

/// Whole answers and the last line of a stream carry the counts at their top.
[[nodiscard]] Usage readUsage(const JsonObject& answer);

/// A call of a message's `tool_calls`; its id is empty where none was given.
[[nodiscard]] ToolCallPart readToolCall(const JsonObject& call);
void writeToolCall(JsonWriter& json, const ToolCallPart& call, int index);

/// How long ago the request began, in nanoseconds: what Ollama's clients reckon their speed with.
[[nodiscard]] std::int64_t nanosecondsSince(const RequestId& id);

/// True where a request asks nothing.
[[nodiscard]] bool asksNothing(const JsonDocument& request, Form form);
[[nodiscard]] std::string encodeLoaded(const JsonDocument& request, const CompletionContext& context,
                                       Form form);

/// What an answer's end tells: reason, durations, counts.
struct Closing {
    Finish finish = Finish::Undecided;
    std::int64_t totalNanoseconds = 0;
    std::int64_t promptNanoseconds = 0; // until the answer began
    Usage usage;
};
/// The members of the end, within the object that is open.
void writeClosing(JsonWriter& json, const Closing& closing);

} // namespace gateway::dialect::ollama_api
