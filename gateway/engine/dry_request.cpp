// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dry_request.h"

#include <algorithm>
#include <utility>

#include "base/json_text.h"
#include "base/wall_clock.h"
#include "dialect/span_edit.h"
#include "pipeline/inline_config.h"
#include "pipeline/inline_plan.h"
#include "pipeline/personal_text.h"

namespace gateway::engine {

namespace {

constexpr std::size_t kMostMetadata = 4096; // as in a request's head

DialectId dialectOfBody(const JsonDocument& body)
{
    if (body.find("contents")) return DialectId::Gemini;
    if (body.find("input")) return DialectId::OpenAiResponses;
    if (body.find("prompt")) return DialectId::OpenAiCompletions;
    return body.find("system") || body.find("thinking") || body.find("stop_sequences")
               ? DialectId::AnthropicMessages
               : DialectId::OpenAiChat;
}

/// Where clients of a dialect send what they want answered.
std::string usualPath(std::string_view dialect, const dialect::RequestFacts& facts, const JsonDocument& body)
{
    if (dialect == dialectName(DialectId::AnthropicMessages)) return "/v1/messages";
    if (dialect == dialectName(DialectId::OpenAiResponses)) return "/v1/responses";
    if (dialect == dialectName(DialectId::OpenAiCompletions)) return "/v1/completions";
    if (dialect == dialectName(DialectId::Ollama)) return body.find("prompt") ? "/api/generate" : "/api/chat";
    if (dialect == dialectName(DialectId::Cohere)) return "/v2/chat";
    if (dialect == dialectName(DialectId::Bedrock))
        return "/model/" + facts.model + (facts.stream ? "/converse-stream" : "/converse");
    if (dialect == dialectName(DialectId::Gemini))
        return "/v1beta/models/" + facts.model +
               (facts.stream ? ":streamGenerateContent" : ":generateContent");
    return "/v1/chat/completions";
}

Outcome scanObject(std::string_view body, JsonDocument& into)
{
    into = {};
    if (const auto problem = scanJson(body, into))
        return clientError(Code::InvalidJson, "The request is not valid JSON: " + problem->message +
                                                  " (line " + std::to_string(problem->line) + ").");
    if (into.root == JsonKind::Object) return Done{};
    return clientError(Code::InvalidRequest, "The request must be a JSON object.");
}

void noteLogged(const LogRow& logged, ReadRequest& into)
{
    if (logged.id.value != 0) into.nowMicros = logged.id.microseconds();
    if (!logged.dialect.empty()) into.row.dialect = logged.dialect;
    into.row.key = logged.key;
    into.row.client = logged.client;
    into.row.session = logged.session;
    into.row.metadataJson = logged.metadataJson;
    into.row.tags = logged.tags;
}

Outcome readHead(const DryRequest& request, const Config& config, ReadRequest& into)
{
    into.headers = request.headers;
    for (const auto& [name, value] : into.headers)
        into.head.fields.push_back({name, value});
    pipeline::noteClient(into.head, into.row);
    if (auto problem = pipeline::readWishes(into.head, into.wishes)) return *std::move(problem);
    if (auto problem = pipeline::placeConfig(into.wishes, config, true)) return *std::move(problem);
    if (!into.wishes.route.empty() && !config.findRoute(into.wishes.route))
        return clientError(Code::ModelNotFound,
                           "There is no route `" + into.wishes.route + "` (x-turnpike-route).",
                           "x-turnpike-route");
    if (request.metadataJson.empty()) return Done{};
    JsonDocument document;
    if (request.metadataJson.size() > kMostMetadata || scanJson(request.metadataJson, document) ||
        document.root != JsonKind::Object)
        return clientError(Code::InvalidRequest, "The metadata must be a JSON object of at most 4096 bytes.");
    into.row.metadataJson = request.metadataJson;
    return Done{};
}

/// A body may leave its model to the routes that came with it.
Outcome leaveModelOpen(ReadRequest& into)
{
    if (into.wishes.config.empty() || !into.path.model.empty() || into.document.find("model")) return Done{};
    into.bytes = dialect::withMember(into.bytes, "model", jsonQuoted(pipeline::kInlineRoute));
    return scanObject(into.bytes, into.document);
}

void nameModels(const DryRequest& request, ReadRequest& into)
{
    if (!into.wishes.route.empty()) {
        into.names = {into.wishes.route};
    } else if (!request.route.empty()) {
        into.names = {request.route};
    } else {
        into.names = {into.facts.model};
        into.names.insert(into.names.end(), into.facts.fallbackModels.begin(),
                          into.facts.fallbackModels.end());
    }
}

} // namespace

Outcome readRequest(const DryRequest& request, const Config& config, ReadRequest& into)
{
    into.bytes = request.body;
    if (auto scanned = scanObject(into.bytes, into.document); !scanned) return scanned;
    into.spoken = &dialect::dialectOf(dialectOfBody(into.document));
    into.nowMicros = nowMicros();
    into.row.dialect = dialectName(into.spoken->id());
    if (auto read = readHead(request, config, into); !read) return read;
    into.path.operation = Operation::Chat;
    // Gemini's clients name the model in the path; here it may stand in the body, or the route says it.
    if (!into.document.find("model")) into.path.model = request.route;
    if (auto left = leaveModelOpen(into); !left) return left;
    auto facts = into.spoken->facts(into.document, into.path);
    if (!facts) return facts.error();
    into.facts = std::move(facts.value());
    auto wishes = pipeline::readProviderWishes(into.document);
    if (!wishes) return wishes.error();
    into.preferences = std::move(wishes->preferences);
    pipeline::addRules(into.wishes.data, wishes->data);
    if (request.logged) noteLogged(*request.logged, into);
    into.url = usualPath(into.row.dialect, into.facts, into.document);
    into.head.path = into.url;
    into.row.requestedModel = into.facts.model;
    into.row.stream = into.facts.stream;
    nameModels(request, into);
    return Done{};
}

pipeline::RoutedRequest routedRequest(ReadRequest& read)
{
    pipeline::RoutedRequest request;
    request.head = &read.head;
    request.row = &read.row;
    request.body = &read.document;
    request.bytes = read.bytes;
    request.facts = &read.facts;
    request.conversation = [&read]() -> const Request* {
        if (read.conversation) return &*read.conversation;
        auto decoded = read.spoken->decodeRequest(read.bytes, read.path);
        if (!decoded) return nullptr;
        return &read.conversation.emplace(std::move(decoded.value()));
    };
    if (!read.personal) read.personal = pipeline::personalIn(read.bytes);
    request.personal = read.personal;
    request.likenesses = &read.likenesses;
    return request;
}

} // namespace gateway::engine
