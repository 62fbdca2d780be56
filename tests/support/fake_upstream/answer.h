// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ask.h"

namespace fake {

enum class Finish : uint8_t { Undecided, Stop, Length, ToolCalls, Refusal, Filtered };

struct ToolCall {
    std::string id; // Without the dialect's prefix.
    std::string name;
    std::vector<std::string> argumentPieces;

    std::string arguments() const;
};

/// An answer before it has a dialect.
struct Answer {
    std::string thinking;
    std::vector<std::string> textPieces;
    std::vector<ToolCall> calls;
    Finish finish = Finish::Stop;
    bool unknownFields = false;
    uint64_t outputTokens = 7;
    std::string usageJson;           // In place of the usual usage, as the dialect has it.
    std::string service = "default"; // Who served it, in OpenAI's dialects.

    std::string text() const;
};

/// What every answer reports as its prompt. OpenAI counts cached tokens inside the prompt, Anthropic beside
/// it.
inline constexpr uint64_t kPromptTokens = 16;
inline constexpr uint64_t kCacheReadTokens = 4;
inline constexpr uint64_t kCacheWriteTokens = 3;
inline constexpr uint64_t kReasoningTokens = 5;

/// Frame is what stands around the content: block starts and stops, pings.
enum class EventRole : uint8_t { Undecided, Start, Frame, Content, Finish, Usage, End, Error };

struct StreamEvent {
    EventRole role;
    std::string name; // Empty in dialects without event names.
    std::string data;
};

/// What the request leads to: text, tool calls or the text after their result.
Answer usualAnswer(const Ask& ask);
/// `each` that many times, between commas.
std::string repeated(uint64_t times, std::string_view each);
std::vector<ToolCall> toolCalls(const Ask& ask, size_t count);

/// How one dialect says things.
struct DialectWords {
    std::string (*plain)(const Ask& ask, const Answer& answer);
    std::vector<StreamEvent> (*stream)(const Ask& ask, const Answer& answer);
    std::string (*error)(unsigned status, std::string_view message);
    StreamEvent (*streamError)();
    std::string (*models)();
    std::string (*countTokens)();              // Null where the dialect has no such call.
    std::string (*embeddings)(const Ask& ask); // Likewise.
    /// What its answers carry beside the content's type and length.
    std::string_view headFields;
    /// A JSON document per line instead of server-sent events.
    bool lines = false;
};
const DialectWords& wordsOf(const Ask& ask);

namespace openai {
extern const DialectWords kWords;
extern const DialectWords kCompletionsWords;
/// Error body and headers are the same in all of OpenAI's APIs.
std::string error(unsigned status, std::string_view message);
inline constexpr std::string_view kHeadFields =
    "x-request-id: req_fake\r\nopenai-processing-ms: 1\r\nopenai-version: 2020-10-01\r\n";
} // namespace openai
namespace responses {
extern const DialectWords kWords;
} // namespace responses
namespace anthropic {
extern const DialectWords kWords;
} // namespace anthropic
namespace gemini {
extern const DialectWords kWords;
} // namespace gemini
namespace ollama {
extern const DialectWords kWords;
extern const DialectWords kPromptWords;
} // namespace ollama
namespace cohere {
extern const DialectWords kWords;
} // namespace cohere

} // namespace fake
