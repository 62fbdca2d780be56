// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/result.h"

namespace gateway::meaning {
class Embedder;
} // namespace gateway::meaning

namespace gateway::guardrail {

/// Where a text stands in an exchange.
enum class Stage : std::uint8_t {
    Undecided,
    Request,    // what the user, the system or an earlier answer said
    ToolResult, // what a tool gave, on its way to the model
    Response,   // what the model says
    ToolCall    // the arguments of a tool that the model calls
};

/// A message of a request: the last, or the first that somebody said.
enum class MessageOf : std::uint8_t { Last, System, User, Assistant };

/// A place in a text, in bytes, that a check has found. `kind` says what it is, in one word fit for a
/// placeholder
/// ("email", "github_token"); it lives as long as the check.
struct Found {
    std::size_t start = 0, size = 0;
    std::string_view kind = {};
    bool operator==(const Found&) const = default;
};

/// A tool that a request offers, or that an answer calls.
struct ToolUse {
    std::string_view name;
    std::string_view argumentsJson = {}; // of a call; whatever the model wrote
};

/// A request or an answer as those checks see it that judge the whole. Views live as long as the judging.
struct Subject {
    Stage stage = Stage::Undecided;     // Request or Response
    std::string_view text = {};         // of the last message, or of the answer
    std::size_t textBytes = 0;          // of all messages
    std::int64_t tokens = 0;            // of the whole request, about; 0: nobody has counted
    std::string_view model = {};        // as the client named it
    std::string_view metadataJson = {}; // an object, or empty
    std::string_view requestType = {};  // "chat", "embeddings", "images", …: what the endpoint is for
    // The first message of each, in the enumerators' order; that of `lastIs` is the last one, too. Only there
    // where a check that mends may want it.
    std::array<std::string_view, 4> firstOf = {};
    MessageOf lastIs = MessageOf::Last;
    std::vector<ToolUse> tools = {}; // that the request offers, or the answer calls
    // For checks that ask somebody:
    std::string_view json = {};     // the body in the client's dialect; of a streamed answer empty
    std::string_view question = {}; // of an answer: the last message of its request
    std::string_view field = {};    // of the request's head, the one that the check names; it is not kept
    bool isStream = false;
};

/// A message that is to be added to a request: the system's or a user's.
struct AddedMessage {
    MessageOf of = MessageOf::User;
    bool isBefore = false; // what else that one says; else behind it
    std::string text;
};

/// What a check thinks of a whole. `reason` never quotes what was said.
struct Opinion {
    bool alarm = false;
    std::string reason = {};
    std::optional<std::string> instead = {}; // what the text should be, of checks whose kind `mends`
    MessageOf insteadOf = MessageOf::Last;   // in which message
    std::optional<AddedMessage> add = {};    // rather than that
    // Of checks that ask, rather than that: the body as it should be, of which only its texts are taken.
    std::optional<std::string> insteadJson = {};
    bool unknownKey = false; // of checks that keep what they ask for: it may be out of date
};

/// What a check asks before it can judge: of a model, by a path of this gateway, or of its address.
struct Inquiry {
    std::string path; // "/v1/chat/completions"; unused where the check has an address
    std::string body; // JSON; of checks that ponder the text, of those that keep a list what to judge by it
    std::chrono::milliseconds timeout{5000};
    bool isGet = false; // of an address, without a body
};

/// One rule's check with its parameters, made once per configuration. Immutable; any thread.
class Check {
public:
    virtual ~Check() = default;
    /// Appends all places in `text`, by place, none overlapping another. Linear in the size of the text. Only
    /// of checks whose kind has `places`.
    virtual void find(std::string_view /*text*/, std::vector<Found>& /*into*/) const {}
    /// What stands in the place of what it finds, where that is changed; nothing: a mask.
    [[nodiscard]] virtual std::optional<std::string_view> replacement() const { return {}; }
    /// Only of checks whose kind has none.
    [[nodiscard]] virtual Opinion judge(const Subject& /*subject*/) const { return {}; }
    /// Where its inquiries go, as http or https; empty: to models. Only of checks whose kind `asks`, as are
    /// the next three.
    [[nodiscard]] virtual std::string_view address() const { return {}; }
    /// Which field of a request's head it has to see; empty: none.
    [[nodiscard]] virtual std::string_view fieldName() const { return {}; }
    /// Fields of the head of what goes to that address.
    [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> fields() const { return {}; }
    /// Nothing: the subject needs none, and raises no alarm.
    [[nodiscard]] virtual std::optional<Inquiry> inquiry(const Subject& /*subject*/) const { return {}; }
    /// Error: the reply says nothing that can be used.
    [[nodiscard]] virtual Result<Opinion> read(int /*status*/, std::string_view /*reply*/) const
    {
        return Opinion();
    }
    /// Of checks whose kind `keeps`, which ask their address for a list, with nothing of the inquiry's in it:
    /// for how long that holds, and whether a reply is one.
    [[nodiscard]] virtual std::chrono::seconds keptFor() const { return {}; }
    [[nodiscard]] virtual bool isKept(int /*status*/, std::string_view /*reply*/) const { return false; }
    /// What it thinks without the list; where that is an alarm, nobody is asked.
    [[nodiscard]] virtual Opinion judgeUnasked(const Inquiry& /*inquiry*/) const { return {}; }
    /// A worker's call.
    [[nodiscard]] virtual Opinion judgeBy(std::string_view /*kept*/, const Inquiry& /*inquiry*/,
                                          std::int64_t /*nowSeconds*/) const
    {
        return {};
    }
    /// By the meaning of what its inquiry holds. A worker's call. Only of checks whose kind `ponders`. Error:
    /// it cannot be told.
    [[nodiscard]] virtual Result<Opinion> ponder(std::string_view /*text*/,
                                                 const meaning::Embedder& /*embedder*/) const
    {
        return Opinion();
    }
    /// The place from which on something may have begun in `text` that its end leaves open, as of a stream
    /// that goes on; what is found before it ends there, and is found in the same extent however the text
    /// goes on.
    [[nodiscard]] virtual std::size_t openSince(std::string_view text) const;
    /// Whether the text may hold something, told in much less time than find() takes, and of a text with its
    /// JSON escapes still in it. False is certain.
    [[nodiscard]] virtual bool mayFind(std::string_view /*json*/) const { return true; }
};

} // namespace gateway::guardrail
