// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "dialect/dialect.h"
#include "dialect/json_object.h"
#include "dialect/span_edit.h"

/// The pieces of which the OpenAI Chat Completions dialect is put together.
namespace gateway::dialect::openai {

[[nodiscard]] Result<Request> decodeRequest(std::string_view body);
[[nodiscard]] std::string encodeRequest(Request& request);
[[nodiscard]] Result<Completion> decodeCompletion(std::string_view body);
[[nodiscard]] std::string encodeCompletion(const Completion& completion, const CompletionContext& context);
[[nodiscard]] std::unique_ptr<EventDecoder> eventDecoder();
[[nodiscard]] std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf);

/// `stream_options.include_usage` of a request.
[[nodiscard]] Result<bool> usageAskedFor(const JsonDocument& document);
/// `usage.include` of a request, OpenRouter's way to ask for the same; nothing where it is not there.
[[nodiscard]] std::optional<bool> usageWish(const JsonDocument& document);
/// Sets `stream_options.include_usage`, keeping the client's other stream options.
void askForUsage(SpanEdit& edit);

[[nodiscard]] std::string encodeError(const Error& error);
[[nodiscard]] std::string encodeStreamError(const Error& error);

/// Undecided for a reason that is unknown or not there.
[[nodiscard]] Finish finishNamed(std::string_view reason);
[[nodiscard]] std::string_view finishName(Finish finish);

/// A signature or opaque text of a reasoning detail in the canonical form. Its `format` names the maker in
/// OpenRouter's words; empty for makers to whom nothing can be given back.
[[nodiscard]] std::string signatureOf(const JsonObject& detail, std::string_view key);

/// Reasoning of an assistant message: `reasoning_details` where it is there, else the plain text.
void readReasoning(const JsonObject& message, std::vector<Part>& into);
/// The thinking as `field` and, where something has to come back next turn, `reasoning_details`.
void writeReasoning(JsonWriter& json, const std::vector<Part>& parts,
                    std::string_view field = "reasoning_content");
/// The pictures of an answer as OpenRouter, Vercel and LiteLLM have them: `images`, beside `content`.
void readAnsweredImages(const JsonObject& message, const std::function<void(ImagePart)>& give);
void writeAnsweredImage(JsonWriter& json, const ImagePart& image, int index);
void writeReasoningDetail(JsonWriter& json, const ThinkingPart& part, int index);

/// `tool_calls` of an assistant message or a whole answer.
void readToolCalls(std::string_view calls, std::vector<Part>& into);
void writeToolCall(JsonWriter& json, const ToolCallPart& call, bool custom);

/// "chatcmpl-…"
[[nodiscard]] std::string completionId(const CompletionContext& context);

} // namespace gateway::dialect::openai
