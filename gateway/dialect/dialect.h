// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/ids.h"
#include "gateway/result.h"

#include "base/frame_scanner.h"
#include "base/json_scan.h"
#include "dialect/tool_names.h"
#include "exchange/canonical.h"
#include "exchange/dialect_id.h"

namespace gateway::dialect {

/// What a request's path and query say of it. Most dialects say all in the body.
struct PathFacts {
    std::string model; // Gemini's /models/{model}:verb
    Operation operation = Operation::Undecided;
    bool stream = false;
    bool jsonArray = false; // Gemini's streams without alt=sse
    bool batch = false;     // of Embed: the call that takes a list of inputs
};

/// A path that clients of a dialect call, all with POST. After a prefix that names the dialect (`/openai`),
/// which is taken away first.
struct PathRule {
    enum class Root : std::uint8_t {
        Undecided,
        Versioned, // `/v1`, `/api/v1` or nothing stands before it
        Beta,      // `/v1beta` or `/v1`
        Exact,
    };
    Root root = Root::Undecided;
    std::string_view path;  // up to the model, where one stands in the path
    std::string_view after; // what follows the model; empty: there is none in this path
    Operation operation = Operation::Undecided;
    bool stream = false;
    bool batch = false;
};

/// What the gateway must know of a request before it chooses a target, read from the scanned body without a
/// tree. Views point into the body.
struct RequestFacts {
    std::string model;          // decoded
    std::string_view modelSpan; // the quoted string in the body
    bool stream = false;
    bool jsonArray = false;    // of a stream: its events are the elements of one array
    bool includeUsage = false; // the client gets usage in its stream, by asking or by its dialect
    bool hasTools = false;
    bool hasImages = false;
    bool isEmpty = false;   // nothing is asked: Ollama's clients have a model loaded so, or unloaded
    bool needsEdit = false; // as it came its own dialect's provider would refuse it: `edit` mends it
    std::optional<std::int64_t> maxTokens;
    std::vector<std::string> fallbackModels; // OpenRouter's `models`
};

/// What a request wants of a model beside text, tools and images. Found out only where there is a choice.
struct RequestNeeds {
    bool audio = false;     // the model has to hear
    bool schema = false;    // the answer is to be JSON of a schema
    bool reasoning = false; // thinking before the answer is asked for by name
};

/// How a body is changed before it goes to a target of the same dialect. All else stays byte for byte.
struct BodyEdit {
    std::string model;                    // the provider's name of the model
    bool addUsage = false;                // ask for usage in the stream, although the client did not
    std::string overrideJson;             // the target's `override` object, merged over the top level
    std::string serverJson = {};          // members that the provider's kind adds; stronger than the override
    std::vector<std::string> remove = {}; // members that are not for the provider
    const Quirks* quirks = nullptr;       // of the server, where it has some
    std::vector<std::string>* dropped = nullptr; // gets the names of what the quirks took out
    [[nodiscard]] bool changesMembers() const
    {
        return !overrideJson.empty() || !serverJson.empty() || !remove.empty();
    }
};

/// What a client has seen of a stream, as far as its dialect numbers events or repeats the answer's id.
struct StreamSoFar {
    std::int64_t events = 0;
    std::string id;
};

struct CompletionContext {
    RequestId id;
    std::string model; // as the client named it
    std::int64_t createdSeconds = 0;
    bool includeUsage = false;
    bool jsonArray = false;
    std::optional<Money> cost; // put in as usage.cost where usage was asked for
    // What the answer repeats or depends on (tools that the client gave as custom or in a namespace, the
    // fields that Responses sends back). Both outlive whoever gets this context.
    const Request* request = nullptr;
    const JsonDocument* document = nullptr;
    /// Gets the whole answer before the client does, where the dialect has answers that are kept.
    std::function<void(std::string_view answer)> keepAnswer = {};
    /// The part of a stream that was passed on, where an error event is to follow it.
    StreamSoFar soFar = {};
    /// The request's tool of that name; null where it has none.
    [[nodiscard]] const Tool* findTool(std::string_view name) const;
};

/// Looks at each event of a stream whose two sides speak the same dialect, and says what to do with it.
class StreamMeter {
public:
    enum class Act : std::uint8_t { Undecided, Forward, Drop, Replace, Cut };
    struct Reading {
        Act act = Act::Forward;
        std::string replacement; // for Replace: whole event bytes
        std::string_view cut;    // for Cut: the part of event.raw that is left out
        bool ended = false;      // the dialect's end marker ([DONE], message_stop)
        bool failed = false;     // the provider reports an error inside its stream
    };

