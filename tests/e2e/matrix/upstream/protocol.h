// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "feature.h"
#include "support/fake_upstream/http_request.h"

namespace matrix {

/// What a provider's model is given of a request, out of the words of its protocol.
struct Seen {
    struct Tool {
        std::string name, description;
        nlohmann::json schema;
    };
    struct Call {
        std::string id, name;
        nlohmann::json arguments;
    };
    struct Result {
        std::string id; // of the call; empty in protocols that go by the order
        std::string text;
    };

    std::string system;
    std::string user, assistant;     // all texts of each
    std::vector<std::string> images; // base64
    std::vector<Tool> tools;
    std::string choice; // "auto", "none", "required"; empty: nothing is said
    std::vector<Call> calls;
    std::vector<Result> results;
    nlohmann::json format; // the schema that the answer is held to; null: none
    bool reasons = false;
    std::string signature; // of the reasoning that comes back
    std::optional<std::int64_t> maxTokens;
    bool stream = false;
    std::string fault; // what the protocol's reference forbids and no schema can say
};

enum class Ending : std::uint8_t { Undecided, Stop, Calls, Length, Refusal, Failure };

/// What the model answers, before it is put into the words of a protocol.
struct Answer {
    std::string model;
    std::vector<std::string> thinking;
    std::vector<std::string> text;
    std::vector<CallRow> calls;
    Ending ending = Ending::Stop;
    bool reasoned = false;    // also told by protocols that hide what was thought, in their usage
    bool includeUsage = true; // OpenAI's streams have it only where it was asked for
};

/// One provider's API: what it takes and how it answers. Sources stand at each implementation.
class Protocol {
public:
    virtual ~Protocol() = default;
    /// Where the base URL of its provider begins, "/chat".
    [[nodiscard]] virtual std::string_view root() const = 0;
    /// File in the folder of schemas, without its ending.
    [[nodiscard]] virtual std::string_view schema() const = 0;
    /// What is wrong with path and headers; `path` is behind the root. Empty: nothing.
    [[nodiscard]] virtual std::string headFault(const fake::HttpRequest& request,
                                                std::string_view path) const = 0;
    [[nodiscard]] virtual Seen read(const nlohmann::json& body, std::string_view path) const = 0;

    [[nodiscard]] virtual std::string whole(const Answer& answer) const = 0;
    /// The bytes of each event. One of Ending::Failure breaks off with the protocol's error.
    [[nodiscard]] virtual std::vector<std::string> events(const Answer& answer) const = 0;
    [[nodiscard]] virtual std::string_view streamType() const { return "text/event-stream"; }
    [[nodiscard]] virtual std::string error(unsigned status, std::string_view message) const = 0;
    /// Headers that an error comes with, each with its line end.
    [[nodiscard]] virtual std::string errorFields(unsigned /*status*/) const { return {}; }
};

[[nodiscard]] const std::vector<const Protocol*>& allProtocols();

const Protocol& openAiChat();
const Protocol& compatible();
const Protocol& completions();
const Protocol& azure();
const Protocol& responses();
const Protocol& anthropic();
const Protocol& gemini();
const Protocol& vertex();
const Protocol& bedrock();
const Protocol& cohere();
const Protocol& ollama();

/// "event: NAME" (left out when empty) and "data: JSON".
[[nodiscard]] std::string sse(std::string_view event, const nlohmann::json& data);
/// The header's fault unless it has the value.
[[nodiscard]] std::string headerFault(const fake::HttpRequest& request, std::string_view name,
                                      std::string_view value);
/// The base64 text of a data URL of a PNG; the whole text where it is none.
[[nodiscard]] std::string imageOf(const std::string& url);
/// Text in pieces, so that arguments and texts are streamed as models write them.
[[nodiscard]] std::vector<std::string> pieces(std::string_view text, std::size_t size);
/// What is wrong when a protocol wants a result for each call and nothing else.
[[nodiscard]] std::string pairingFault(const Seen& seen);

inline constexpr std::string_view kProviderKey = "sk-canary-93f1c2d7a8b6";

} // namespace matrix
