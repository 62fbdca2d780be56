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
    Feedback, // what somebody thinks of an answer
    Realtime, // a WebSocket to a model
    Generate, // a dialect's call to a model, by `operation`
    Modal,    // a call to a model that is passed on in the client's words, by `operation`
    Kept,     // files, batches, films: what a provider keeps, by `operation`
    Proxy,    // a call in a provider's own words
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
    bool form = false;      // of Modal and Kept: the body may be a form with a file
    /// Of Model, KeptResponse, Kept: the id, of Kept also empty; of Generate: the model, where the path names
    /// it; of Proxy: the provider.
    std::string_view rest;
    /// Of KeptResponse and Kept: what of it, with a slash before it, empty for itself; of Proxy: the
    /// path at the provider, with its slash.
    std::string_view after;
};

/// Knows paths only; exact, from one table, after the prefixes that clients' SDKs put before them.
[[nodiscard]] Endpoint findEndpoint(std::string_view path, std::string_view query = {});
[[nodiscard]] bool methodAllowed(const Endpoint& endpoint, std::string_view method);

} // namespace gateway::pipeline
