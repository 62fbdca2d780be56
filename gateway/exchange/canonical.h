// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/error.h"

#include "exchange/quirks.h"
#include "exchange/usage.h"

/// The dialect-neutral form of a conversation: what a translation goes through. Strings are UTF-8; members
/// named …Json hold compact JSON text that is passed on, not looked into.
namespace gateway {

enum class Role : std::uint8_t { Undecided, System, User, Assistant };

/// A token of an answer and how likely it was to the model.
struct TokenLogprob {
    std::string token;
    double logprob = 0;     // finite
    std::string bytes = {}; // where they are not those of `token`: a piece of a character is no UTF-8
    std::vector<TokenLogprob> top = {}; // the likeliest at this place, likeliest first; these have none
};

/// A page of the web that a text relies on. Without a place it is all of the text that does. Clients whose
/// dialect has no such thing (Completions, Ollama, Cohere's for pages) are not told.
struct Citation {
    std::string url;
    std::string title;
    std::string text; // the words of the page
    // Code points of the text that cites: both or neither, 0 <= start <= end.
    std::optional<std::int64_t> start = {};
    std::optional<std::int64_t> end = {};
};

struct TextPart {
    std::string text;
    std::string cacheControlJson;            // Anthropic's cache_control, kept for targets that know it
    std::vector<TokenLogprob> logprobs = {}; // of answers alone, as are the citations
    std::vector<Citation> citations = {};
};

struct ImagePart {
    std::string mediaType; // "image/png"; empty with url
    std::string base64;
    std::string url;
    std::string detail; // OpenAI's low/high/auto
};

/// A file of any other kind: PDF, text, audio ("audio/wav"), video. Its media type says which.
struct DocumentPart {
    std::string mediaType;
    std::string base64;
    std::string url;
    std::string name;
};

/// A model's wish to call a tool. `argumentsJson` is a JSON object, `{}` when empty.
struct ToolCallPart {
    std::string id;
    std::string name;
    std::string argumentsJson;
    bool custom = false; // of an OpenAI custom tool: its free text stands in the member `input`
};

struct ToolResultPart {
    std::string callId;
    std::vector<std::variant<TextPart, ImagePart>> content;
    bool isError = false;
    std::string cacheControlJson = {}; // of the whole result: agents put it on the last one
};

/// Reasoning. A signature must come back with it next turn; `redacted` holds reasoning that only its provider
/// can read (Anthropic's redacted_thinking, OpenAI's encrypted_content). Both are marked with their maker,
/// who alone takes them back: see dialect/signature.h. What signs the call of a tool (Gemini's does) is a
/// part of its own without text, right before the call.
struct ThinkingPart {
    std::string text;
    std::string signature;
    std::string redacted;
};

using Part = std::variant<TextPart, ImagePart, DocumentPart, ToolCallPart, ToolResultPart, ThinkingPart>;

struct Message {
    Role role = Role::Undecided;
    std::vector<Part> parts;
};

struct Tool {
    std::string name;
    std::string description;
    std::string parametersJson; // JSON Schema object
    std::optional<bool> strict;
    std::string cacheControlJson;
    bool custom = false;          // OpenAI's custom tool: takes free text instead of JSON
    std::string formatJson;       // the grammar of that text
    std::string nameSpace = {};   // OpenAI's namespace tools: `name` is then namespace__ownName …
    std::string nameInSpace = {}; // … and this the name within, as the client has to be told it
};

struct ToolChoice {
    enum class Mode : std::uint8_t { Undecided, Auto, None, Required, Named };
    Mode mode = Mode::Undecided;
    std::string name; // for Named
};

enum class Effort : std::uint8_t { Undecided, None, Minimal, Low, Medium, High, Max };

/// How much to think: an effort, a token budget, or both unset.
struct Reasoning {
    Effort effort = Effort::Undecided;
    std::optional<std::int64_t> budgetTokens;
    bool adaptive = false;
    bool hidden = false;      // Anthropic's display "omitted": to be had, but not to be seen
    std::string summary = {}; // OpenAI's wish to see it: "auto", "concise", "detailed"
    [[nodiscard]] bool wanted() const
    {
        return adaptive || budgetTokens || (effort != Effort::Undecided && effort != Effort::None);
    }
};

/// A chat request without its dialect. System text stands in `messages` where the client put it.
struct Request {
    std::string model;
    std::vector<Message> messages;
    std::vector<Tool> tools;
    ToolChoice toolChoice;
    std::optional<bool> parallelToolCalls;
    std::optional<std::int64_t> maxTokens;
    std::optional<double> temperature, topP;
    std::optional<std::int64_t> topK, seed;
    std::optional<double> presencePenalty, frequencyPenalty;
    std::vector<std::string> stop;
    Reasoning reasoning;
    std::string responseFormatJson; // OpenAI's response_format object
    std::string verbosity;          // "low", "medium", "high"
    bool logprobs = false;
    std::optional<std::int64_t> topLogprobs; // more than 0, and only with the former
    std::string user;
    std::string metadataJson; // an object of strings
    std::string serviceTier;
    std::string promptCacheKey;
    const Quirks* quirks = nullptr; // of the target's server, where they are known; outlives this
    bool stream = false;
    bool includeUsage = false;        // the client asked for a usage chunk in its stream
    bool wantsImages = false;         // the answer is to hold pictures
    std::vector<std::string> dropped; // fields the target dialect cannot say, filled by encodeRequest
};

enum class Finish : std::uint8_t { Undecided, Stop, Length, ToolCalls, ContentFilter, StopSequence, Pause };

/// A whole answer.
struct Completion {
    std::string id;
    std::string model;
    // TextPart, ThinkingPart, ToolCallPart, ImagePart in the order the model gave them
    std::vector<Part> parts;
    Finish finish = Finish::Undecided;
    bool refused = false; // the text is a refusal; OpenAI marks it so, and finishes as ever
    std::string stopSequence;
    Usage usage;
};

/// What happens in a streamed answer, in this order: Started, then blocks (BlockStarted, deltas, BlockEnded;
/// never two open at once), UsageReported any time, Finished, Ended. Failed ends a stream at any point.
struct Started {
    std::string id, model;
};
enum class BlockKind : std::uint8_t { Undecided, Text, Thinking, ToolCall };
struct BlockStarted {
    int index = 0; // 0, 1, 2, …
    BlockKind kind = BlockKind::Undecided;
    std::string toolId, toolName; // for ToolCall
};
struct TextDelta {
    std::string text;                        // of a Text or Thinking block
    std::vector<TokenLogprob> logprobs = {}; // of a Text block; with them the text may be empty
    bool refusal = false;                    // OpenAI marks the words of a refusal so
};
/// Within the open Text block, behind the text that it is about.
struct Cited {
    Citation citation;
};
struct ArgumentsDelta {
    std::string json; // a fragment; may be cut anywhere
};
struct SignatureDelta {
    std::string signature; // of a Thinking block
    std::string redacted;
};
struct BlockEnded {
    int index = 0;
};
/// A picture that the model made, whole and between blocks.
struct ImageGiven {
    int index = 0; // counted with the blocks
    ImagePart image;
};
struct UsageReported {
    Usage usage; // all counts so far, not a difference
};
struct Finished {
    Finish finish = Finish::Undecided;
    std::string stopSequence;
};
struct Ended {};
struct Failed {
    Error error;
};

using Event = std::variant<Started, BlockStarted, TextDelta, Cited, ArgumentsDelta, SignatureDelta,
                           BlockEnded, ImageGiven, UsageReported, Finished, Ended, Failed>;

/// A request for vectors. Exactly one of `texts` and `tokensJson` holds something.
struct EmbedRequest {
    std::string model;
    std::vector<std::string> texts;
    std::string tokensJson; // OpenAI's input of token numbers: an array of numbers, or of such arrays
    bool single = false;    // the client gave one input, not a list
    std::optional<std::int64_t> dimensions;
    bool base64 = false;  // the client wants little-endian floats in base64
    std::string purpose;  // Gemini's taskType or Cohere's input_type, in the client's word
    std::string title;    // Gemini's
    std::string truncate; // "START", "END", "NONE"
    std::string user;
    std::vector<std::string> dropped;
};

struct Embeddings {
    std::string model;
    std::vector<std::vector<float>> vectors;
    Usage usage;
};

} // namespace gateway
