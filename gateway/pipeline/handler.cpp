// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/handler.h"

#include <chrono>
#include <functional>

#include "access/client_key.h"
#include "base/strings.h"
#include "base/wall_clock.h"
#include "dialect/dialect.h"
#include "embedded.h"
#include "pipeline/admin_exchange.h"
#include "pipeline/answers.h"
#include "pipeline/feedback_exchange.h"
#include "pipeline/generate_exchange.h"
#include "pipeline/kept_answer.h"
#include "pipeline/kept_exchange.h"
#include "pipeline/modal_exchange.h"
#include "pipeline/model_lists.h"
#include "pipeline/models_answer.h"
#include "pipeline/ollama_calls.h"
#include "pipeline/proxy_exchange.h"
#include "pipeline/realtime_socket.h"
#include "pipeline/response_turn.h"
#include "pipeline/responses_socket.h"
#include "pipeline/socket_head.h"

namespace gateway::pipeline {

namespace {

constexpr int kRefusalsLoggedPerSecond = 5; // strangers must not fill the log

/// An answer that the head alone decides.
class HeadOnly : public listener::Exchange {
public:
    HeadOnly(listener::Answer answer, DialectId dialect, RequestId id)
        : m_answer(std::move(answer)), m_dialect(dialect), m_id(id)
    {
    }
    [[nodiscard]] std::optional<listener::Answer> earlyAnswer() override { return std::move(m_answer); }
    [[nodiscard]] std::uint64_t bodyLimit() const override { return 0; }
    net::Task<void> run(std::string, listener::Responder&) override { co_return; }
    [[nodiscard]] listener::Answer refuse(const Error& error) override
    {
        return errorAnswer(dialect::dialectOf(m_dialect), error, m_id.text());
    }
    void cancel() override {}

private:
    listener::Answer m_answer;
    DialectId m_dialect;
    RequestId m_id;
};

/// A list of models, for which providers may have to be asked first.
class ModelsExchange : public listener::Exchange {
public:
    using AnswerFn = std::function<listener::Answer()>;

