// SPDX-License-Identifier: GPL-3.0-or-later
#include "ask.h"

#include "text.h"

namespace fake {

uint64_t Ask::number(size_t index, uint64_t otherwise) const
{
    if (index >= arguments.size()) return otherwise;
    return parseNumber(arguments[index]).value_or(otherwise);
}

static void readScenario(Ask& ask, std::string_view text)
{
    ask.arguments = splitAt(text, ':');
    ask.scenario = ask.arguments.front();
    ask.arguments.erase(ask.arguments.begin());
}

struct Place {
    bool post;
    std::string_view path;
    Path kind;
    Dialect dialect;
};

// Without the version, which a base URL may or may not have.
static constexpr Place kPlaces[] = {
    {true, "/chat/completions", Path::Completion, Dialect::OpenAi},
    {true, "/completions", Path::Completion, Dialect::Completions},
    {true, "/responses", Path::Completion, Dialect::Responses},
    {true, "/embeddings", Path::Embeddings, Dialect::OpenAi},
    {false, "/models", Path::Models, Dialect::OpenAi},
    {true, "/messages", Path::Completion, Dialect::Anthropic},
    {true, "/messages/count_tokens", Path::CountTokens, Dialect::Anthropic},
    {true, "/api/chat", Path::Completion, Dialect::Ollama},
    {true, "/api/generate", Path::Completion, Dialect::OllamaPrompt},
    {true, "/api/embed", Path::Embeddings, Dialect::Ollama},
    {false, "/api/tags", Path::Models, Dialect::Ollama},
    {true, "/chat", Path::Completion, Dialect::Cohere},
    {true, "/embed", Path::Embeddings, Dialect::Cohere},
};

/// Gemini names the model and what to do with it in the path: /models/MODEL:VERB.
static void readGeminiPath(Ask& ask, std::string_view path)
{
    ask.dialect = Dialect::Gemini;
    if (path == "/models") ask.path = Path::Models;
    size_t colon = path.rfind(':');
    if (!path.starts_with("/models/") || colon == path.npos) return;
    std::string_view verb = path.substr(colon + 1);
    ask.stream = verb == "streamGenerateContent";
    ask.batch = verb == "batchEmbedContents";
    if (verb == "generateContent" || ask.stream) ask.path = Path::Completion;
    if (verb == "countTokens") ask.path = Path::CountTokens;
    if (verb == "embedContent" || ask.batch) ask.path = Path::Embeddings;
    ask.model = percentDecoded(path.substr(8, colon - 8));
}

static void readPath(Ask& ask, const HttpRequest& request)
{
    static constexpr std::string_view kPrefix = "/scenario/";
    size_t query = request.target.find('?');
    std::string_view path = request.target.substr(0, query);
    if (path.starts_with(kPrefix)) {
        path.remove_prefix(kPrefix.size());
        size_t end = path.find('/');
        readScenario(ask, path.substr(0, end));
        path = end == path.npos ? std::string_view("/") : path.substr(end);
    }
    if (path.starts_with("/v1beta/")) return readGeminiPath(ask, path.substr(7));
    if (path.starts_with("/v1/") || path.starts_with("/v2/")) path.remove_prefix(3);
    ask.versionless = path;
    for (const Place& place : kPlaces) {
        if (path != place.path || (request.method == "POST") != place.post) continue;
        if (!place.post && request.method != "GET") continue;
        ask.path = place.kind;
        ask.dialect = place.dialect;
    }
    if (ask.path != Path::Models || ask.dialect != Dialect::OpenAi) return;
    if (!request.header("anthropic-version").empty()) ask.dialect = Dialect::Anthropic;
    // Cohere's list has the same path, but pages of its own.
    if (request.target.find("page_size=") != request.target.npos) ask.dialect = Dialect::Cohere;
}

Ask readAsk(const HttpRequest& request)
{
    Ask ask;
    readPath(ask, request);
    bool ollama = ask.dialect == Dialect::Ollama || ask.dialect == Dialect::OllamaPrompt;
    if (ollama && ask.path == Path::Completion) ask.stream = true; // Unless the body says otherwise.
    if (request.header("content-type").starts_with("multipart/"))
        ask.model = formField(request.body, "model");
    else if (!request.body.empty())
        readBody(ask, request.body);
    if (ask.model.starts_with("mock:")) readScenario(ask, std::string_view(ask.model).substr(5));
    return ask;
}

} // namespace fake