    virtual ~StreamMeter() = default;
    /// `raw`-only events (comments) are forwarded.
    virtual Reading read(const SseEvent& event) = 0;
    /// A finish or stop reason was seen: the answer is complete even if the end marker is missing.
    [[nodiscard]] virtual bool finished() const = 0;
    [[nodiscard]] virtual bool ended() const = 0;
    [[nodiscard]] const Usage& usage() const { return m_usage; }
    /// Characters of answer text so far; what a cut stream's usage is estimated from.
    [[nodiscard]] std::size_t answerChars() const { return m_answerChars; }
    /// That text, as it stands within the quotes of its JSON strings; of a very long one the begin.
    [[nodiscard]] const std::string& answerJson() const { return m_answerJson; }
    /// The provider's in-stream error, once `failed` was read.
    [[nodiscard]] const std::optional<Error>& failure() const { return m_failure; }
    /// For the error event that may have to follow.
    [[nodiscard]] virtual StreamSoFar soFar() const { return {}; }
    /// What an endless stream still owes the client after its finish was seen: the end marker.
    [[nodiscard]] virtual std::string missingEnd() const = 0;

protected:
    /// `inside`: of a JSON string of the answer. Kept, as nobody knows before the end whether it will have to
    /// be counted; appending to one buffer is cheaper than counting along.
    void addAnswer(std::string_view inside)
    {
        m_answerChars += inside.size();
        if (m_answerJson.size() < kMostAnswer) m_answerJson.append(inside);
    }

    Usage m_usage;
    std::size_t m_answerChars = 0;
    std::optional<Error> m_failure;

private:
    static constexpr std::size_t kMostAnswer = std::size_t{256} * 1024;

    std::string m_answerJson;
};

/// Prices a stream's final usage, so that its cost can be put into the last usage object.
using CostOf = std::function<std::optional<Money>(const Usage&)>;

struct MeterOptions {
    bool stripUsage = false; // the client did not ask for usage, we did
    bool jsonArray = false;  // the client wants its events as one array: each is replaced
    CostOf costOf;           // set where the client asked for usage
};

/// Provider's stream → canonical events. `read` appends to `out`.
class EventDecoder {
public:
    virtual ~EventDecoder() = default;
    virtual void read(const SseEvent& event, std::vector<Event>& out) = 0;
    /// The provider closed the stream: completes it (Finished was seen) or appends Failed with
    /// upstream_truncated.
    virtual void close(std::vector<Event>& out) = 0;
    /// It was said why the answer ended, although Finished waits for the end of the stream.
    [[nodiscard]] virtual bool finished() const { return false; }
};

/// Canonical events → the client's stream. Emits the dialect's exact order of events.
class EventEncoder {
public:
    virtual ~EventEncoder() = default;
    virtual void write(const Event& event, std::string& out) = 0;
};

/// The embeddings of a dialect, both directions. Stateless; any thread.
class EmbeddingShape {
public:
    virtual ~EmbeddingShape() = default;
    [[nodiscard]] virtual Result<EmbedRequest> decodeRequest(std::string_view body,
                                                             const PathFacts& path) const = 0;
    [[nodiscard]] virtual std::string encodeRequest(EmbedRequest& request) const = 0;
    /// True where an input may be given as token numbers instead of text.
    [[nodiscard]] virtual bool takesTokens() const { return false; }
    [[nodiscard]] virtual Result<Embeddings> decodeAnswer(std::string_view body) const = 0;
    [[nodiscard]] virtual std::string encodeAnswer(const Embeddings& answer,
                                                   const EmbedRequest& request) const = 0;
};

/// One wire shape, both directions. Stateless; any thread. Errors of decodeRequest are the client's fault
/// (invalid_request with `param`), those of decodeCompletion the provider's (upstream_invalid_response).
class Dialect {
public:
    virtual ~Dialect() = default;
    [[nodiscard]] virtual DialectId id() const = 0;
    /// What `dialects` of a virtual key calls it: one word for all the shapes of one vendor.
    [[nodiscard]] virtual std::string_view clientName() const { return dialectName(id()); }
    /// Where clients find it; empty for a dialect that only providers speak.
    [[nodiscard]] virtual const std::vector<PathRule>& paths() const = 0;

