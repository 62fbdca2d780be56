// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "dialect/dialect.h"
#include "dialect/gemini_fields.h"

/// The pieces of which the Gemini dialect is put together.
namespace gateway::dialect::gemini {

[[nodiscard]] Result<Request> decodeRequest(std::string_view body, const PathFacts& path);
[[nodiscard]] std::string encodeRequest(Request& request);
[[nodiscard]] Result<Completion> decodeCompletion(std::string_view body);
[[nodiscard]] std::string encodeCompletion(const Completion& completion, const CompletionContext& context);
[[nodiscard]] std::unique_ptr<EventDecoder> eventDecoder();
[[nodiscard]] std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf);

[[nodiscard]] Result<std::string> edit(std::string_view body, const JsonDocument& document,
                                       const BodyEdit& edit);
[[nodiscard]] const EmbeddingShape& embedding();

[[nodiscard]] std::string encodeError(const Error& error);
[[nodiscard]] std::string encodeStreamError(const Error& error, bool jsonArray);
[[nodiscard]] Dialect::ProviderError readError(std::string_view body);

/// Undecided for a reason that is unspecified or not there.
[[nodiscard]] Finish finishNamed(std::string_view reason);
[[nodiscard]] std::string_view finishName(Finish finish);
/// A call that the model began and could not write: there is nothing to pass on.
[[nodiscard]] bool tellsBrokenCall(std::string_view reason);

[[nodiscard]] Usage readUsage(std::string_view usageMetadata);
/// The same of a whole answer, with the searches that it was grounded by.
[[nodiscard]] Usage readUse(const Fields& answer);
/// As Google charges them for that model.
[[nodiscard]] std::int64_t searchesIn(std::string_view candidates, std::string_view model);
void writeUsage(JsonWriter& json, const Usage& usage, const std::optional<Money>& cost);

/// What Google documents to send with a call that some other model made.
inline constexpr std::string_view kNoSignature = "skip_thought_signature_validator";

/// Reasoning that has only to come back: a signature or opaque text. In this dialect all of it travels as
/// `thoughtSignature`, which clients decode as base64; what another maker gave is wrapped so that it is that,
/// too, and is known again.
[[nodiscard]] std::string signatureText(const ThinkingPart& part);
/// A part without text; nothing where there is none or it is Google's stand-in. The second is what a provider
/// sent, who wraps nothing.
[[nodiscard]] std::optional<ThinkingPart> readSignature(std::string_view text);
[[nodiscard]] std::optional<ThinkingPart> readProviderSignature(std::string_view text);

/// A body with signatures that were wrapped for other makers: a conversation that began elsewhere. Google
/// gets its stand-in instead.
[[nodiscard]] bool holdsForeign(std::string_view body);
[[nodiscard]] std::string withoutForeign(std::string_view body);

/// A call in an answer or in the conversation; its id is empty where none was given.
[[nodiscard]] ToolCallPart readCall(const Fields& call);
void writeCall(JsonWriter& json, const ToolCallPart& call, bool withId = true);
/// {"text":…} with what else belongs to it.
void writeText(JsonWriter& json, std::string_view text, bool thought, std::string_view signature);

/// The picture in a part that a model gave, where there is one.
[[nodiscard]] std::optional<ImagePart> readImage(const Fields& part);
void writeImage(JsonWriter& json, const ImagePart& image);

/// Thoughts are told only to clients that ask for them: the others take every part for the answer.
[[nodiscard]] bool tellsThoughts(const CompletionContext& context);
/// What of a signature can stand without the text that it signs.
[[nodiscard]] bool outlivesText(const ThinkingPart& part);

/// `modelVersion` and `responseId`, which end every answer and every event.
void writeOrigin(JsonWriter& json, const CompletionContext& context);

} // namespace gateway::dialect::gemini
