// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "exchange/dialect_id.h"

namespace gateway::pipeline {

enum class EndpointKind : std::uint8_t {
    Unknown,
    Greeting, // GET|HEAD / and /api/hello
    Health,
    Ready,
    Metrics,
    OpenApi,
    Models,
    Model,        // one of them
    KeptResponse, // an answer of the Responses dialect, by its id
    OllamaTags,   // what Ollama's clients ask besides calling models
    OllamaShow,
    OllamaVersion,
    OllamaRunning,
    Realtime, // a WebSocket to a model
    Generate, // a dialect's call to a model, by `operation`
    Admin,
};

/// What a path means. `allow` lists its methods as the Allow header does.
struct Endpoint {
    EndpointKind kind = EndpointKind::Unknown;
    DialectId dialect = DialectId::OpenAiChat; // also the shape of errors
    Operation operation = Operation::Undecided;
    std::string_view allow;
    bool open = false;    // answers without a key
    bool doubled = false; // /v1/v1/…: the base URL has one /v1 too many
    bool openRouter = false;
    bool codex = false;     // Codex's question for its own list
    bool stream = false;    // by the path: Gemini's
    bool jsonArray = false; // its stream is one JSON array
    bool batch = false;     // of Embed: Gemini's call for a list of inputs
    bool webSocket = false; // clients may ask for it as a WebSocket, too
    std::string_view rest;  // of Model, KeptResponse: the id; of Generate: the model, where the path names it
    std::string_view after; // of KeptResponse: what of it, empty for itself
};

/// Knows paths only; exact, from one table, after the prefixes that clients' SDKs put before them.
[[nodiscard]] Endpoint findEndpoint(std::string_view path, std::string_view query = {});
[[nodiscard]] bool methodAllowed(const Endpoint& endpoint, std::string_view method);

} // namespace gateway::pipeline
