// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "dialect/dialect.h"
#include "dialect/json_object.h"

/// The pieces of which the Anthropic Messages dialect is put together.
namespace gateway::dialect::anthropic {

/// The member of a request that asks for a conversation held by the server.
inline constexpr std::string_view kThreadParam = "thread";

[[nodiscard]] Result<Request> decodeRequest(std::string_view body);
[[nodiscard]] std::string encodeRequest(Request& request);
[[nodiscard]] Result<Completion> decodeCompletion(std::string_view body);
[[nodiscard]] std::string encodeCompletion(const Completion& completion, const CompletionContext& context);
[[nodiscard]] std::unique_ptr<EventDecoder> eventDecoder();
[[nodiscard]] std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf);

[[nodiscard]] std::string encodeError(const Error& error, std::string_view requestId);
[[nodiscard]] std::string encodeStreamError(const Error& error, std::string_view requestId);

/// Undecided for a reason that is unknown or not there.
[[nodiscard]] Finish finishNamed(std::string_view reason);
[[nodiscard]] std::string_view finishName(Finish finish);

/// A content block that is the same in requests and answers; false where it is of another type.
bool readBlock(const JsonObject& block, std::vector<Part>& into);
/// Pages that a text block of an answer cites.
[[nodiscard]] std::vector<Citation> readCitations(std::string_view list);
/// Its reference into Anthropic's search results is a mark of ours; with that it is taken out again before
/// Anthropic sees it, which would look for the results.
void writeCitation(JsonWriter& json, const Citation& citation);
/// Reasoning goes out only where it can come back: an unsigned block would be refused next turn.
[[nodiscard]] bool canReturn(const ThinkingPart& part);
/// The client has asked to see reasoning, so that it gets what nobody signed as well, with our mark for a
/// signature; that is taken out again before Anthropic sees it.
[[nodiscard]] bool showsUnsigned(const CompletionContext& context);
/// Anthropic's API takes only back what it has signed itself.
[[nodiscard]] bool isOwn(const ThinkingPart& part);
void writeThinking(JsonWriter& json, const ThinkingPart& part);
void writeToolUse(JsonWriter& json, std::string_view id, const ToolCallPart& call);

/// "msg_…"
[[nodiscard]] std::string messageId(const CompletionContext& context);

} // namespace gateway::dialect::anthropic
