// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http_request.h"

namespace fake {

enum class Dialect : uint8_t {
    Undecided,
    OpenAi,
    Completions, // OpenAI's older one, without messages.
    Responses,
    Anthropic,
    Gemini,
    Ollama,
    OllamaPrompt,
    Cohere
};
enum class Path : uint8_t { Unknown, Completion, CountTokens, Models, Embeddings };

/// What a request asks for: the path, and the few members of its body that change the answer.
struct Ask {
    Dialect dialect = Dialect::OpenAi;
    Path path = Path::Unknown;
    std::string versionless; // the path without its version
    std::string model;
    /// "burst:100" is scenario "burst" with argument "100". From the model's name behind `mock:`, else from
    /// a base URL that ends in /scenario/NAME, so that paths without a body can be scripted too.
    std::string scenario;
    std::vector<std::string> arguments;
    bool stream = false;
    bool includeUsage = false;
    bool afterToolResult = false;   // Since the model spoke last.
    std::vector<std::string> tools; // The names of the first two.
    bool forcedTool = false;
    uint64_t inputs = 1; // Of an embedding's input; token numbers count as one.
    bool batch = false;  // Gemini has a call of its own for several inputs.
    bool base64 = false;

    uint64_t number(size_t index, uint64_t otherwise) const;
};

Ask readAsk(const HttpRequest& request);
/// The members of a body that matter, whichever dialect they are of.
void readBody(Ask& ask, std::string_view body);
/// A field of a multipart/form-data body; empty when there is none.
std::string formField(std::string_view body, std::string_view name);

} // namespace fake
