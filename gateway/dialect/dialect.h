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

#include "base/json_scan.h"
#include "base/sse_scanner.h"
#include "exchange/canonical.h"
#include "exchange/dialect_id.h"

namespace gateway::dialect {

/// What the gateway must know of a request before it chooses a target, read from the scanned body without a
/// tree. Views point into the body.
struct RequestFacts {
    std::string model;          // decoded
    std::string_view modelSpan; // the quoted string in the body
    bool stream = false;
    bool includeUsage = false; // the client asked for usage in its stream
    bool hasTools = false;
    bool hasImages = false;
    std::optional<std::int64_t> maxTokens;
    std::vector<std::string> fallbackModels; // OpenRouter's `models`
};

/// How a body is changed before it goes to a target of the same dialect. All else stays byte for byte.
struct BodyEdit {
    std::string model;        // the provider's name of the model
    bool addUsage = false;    // ask for usage in the stream, although the client did not
    std::string overrideJson; // the target's `override` object, merged over the top level
};

struct CompletionContext {
    RequestId id;
    std::string model; // as the client named it
    std::int64_t createdSeconds = 0;
    bool includeUsage = false;
    std::optional<Money> cost;            // put in as usage.cost where usage was asked for
    std::vector<std::string> customTools; // names of the request's `custom` tools: their calls look so too
};

/// Looks at each event of a stream whose two sides speak the same dialect, and says what to do with it.
class StreamMeter {
public:
    enum class Act : std::uint8_t { Undecided, Forward, Drop, Replace };
    struct Reading {
        Act act = Act::Forward;
        std::string replacement; // for Replace: whole event bytes
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
    /// The provider's in-stream error, once `failed` was read.
    [[nodiscard]] const std::optional<Error>& failure() const { return m_failure; }
    /// What an endless stream still owes the client after its finish was seen: the end marker.
    [[nodiscard]] virtual std::string missingEnd() const = 0;

protected:
    Usage m_usage;
    std::size_t m_answerChars = 0;
    std::optional<Error> m_failure;
};

/// Prices a stream's final usage, so that its cost can be put into the last usage object.
using CostOf = std::function<std::optional<Money>(const Usage&)>;

struct MeterOptions {
    bool stripUsage = false; // the client did not ask for usage, we did
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
};

/// Canonical events → the client's stream. Emits the dialect's exact order of events.
class EventEncoder {
public:
    virtual ~EventEncoder() = default;
    virtual void write(const Event& event, std::string& out) = 0;
};

/// One wire shape, both directions. Stateless; any thread. Errors of decodeRequest are the client's fault
/// (invalid_request with `param`), those of decodeCompletion the provider's (upstream_invalid_response).
class Dialect {
public:
    virtual ~Dialect() = default;
    [[nodiscard]] virtual DialectId id() const = 0;

    /// Needs `document.root == Object`.
    [[nodiscard]] virtual Result<RequestFacts> facts(const JsonDocument& document) const = 0;
    /// The body for a target of the same dialect: only spans are exchanged.
    [[nodiscard]] virtual Result<std::string> edit(std::string_view body, const JsonDocument& document,
                                                   const BodyEdit& edit) const = 0;
    /// Usage of a whole answer; unknown when it carries none.
    [[nodiscard]] virtual Usage readUsage(const JsonDocument& answer) const = 0;
    /// True when a 200 answer has the shape that the dialect promises for the operation.
    [[nodiscard]] virtual bool isCompletion(const JsonDocument& answer) const = 0;
    /// The whole answer with `usage.cost` put in (same dialect, non-streamed).
    [[nodiscard]] virtual std::string addCost(std::string_view answer, const JsonDocument& document,
                                              Money cost) const = 0;
    [[nodiscard]] virtual std::unique_ptr<StreamMeter> meter(MeterOptions options) const = 0;

    [[nodiscard]] virtual Result<Request> decodeRequest(std::string_view body) const = 0;
    /// Fills `request.dropped` with what this dialect cannot say.
    [[nodiscard]] virtual std::string encodeRequest(Request& request) const = 0;
    [[nodiscard]] virtual Result<Completion> decodeCompletion(std::string_view body) const = 0;
    [[nodiscard]] virtual std::string encodeCompletion(const Completion& completion,
                                                       const CompletionContext& context) const = 0;
    [[nodiscard]] virtual std::unique_ptr<EventDecoder> eventDecoder() const = 0;
    /// `context.cost` is not used: the encoder asks `costOf` when usage is written.
    [[nodiscard]] virtual std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context,
                                                                     CostOf costOf) const = 0;

    /// An error answer's body in this dialect's shape (contract, section 7).
    [[nodiscard]] virtual std::string encodeError(const Error& error, std::string_view requestId) const = 0;
    /// The same inside a stream that has begun: the error event's bytes.
    [[nodiscard]] virtual std::string encodeStreamError(const Error& error,
                                                        std::string_view requestId) const = 0;
    /// A provider's error body: message and, where recognizable, a better code (context_length_exceeded).
    struct ProviderError {
        std::string message;
        std::string type;
        Code code = Code::Undecided; // ContextLengthExceeded or Undecided
        bool shaped = false;         // it is an error of this dialect's shape
    };
    [[nodiscard]] virtual ProviderError readError(std::string_view body) const = 0;
    /// The header in which this dialect's SDKs look for the request's id, besides x-request-id.
    [[nodiscard]] virtual std::string_view requestIdField() const { return {}; }
    /// A keep-alive that every client of this dialect accepts; empty where none is allowed.
    [[nodiscard]] virtual std::string_view keepAlive() const = 0;
};

/// Every dialect that dialects.def registers.
[[nodiscard]] const Dialect& dialectOf(DialectId id);

} // namespace gateway::dialect