    /// Needs `document.root == Object`. `path.operation` says what the body asks for.
    [[nodiscard]] virtual Result<RequestFacts> facts(const JsonDocument& document,
                                                     const PathFacts& path) const = 0;
    /// Of a body that has facts.
    [[nodiscard]] virtual RequestNeeds needs(const JsonDocument&) const { return {}; }
    /// True where a stream's usage comes only when the request asks for it: see BodyEdit::addUsage.
    [[nodiscard]] virtual bool asksForUsage() const { return false; }
    /// False where the model stands in the path alone, so that another name changes nothing in the body.
    [[nodiscard]] virtual bool modelInBody() const { return true; }
    /// The body for a target of the same dialect: only spans are exchanged.
    [[nodiscard]] virtual Result<std::string> edit(std::string_view body, const JsonDocument& document,
                                                   const BodyEdit& edit) const = 0;
    /// False where a server with these quirks would refuse the body: see BodyEdit::quirks.
    [[nodiscard]] virtual bool suits(const JsonDocument& /*body*/, const Quirks& /*server*/) const
    {
        return true;
    }
    /// Usage of a whole answer; unknown when it carries none.
    [[nodiscard]] virtual Usage readUsage(const JsonDocument& answer) const = 0;
    /// True when a 200 answer has the shape that the dialect promises for the operation.
    [[nodiscard]] virtual bool isAnswer(const JsonDocument& answer, Operation operation) const = 0;
    /// The whole answer with `usage.cost` put in (same dialect, non-streamed).
    [[nodiscard]] virtual std::string addCost(std::string_view answer, const JsonDocument& document,
                                              Money cost) const = 0;
    [[nodiscard]] virtual std::unique_ptr<StreamMeter> meter(MeterOptions options) const = 0;
    /// How a stream of this dialect is cut into events, and the Content-Type it has.
    [[nodiscard]] virtual Framing framing() const { return Framing::Sse; }
    [[nodiscard]] virtual std::string_view streamType(bool jsonArray) const
    {
        return jsonArray ? "application/json" : "text/event-stream";
    }

    [[nodiscard]] virtual Result<Request> decodeRequest(std::string_view body,
                                                        const PathFacts& path) const = 0;
    /// Fills `request.dropped` with what this dialect cannot say.
    [[nodiscard]] virtual std::string encodeRequest(Request& request) const = 0;
    /// Names of tools that its providers take; others are to be renamed before. Nothing: any.
    [[nodiscard]] virtual std::optional<ToolNameRule> toolNameRule() const { return ToolNameRule{}; }
    [[nodiscard]] virtual Result<Completion> decodeCompletion(std::string_view body) const = 0;
    [[nodiscard]] virtual std::string encodeCompletion(const Completion& completion,
                                                       const CompletionContext& context) const = 0;
    [[nodiscard]] virtual std::unique_ptr<EventDecoder> eventDecoder() const = 0;
    /// `context.cost` is not used: the encoder asks `costOf` when usage is written.
    [[nodiscard]] virtual std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context,
                                                                     CostOf costOf) const = 0;
    /// Whether answers can hold the picture; what they cannot is put into words before it is encoded.
    [[nodiscard]] virtual bool answersWith(const ImagePart& /*image*/) const { return false; }
    /// Null where the dialect has no embeddings.
    [[nodiscard]] virtual const EmbeddingShape* embedding() const { return nullptr; }
    /// The answer to a request with nothing in it, for models that need no loading.
    [[nodiscard]] virtual std::string encodeLoaded(const JsonDocument& /*request*/,
                                                   const CompletionContext& /*context*/) const
    {
        return {};
    }
    /// The answer to a call that only counts: `tokens` are what the prompt has.
    [[nodiscard]] virtual std::string encodeCount(std::int64_t tokens) const;
    /// The count in another's answer to such a call; nothing when it has none.
    [[nodiscard]] virtual std::optional<std::int64_t> readCount(const JsonDocument& answer) const;

    /// The status of an error answer, where this dialect's clients want another than its code says.
    [[nodiscard]] virtual int errorStatus(const Error& error) const { return httpStatus(error); }
    /// An error answer's body in this dialect's shape (contract, section 7).
    [[nodiscard]] virtual std::string encodeError(const Error& error, std::string_view requestId) const = 0;
    /// The same inside a stream that has begun: the error event's bytes.
    /// `context.jsonArray` decides whether it stands in an array.
    [[nodiscard]] virtual std::string encodeStreamError(const Error& error,
                                                        const CompletionContext& context) const = 0;
    /// A provider's error body: message and, where recognizable, a better code (context_length_exceeded).
    struct ProviderError {
        std::string message;
        std::string type;
        Code code = Code::Undecided; // ContextLengthExceeded, ProviderAuthFailed or Undecided
        bool shaped = false;         // it is an error of this dialect's shape
        bool contentRefused = false; // for what is said
    };
    [[nodiscard]] virtual ProviderError readError(std::string_view body) const = 0;
    /// The header in which this dialect's SDKs look for the request's id, besides x-request-id.
    [[nodiscard]] virtual std::string_view requestIdField() const { return {}; }
    /// A keep-alive that every client of this dialect accepts; empty where none is allowed.
    [[nodiscard]] virtual std::string_view keepAlive() const = 0;
};

/// Every dialect that dialects.def registers.
[[nodiscard]] const Dialect& dialectOf(DialectId id);
[[nodiscard]] const std::vector<const Dialect*>& allDialects();

} // namespace gateway::dialect
