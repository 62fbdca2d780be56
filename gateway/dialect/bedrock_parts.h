// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "dialect/dialect.h"
#include "dialect/json_object.h"
#include "dialect/model_traits.h"

/// The pieces of which the Bedrock Converse dialect is put together. Field names and limits are those of the
/// Amazon Bedrock API Reference, "Amazon Bedrock Runtime".
namespace gateway::dialect::bedrock {

[[nodiscard]] Result<Request> decodeRequest(std::string_view body, const PathFacts& path);
[[nodiscard]] std::string encodeRequest(Request& request);
[[nodiscard]] Result<Completion> decodeCompletion(std::string_view body);
[[nodiscard]] std::string encodeCompletion(const Completion& completion, const CompletionContext& context);
[[nodiscard]] std::unique_ptr<EventDecoder> eventDecoder();
[[nodiscard]] std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf);

[[nodiscard]] Dialect::ProviderError readError(std::string_view body);
/// What a stream's exception of that type says, as ours.
[[nodiscard]] Error streamException(std::string_view type, std::string_view payload);
/// The exception as which an error of ours is told.
[[nodiscard]] std::string_view exceptionName(const Error& error);
[[nodiscard]] std::string errorBody(const Error& error);

/// What the id of a model tells of its maker: the fields it takes differ by that.
struct ModelFamily {
    bool claude = false;
    bool nova = false;
    bool nova2 = false;
    bool openWeight = false; // OpenAI's gpt-oss
    bool anyone = false;     // an ARN that names no maker
    bool takesMarks = false; // of a Claude: the cache's
    ClaudeModel version;     // of a Claude

    [[nodiscard]] bool caches() const { return cachesTools() || nova; }
    /// Nova refuses the mark among tools, and Claudes from before 3.5 Haiku refuse it everywhere.
    [[nodiscard]] bool cachesTools() const { return anyone || (claude && takesMarks); }
    [[nodiscard]] bool cachesAnHour() const { return claude && version.version >= 405; }
    /// Other Claudes either refuse the word or are not held to a schema at all.
    [[nodiscard]] bool takesStrict() const
    {
        return !anyone && (!claude || version.version == 405 || version.version == 406);
    }
    [[nodiscard]] bool takesReasoningBack() const { return claude || anyone; }
    [[nodiscard]] bool takesResultStatus() const { return claude || nova || anyone; }
};
[[nodiscard]] ModelFamily familyOf(std::string_view model);

/// Undecided for a reason that is unknown or not there.
[[nodiscard]] Finish finishNamed(std::string_view reason);
[[nodiscard]] std::string_view finishName(Finish finish);
/// The model's output could not be read by Bedrock itself; there is no answer.
[[nodiscard]] bool isMalformed(std::string_view reason);
[[nodiscard]] Error malformedOutput(std::string_view reason);

/// A content block that is the same in requests and answers; false where it is of another type.
bool readBlock(const JsonObject& block, std::vector<Part>& into);
/// A citation of a page on the web, which is the only kind that means something elsewhere; else nothing.
[[nodiscard]] std::optional<Citation> readCitation(const JsonObject& citation);
void writeCitation(JsonWriter& json, const Citation& citation);
void writeThinking(JsonWriter& json, const ThinkingPart& part);
void writeToolUse(JsonWriter& json, std::string_view id, const ToolCallPart& call);

/// Its input excludes what was cached, like Anthropic's.
[[nodiscard]] Usage readUsage(std::string_view usage);
void writeUsage(JsonWriter& json, const Usage& usage, const std::optional<Money>& cost);

} // namespace gateway::dialect::bedrock