    ModelsExchange(ThreadContext& context, std::shared_ptr<const Runtime> runtime, AnswerFn answer)
        : m_context(context), m_runtime(std::move(runtime)), m_answer(std::move(answer))
    {
    }
    [[nodiscard]] std::optional<listener::Answer> earlyAnswer() override { return std::nullopt; }
    [[nodiscard]] std::uint64_t bodyLimit() const override { return 0; }
    net::Task<void> run(std::string, listener::Responder& responder) override
    {
        co_await refreshModelLists(m_context, m_runtime, kListShownFor);
        co_await responder.send(m_answer());
    }
    [[nodiscard]] listener::Answer refuse(const Error&) override { return m_answer(); }
    void cancel() override {}

private:
    ThreadContext& m_context;
    std::shared_ptr<const Runtime> m_runtime;
    AnswerFn m_answer;
};

bool isFormType(std::string_view value)
{
    return equalsIgnoreCase(trimmed(value.substr(0, value.find(';'))), "multipart/form-data");
}

bool isJsonType(std::string_view value)
{
    const auto semicolon = value.find(';');
    if (!equalsIgnoreCase(trimmed(value.substr(0, semicolon)), "application/json")) return false;
    if (semicolon == std::string_view::npos) return true;
    const std::string_view parameter = trimmed(value.substr(semicolon + 1));
    return parameter.empty() || equalsIgnoreCase(parameter, "charset=utf-8") ||
           equalsIgnoreCase(parameter, "charset=\"utf-8\"");
}

Error unknownUrl(const Endpoint& endpoint, std::string_view path, std::string_view host, bool isAdmin)
{
    if (endpoint.doubled)
        return clientError(Code::UnknownUrl, "The path has /v1 twice. Set the tool's base URL to http://" +
                                                 std::string(host) +
                                                 ", without /v1: the tool adds it itself.");
    if (isAdmin)
        return clientError(Code::UnknownUrl, "There is nothing at `" + shortened(path, 120) +
                                                 "`. GET /openapi.json tells what there is.");
    return clientError(Code::UnknownUrl,
                       "There is nothing at `" + shortened(path, 120) +
                           "`. This version answers /v1/chat/completions, /v1/responses, /v1/messages, "
                           "/v1/messages/count_tokens, /v1beta/models/MODEL:generateContent "
                           "and /v1/models.");
}

/// Pages can send these two without being asked whether they may.
bool isPagesType(std::string_view value)
{
    const std::string_view type = trimmed(value.substr(0, value.find(';')));
    return type.empty() || equalsIgnoreCase(type, "text/plain") ||
           equalsIgnoreCase(type, "application/x-www-form-urlencoded");
}

/// It goes to a provider, so that it is in the log.
bool isCall(EndpointKind kind)
{
    return kind == EndpointKind::Generate || kind == EndpointKind::Modal || kind == EndpointKind::Kept ||
           kind == EndpointKind::Proxy;
}

bool isOllamaAsk(EndpointKind kind)
{
    return kind == EndpointKind::OllamaTags || kind == EndpointKind::OllamaShow ||
           kind == EndpointKind::OllamaVersion || kind == EndpointKind::OllamaRunning;
}

listener::Answer corsPreflight(const listener::RequestHead& head)
{
    listener::Answer answer;
    answer.status = 204;
    answer.contentType.clear();
    answer.headers.emplace_back("Access-Control-Allow-Methods",
                                "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    // The page is trusted with every call; which fields its SDK adds is not ours to know.
    if (const auto fields = head.field("access-control-request-headers"); !fields.empty())
        answer.headers.emplace_back("Access-Control-Allow-Headers", std::string(fields));
    return answer;
}

listener::Answer modelAnswer(const Runtime& runtime, const Endpoint& endpoint, RequestId requestId,
                             const access::VirtualKey* key)
{
    const auto models = listModels(runtime, key);
    ListShape shape = ListShape::OpenAi;
    if (endpoint.dialect == DialectId::AnthropicMessages) shape = ListShape::Anthropic;
    if (endpoint.dialect == DialectId::Gemini) shape = ListShape::Gemini;
    if (endpoint.dialect == DialectId::Cohere) shape = ListShape::Cohere;
    if (endpoint.openRouter) shape = ListShape::OpenRouter;
    if (endpoint.codex) shape = ListShape::Codex;
    listener::Answer answer;
    answer.headers.emplace_back("x-request-id", requestId.text());
    if (endpoint.kind == EndpointKind::Models) {
        answer.body = modelListBody(models, shape);
        return answer;
    }
    const std::string id = percentDecoded(endpoint.rest);
    if (auto body = modelBody(models, id, shape)) {
        answer.body = std::move(*body);
        return answer;
    }
    const Error error = clientError(
        Code::ModelNotFound, "There is no model `" + shortened(id, 120) + "`. See GET /v1/models.", "model");
    return errorAnswer(dialect::dialectOf(endpoint.dialect), error, requestId.text());
}

} // namespace

Handler::Door Handler::doorOf(const listener::RequestHead& head)
{
    return {head,
            access::AccessFields(head.fields),
            findEndpoint(head.path, head.query),
            m_context.runtime,
            nextRequestId(nowMicros()),
            nullptr,
            false};
}

std::unique_ptr<listener::Exchange> Handler::begin(const listener::RequestHead& head,
                                                   listener::PeerInfo& peer)
{
    Door door = doorOf(head);
    if (door.endpoint.kind == EndpointKind::Models || door.endpoint.kind == EndpointKind::Model) {
        if (!head.field("anthropic-version").empty()) door.endpoint.dialect = DialectId::AnthropicMessages;
        // The only thing that tells Cohere's SDKs from others at this path.
        if (head.field("x-fern-sdk-name").starts_with("cohere")) door.endpoint.dialect = DialectId::Cohere;
    }
    // Files have one path in two dialects.
    if (door.endpoint.kind == EndpointKind::Kept && !head.field("anthropic-version").empty())
        door.endpoint.dialect = DialectId::AnthropicMessages;
    // Who calls a provider in its own words expects its errors, too.
    if (door.endpoint.kind == EndpointKind::Proxy) {
        if (const auto* provider = door.runtime->findProvider(door.endpoint.rest))
            door.endpoint.dialect = provider->kind->dialect({});
    }
    door.origin = std::static_pointer_cast<ClientOrigin>(peer.kept);
    auto exchange = exchangeFor(door, peer);
    exchange->allowOrigin(door.runtime->guard.allowedOrigin(door.fields));
    return exchange;
}

std::unique_ptr<listener::Exchange> Handler::exchangeFor(Door& door, listener::PeerInfo& peer)
{
    if (const auto problem = door.runtime->guard.check(door.fields)) return refused(door, *problem);
    if (door.head.method == "OPTIONS" && !door.runtime->guard.allowedOrigin(door.fields).empty())
        return std::make_unique<HeadOnly>(corsPreflight(door.head), door.endpoint.dialect, door.id);
    if (const auto problem = checkKey(door)) return refused(door, *problem);
    if (const auto problem = checkShape(door)) return refused(door, *problem);
    // Google's SDKs ask under /v1, too; what was refused before is told in the shape that the path has.
    const bool models =
        door.endpoint.kind == EndpointKind::Models || door.endpoint.kind == EndpointKind::Model;
    if (models && door.endpoint.dialect == DialectId::OpenAiChat &&
        !door.head.field("x-goog-api-key").empty())
        door.endpoint.dialect = DialectId::Gemini;
    askForOrigin(door, peer);
    return admit(door);
}

void Handler::askForOrigin(Door& door, listener::PeerInfo& peer) const
{
    OriginSource* source = m_context.shared.origins;
    if (door.origin || !source || !peer.isLoopback) return;
    if (!isCall(door.endpoint.kind) && !door.head.upgradeWebSocket) return;
    door.origin = std::make_shared<ClientOrigin>();
    peer.kept = door.origin;
    source->find(door.origin, peer.remotePort, peer.localPort);
}

listener::Answer Handler::unreadable(const Error& error)
{
    return errorAnswer(dialect::dialectOf(DialectId::OpenAiChat), error, nextRequestId(nowMicros()).text());
}

std::optional<Error> Handler::checkKey(Door& door) const
{
    const bool openMethod = door.head.method == "GET" || door.head.method == "HEAD";
    if (door.endpoint.open && openMethod) return std::nullopt;
    auto presented = access::presentedKey(door.fields, door.head.path, door.head.query);
    if (!presented) return presented.error();
    const Secret& admin = door.runtime->adminKey;
    if (door.endpoint.kind == EndpointKind::Admin && !admin.empty()) {
        door.isAdmin = !presented.value().empty() && access::isSameKey(presented.value(), admin.reveal());
        if (door.isAdmin) return std::nullopt;
        return clientError(Code::InvalidApiKey,
                           "The administration takes its own key alone, which `server.admin_key` names.");
    }
    auto admitted = door.runtime->keys.admit(presented.value(), nowMicros());
    if (admitted) {
        door.key = admitted.value();
        return std::nullopt;
    }
    if (!door.runtime->config->server.requireKey) return std::nullopt;
    return admitted.error();
}

std::optional<Error> Handler::checkShape(const Door& door) const
{
    const Endpoint& endpoint = door.endpoint;
    const bool isShut = endpoint.kind == EndpointKind::Admin && (!door.isAdmin || endpoint.allow.empty());
    if (endpoint.kind == EndpointKind::Unknown || isShut)
        return unknownUrl(endpoint, door.head.path, door.fields.host, door.isAdmin);
    if (door.head.upgradeWebSocket || endpoint.kind == EndpointKind::Realtime) return checkUpgrade(door);
    if (!methodAllowed(endpoint, door.head.method)) {
        Error error =
            clientError(Code::MethodNotAllowed, "Only " + std::string(endpoint.allow) + " is allowed here.");
        error.allow = endpoint.allow;
        return error;
    }
    if (!door.head.field("content-encoding").empty())
        return clientError(Code::UnsupportedMediaType,
                           "Compressed request bodies are not accepted. Send it plain.");
    if (endpoint.kind == EndpointKind::Proxy && door.head.hasBody() &&
        isPagesType(door.head.field("content-type")))
        return clientError(Code::UnsupportedMediaType,
                           "Send the body with its Content-Type, which is neither text/plain nor a form.");
    const bool takesBody = endpoint.kind == EndpointKind::Generate || endpoint.kind == EndpointKind::Modal ||
                           endpoint.kind == EndpointKind::OllamaShow ||
                           endpoint.kind == EndpointKind::Feedback;
    if (!takesBody && endpoint.kind != EndpointKind::Kept && endpoint.kind != EndpointKind::Admin)
        return std::nullopt;
    if (takesBody && !door.head.chunked && !door.head.hasContentLength)
        return clientError(Code::LengthRequired, "Send Content-Length or `Transfer-Encoding: chunked`.");
    const std::string_view type = door.head.field("content-type");
    if (door.head.hasBody() && !isJsonType(type) && !(endpoint.form && isFormType(type)))
        return clientError(Code::UnsupportedMediaType,
                           endpoint.form ? "Send the body as `multipart/form-data` or `application/json`."
                                         : "Send the body as `Content-Type: application/json`.");
    return std::nullopt;
}

std::optional<Error> Handler::checkUpgrade(const Door& door)
{
    const Endpoint& endpoint = door.endpoint;
    if (!door.head.upgradeWebSocket) {
        Error error = clientError(Code::UpgradeRequired, "This is a WebSocket. Ask for the upgrade to it.");
        error.allow = "websocket";
        return error;
    }
    if (!endpoint.webSocket || door.head.method != "GET")
        return clientError(Code::UpgradeRequired,
                           "No WebSocket is served here. Use a plain " + std::string(endpoint.allow) + ".");
    return handshakeProblem(door.head);
}

std::optional<Error> Handler::checkDialect(const Door& door)
{
    if (!door.key || door.key->allowsDialect(dialect::dialectOf(door.endpoint.dialect).clientName()))
        return std::nullopt;
    return clientError(Code::ModelNotAllowed,
                       "The key `" + door.key->id.text + "` may not use this dialect.");
}

std::unique_ptr<listener::Exchange> Handler::socketFor(const Door& door)
{
    if (door.endpoint.kind == EndpointKind::Realtime)
        return std::make_unique<RealtimeSocket>(
            m_context, Admitted{door.head, door.endpoint, door.runtime, door.key, door.id, door.origin});
    return std::make_unique<ResponsesSocket>(
        m_context, ResponsesSocket::Admitted{
                       door.runtime, keeperOf(door.key), door.id,
                       [this, &head = door.head, origin = door.origin] { return beginTurn(head, origin); }});
}

std::unique_ptr<listener::Exchange> Handler::beginTurn(const listener::RequestHead& head,
                                                       const std::shared_ptr<ClientOrigin>& origin)
{
    Door door = doorOf(head);
    door.origin = origin;
    // The key may have been revoked since the connection was opened.
    if (const auto problem = checkKey(door)) return refused(door, *problem);
    if (const auto problem = checkDialect(door)) return refused(door, *problem);
    return std::make_unique<GenerateExchange>(
        m_context, Admitted{door.head, door.endpoint, door.runtime, door.key, door.id, door.origin});
}

std::unique_ptr<listener::Exchange> Handler::administer(const Door& door)
{
    AdminDesk* desk = m_context.shared.adminDesk;
    auto path = findAdminPath(door.head.path);
    if (!desk || !path)
        return refused(door, unknownUrl(door.endpoint, door.head.path, door.fields.host, true));
    AdminCall call;
    call.path = std::move(*path);
    call.method = door.head.method == "HEAD" ? std::string_view("GET") : door.head.method;
    call.query = door.head.query;
    call.ifMatch = door.head.field("if-match");
    return std::make_unique<AdminExchange>(m_context, *desk, std::move(call), door.id);
}

std::unique_ptr<listener::Exchange> Handler::admit(const Door& door)
{
    if (isCall(door.endpoint.kind) || door.endpoint.kind == EndpointKind::KeptResponse ||
        door.endpoint.kind == EndpointKind::Realtime) {
        if (const auto problem = checkDialect(door)) return refused(door, *problem);
    }
    if (door.head.upgradeWebSocket) return socketFor(door);
    if (door.endpoint.kind == EndpointKind::Admin) return administer(door);
    const Admitted admitted{door.head, door.endpoint, door.runtime, door.key, door.id, door.origin};
    if (door.endpoint.kind == EndpointKind::Generate)
        return std::make_unique<GenerateExchange>(m_context, admitted);
    const bool making = door.endpoint.kind == EndpointKind::Kept && door.head.method == "POST" &&
                        door.endpoint.operation == Operation::Video && door.endpoint.rest.empty();
    if (door.endpoint.kind == EndpointKind::Modal || making)
        return std::make_unique<ModalExchange>(m_context, admitted);
    if (door.endpoint.kind == EndpointKind::Kept) return std::make_unique<KeptExchange>(m_context, admitted);
    if (door.endpoint.kind == EndpointKind::Proxy)
        return std::make_unique<ProxyExchange>(m_context, admitted);
    if (door.endpoint.kind == EndpointKind::Feedback)
        return std::make_unique<FeedbackExchange>(m_context, door.key ? door.key->id.text : std::string(),
                                                  door.id);
    if (isOllamaAsk(door.endpoint.kind))
        return ollamaCall(m_context, {door.endpoint.kind, door.runtime, door.key, door.id});
    if (door.endpoint.kind == EndpointKind::Models || door.endpoint.kind == EndpointKind::Model)
        return std::make_unique<ModelsExchange>(
            m_context, door.runtime,
            [runtime = door.runtime, endpoint = door.endpoint, id = door.id, key = door.key] {
                return modelAnswer(*runtime, endpoint, id, key);
            });
    const bool isKept = door.endpoint.kind == EndpointKind::KeptResponse;
    const std::string responseId = isKept ? percentDecoded(door.endpoint.rest) : std::string();
    if (isKept && !isOwnResponse(responseId) &&
        !m_context.shared.responses.find(keeperOf(door.key), responseId) &&
        KeptExchange::hasKeeper(*door.runtime, door.endpoint))
        return std::make_unique<KeptExchange>(m_context, admitted);
    if (isKept) {
        auto body = keptAnswer(m_context.shared.responses,
                               {door.endpoint, door.head.method, door.head.query, keeperOf(door.key)});
        if (!body) return refused(door, body.error());
        listener::Answer answer;
        answer.body = std::move(body.value());
        answer.headers.emplace_back("x-request-id", door.id.text());
        return std::make_unique<HeadOnly>(std::move(answer), door.endpoint.dialect, door.id);
    }
    return std::make_unique<HeadOnly>(operation(door), door.endpoint.dialect, door.id);
}

std::unique_ptr<listener::Exchange> Handler::refused(const Door& door, const Error& error)
{
    recordRefusal(door, error);
    return std::make_unique<HeadOnly>(
        errorAnswer(dialect::dialectOf(door.endpoint.dialect), error, door.id.text()), door.endpoint.dialect,
        door.id);
}

void Handler::recordRefusal(const Door& door, const Error& error)
{
    if (!isCall(door.endpoint.kind) && door.endpoint.kind != EndpointKind::Realtime) return;
    const std::int64_t second = door.id.microseconds() / 1'000'000;
    if (second != m_refusalWindow) {
        m_refusalWindow = second;
        m_refusalsLogged = 0;
    }
    if (!door.key && ++m_refusalsLogged > kRefusalsLoggedPerSecond) return;
    LogRow row;
    row.id = door.id;
    row.dialect = dialectName(door.endpoint.dialect);
    noteKey(door.key, row);
    noteClient(door.head, row);
    noteOrigin(door.origin, row);
    row.status = dialect::dialectOf(door.endpoint.dialect).errorStatus(error);
    row.errorCode = codeName(error.code);
    row.errorMessage = error.message;
    row.costSource = "unknown";
    row.cache = "bypass";
    m_context.shared.requests.fetch_add(1, std::memory_order_relaxed);
    m_context.shared.failures.fetch_add(1, std::memory_order_relaxed);
    m_context.rows.record(row);
}

listener::Answer Handler::operation(const Door& door) const
{
    listener::Answer answer;
    answer.headers.emplace_back("x-request-id", door.id.text());
    switch (door.endpoint.kind) {
    case EndpointKind::Greeting:
        answer.body = R"({"name":"turnpike","status":"ok"})";
        break;
    case EndpointKind::Health:
        answer.body = R"({"status":"ok"})";
        break;
    case EndpointKind::Ready:
        if (door.runtime->secretsPending) answer.status = 503;
        answer.body = answer.status == 200 ? R"({"status":"ready"})" : R"({"status":"starting"})";
        break;
    case EndpointKind::Metrics:
        answer.contentType = "text/plain; version=0.0.4; charset=utf-8";
        answer.body = metrics();
        break;
    case EndpointKind::OpenApi:
        answer.body = embedded::openApiJson;
        break;
    default:
        break;
    }
    return answer;
}

std::string Handler::metrics() const
{
    const Shared& shared = m_context.shared;
    std::string text;
    const auto add = [&text](std::string_view name, std::string_view type, std::string_view help,
                             std::uint64_t value) {
        text.append("# HELP ")
            .append(name)
            .append(" ")
            .append(help)
            .append("\n# TYPE ")
            .append(name)
            .append(" ");
        text.append(type).append("\n").append(name).append(" ").append(std::to_string(value)).append("\n");
    };
    add("turnpike_requests_total", "counter", "Requests to models since the start.", shared.requests.load());
    add("turnpike_request_failures_total", "counter", "Those that ended in an error.",
        shared.failures.load());
    add("turnpike_requests_active", "gauge", "Requests under way.", shared.active.load());
    add("turnpike_connections_open", "gauge", "Open client connections.", shared.openConnections.load());
    add("turnpike_log_rows_lost_total", "counter", "Requests that the log could not keep.",
        m_context.rows.lostRows());
    add("turnpike_shadow_requests_skipped_total", "counter",
        "Requests that went to no shadow, as too many were under way.", shared.skippedShadows.load());
    add("turnpike_paused", "gauge", "1 while the gateway is paused.", shared.paused.load() ? 1 : 0);
    return text;
}

} // namespace gateway::pipeline
