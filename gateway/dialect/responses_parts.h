// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "dialect/dialect.h"
#include "dialect/json_object.h"

/// The pieces of which the OpenAI Responses dialect is put together. Names of fields and events are those of
/// OpenAI's API reference, "Responses" and "Streaming events".
namespace gateway::dialect::responses {

[[nodiscard]] Result<Request> decodeRequest(std::string_view body);
[[nodiscard]] std::string encodeRequest(Request& request);
[[nodiscard]] Result<Completion> decodeCompletion(std::string_view body);
[[nodiscard]] std::string encodeCompletion(const Completion& completion, const CompletionContext& context);
[[nodiscard]] std::unique_ptr<EventDecoder> eventDecoder();
[[nodiscard]] std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf);

/// A spent budget is 429 here: Codex repeats a 402, and takes a 429 with this code as final.
[[nodiscard]] int errorStatus(const Error& error);
[[nodiscard]] std::string encodeError(const Error& error);
/// The event `error`, for SDKs.
[[nodiscard]] std::string errorEvent(const Error& error, std::int64_t sequence);
/// The member `error` of a failed response, with the codes that Codex knows.
[[nodiscard]] std::string failureObject(const Error& error);
/// What the provider says went wrong: the member `error` of an event or a response, or a flat event.
[[nodiscard]] Error failureOf(const JsonObject& holder);

/// "resp_…"
[[nodiscard]] std::string responseId(const CompletionContext& context);
/// "msg_…_0": of the item at that place in the output.
[[nodiscard]] std::string itemId(std::string_view prefix, const CompletionContext& context,
                                 std::size_t index);

/// A name of at most 64 bytes for the tool of a namespace; the same for the same two names.
[[nodiscard]] std::string flatToolName(std::string_view nameSpace, std::string_view name);

/// An answer's call as the client knows its tool: custom, or of a namespace.
struct ClientCall {
    std::string name;
    std::string nameSpace;
    bool custom = false;
};
[[nodiscard]] ClientCall clientCall(const CompletionContext& context, std::string_view name);

/// What `include` asks for.
inline constexpr std::string_view kIncludeReasoning = "reasoning.encrypted_content";
inline constexpr std::string_view kIncludeLogprobs = "message.output_text.logprobs";

/// A text of the client's answer. The lists are JSON without their brackets.
struct OutputText {
    std::string_view text;
    std::string_view annotations = {};
    std::string_view logprobs = {};
};
void writeOutputText(JsonWriter& json, const OutputText& text);

/// A whole output item of the client's answer.
[[nodiscard]] std::string messageItem(std::string_view id, const OutputText& text, std::string_view status);
[[nodiscard]] std::string reasoningItem(std::string_view id, const ThinkingPart& part);
/// `arguments` are the JSON text, or a custom tool's free text.
[[nodiscard]] std::string callItem(std::string_view id, std::string_view callId, const ClientCall& call,
                                   std::string_view arguments, std::string_view status);

/// A picture, as OpenAI's own tool for them would have made it; `status` other than "completed" has none yet.
[[nodiscard]] std::string imageItem(std::string_view id, const ImagePart& image, std::string_view status);

/// What a client gives back next turn. OpenAI's own is as it came, so that a later call can go to OpenAI
/// byte for byte; that of other makers is marked, and so is a text without a signature: OpenAI would look for
/// an item without encrypted_content among those it keeps, and refuse the request.
[[nodiscard]] std::string encryptedContent(const ThinkingPart& part);

/// A reasoning item; nothing when it says nothing that could be used or given back.
[[nodiscard]] std::optional<ThinkingPart> readReasoning(const JsonObject& item);
/// A function_call or custom_tool_call.
[[nodiscard]] ToolCallPart readCall(const JsonObject& item);
/// The texts of a message's content with what is told of them; refusals are text, too.
[[nodiscard]] TextPart readMessage(const JsonObject& item);
/// A request for what another server keeps.
[[nodiscard]] Error heldElsewhere(std::string message, std::string param);
/// Undecided while the response is under way.
[[nodiscard]] Finish finishOf(const JsonObject& response);
[[nodiscard]] std::string_view statusName(Finish finish);
[[nodiscard]] std::string_view incompleteReason(Finish finish); // empty for a complete answer

/// Notes "PREFIX.TYPE" as dropped where the type is a plain word, else the prefix.
void noteType(std::vector<std::string>& dropped, std::string_view prefix, std::string_view type);

} // namespace gateway::dialect::responses
