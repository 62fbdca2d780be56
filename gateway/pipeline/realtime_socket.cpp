// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/realtime_socket.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/asio/post.hpp>

#include "base/redaction.h"
#include "base/strings.h"
#include "base/wall_clock.h"
#include "dialect/dialect.h"
#include "pipeline/answers.h"
#include "pipeline/data_rules.h"
#include "pipeline/inline_plan.h"
#include "pipeline/key_rights.h"
#include "pipeline/key_token.h"
#include "pipeline/provider_health.h"
#include "pipeline/request_situation.h"
#include "pipeline/socket_head.h"
#include "pipeline/target_fitness.h"
#include "pipeline/upstream_status.h"

namespace gateway::pipeline {

namespace {

constexpr std::string_view kSubprotocol = "realtime";
constexpr std::size_t kMaxMessage = std::size_t{64} << 20; // from the provider, as other answers

const dialect::Dialect& openAi()
{
    return dialect::dialectOf(DialectId::OpenAiChat);
}

/// The model and the parameters that go on with it: a key is none of them, and the rest we say ourselves.
void readQuery(std::string_view query, std::string& model, std::string& rest)
{
    for (const std::string_view part : splitAt(query, '&')) {
        const std::string_view name = part.substr(0, part.find('='));
        const std::string_view value = part.substr(std::min(name.size() + 1, part.size()));
        if (name == "model" || (name == "deployment" && model.empty()))
            model = percentDecoded(value);
        else if (!part.empty() && name != "key" && name != "api-version" && name != "api-key")
            rest.append("&").append(part);
    }
}

upstream::ReplyHead headOf(const net::WebSocket::Reply& reply)
{
    upstream::ReplyHead head;
    head.status = reply.status;
    for (const auto& [name, value] : reply.fields)
        head.fields.emplace_back(name, value);
    return head;
}

} // namespace

RealtimeSocket::RealtimeSocket(ThreadContext& context, const Admitted& admitted)
    : m_context(context), m_admitted(admitted), m_idle(context.deadlines, [this] {
        if (m_client && !m_ending) {
            m_goodbye = "Nothing was sent for too long.";
            end(*m_client);
        }
    })
{
    readQuery(admitted.head.query, m_model, m_query);
    m_row.id = admitted.id;
    m_row.dialect = kSubprotocol;
    m_row.requestedModel = m_model;
    m_row.stream = true;
    m_row.cache = "bypass";
    noteKey(admitted.key, m_row);
    noteClient(admitted.head, m_row);
    // Rows of one connection belong together.
    if (m_row.session.empty()) m_row.session = admitted.id.text();
}

std::optional<listener::Answer> RealtimeSocket::earlyAnswer()
{
    std::optional<Error> problem;
    if (m_context.shared.paused.load(std::memory_order_relaxed))
        problem =
            gatewayError(Code::GatewayPaused, "Turnpike is paused. Resume it in its window or tray menu.");
    if (!problem) problem = readWishes(m_admitted.head, m_wishes);
    if (!problem) problem = placeConfig(m_wishes, *m_admitted.runtime->config, false);
    if (!problem && m_model.empty() && m_wishes.route.empty())
        problem =
            clientError(Code::InvalidRequest, "Name the model in the URL: /v1/realtime?model=….", "model");
    if (!problem) return std::nullopt;
    return refuse(*problem);
}

net::Task<void> RealtimeSocket::run(std::string, listener::Responder&)
{
    co_return; // never without the upgrade
}

listener::Answer RealtimeSocket::refuse(const Error& error)
{
    recordSession(&error);
    return errorAnswer(openAi(), error, m_admitted.id.text());
}

void RealtimeSocket::cancel()
{
    m_cancelled = true;
    if (m_call) m_call->cancel();
    if (m_inquiry.cancel) std::exchange(m_inquiry.cancel, nullptr)();
    wakeSleepers(m_context, m_sleeps);
}

net::Task<std::optional<listener::Answer>> RealtimeSocket::prepare()
{
    const Failure failure = co_await openAny();
    if (failure) co_return refuse(*failure);
    co_return std::nullopt;
}

listener::SocketTerms RealtimeSocket::terms() const
{
    listener::SocketTerms terms;
    terms.maxMessage = m_admitted.runtime->config->server.maxBodyBytes;
    terms.fields.emplace_back("x-request-id", m_admitted.id.text());
    terms.fields.emplace_back("x-turnpike-provider", m_row.provider);
    terms.fields.emplace_back("x-turnpike-model", m_row.model);
    if (offersSubprotocol(m_admitted.head, kSubprotocol))
        terms.fields.emplace_back("Sec-WebSocket-Protocol", kSubprotocol);
    return terms;
}

Result<routing::Plan> RealtimeSocket::plan(std::vector<routing::RouteStep>& steps) const
{
    const std::string& name = m_wishes.route.empty() ? m_model : m_wishes.route;
    const access::VirtualKey* key = m_admitted.key;
    const auto refused = [&] {
        return clientError(Code::ModelNotAllowed,
                           "The key `" + m_row.key + "` may not use `" + name +
                               "`. Allow it in the key's models or routes.",
                           "model");
    };
    if (key && key->routes.empty() && !mayAsk(key, name)) return refused();
    const Runtime& runtime = *m_admitted.runtime;
    RoutedRequest request;
    request.head = &m_admitted.head;
    request.row = &m_row;
    const RequestSituation situation(runtime, std::move(request), m_context.random, nowMicros());
    auto plan = routing::planFor(*runtime.config, runtime, name, routing::PlanContext{&situation, &steps});
    if (!plan) return plan;
    if (!mayAsk(key, name, plan.value().route.text)) return refused();
    // What will be said nobody knows.
    if (auto problem = keepMeeting(plan.value().targets, runtime, m_wishes.data, true))
        return *std::move(problem);
    moveSetBackToEnd(plan.value().targets, runtime, std::nullopt, nowMicros());
    return plan;
}

net::Clock::time_point RealtimeSocket::openedBy(const routing::Plan& plan) const
{
    std::optional<milliseconds> total;
    if (!plan.targets.empty()) total = plan.targets.front().timeout.total;
    if (m_wishes.totalTimeoutMs) total = milliseconds(*m_wishes.totalTimeoutMs);
    return total ? m_start + *total : net::Clock::time_point::max();
}

net::Task<RealtimeSocket::Failure> RealtimeSocket::openAny()
{
    if (m_admitted.runtime->readsOrigin) co_await knowOrigin();
    std::vector<routing::RouteStep> steps;
    auto found = plan(steps);
    if (!found) co_return found.error();
    m_row.route = found.value().route.text;
    if (Failure refused = beginGuarding(found.value(), steps)) co_return refused;
    if (Failure refused = co_await askAboutHead()) co_return refused;
    m_openedBy = openedBy(found.value());
    if (Failure refused = co_await admit()) co_return refused;
    std::vector<Error> failures;
    for (const routing::Target& target : found.value().targets) {
        Failure failure = co_await openTarget(target);
        if (!failure) co_return std::nullopt;
        const bool last = failure->retry == Retry::Never || m_cancelled || net::Clock::now() >= m_openedBy;
        failures.push_back(std::move(*failure));
        if (last) break;
    }
    if (failures.empty())
        co_return gatewayError(Code::NoProviderConfigured, "`" + m_model + "` has no targets.");
    co_return finalError(std::move(failures));
}

net::Task<RealtimeSocket::Failure> RealtimeSocket::openTarget(const routing::Target& target)
{
    const ProviderRuntime* provider = m_admitted.runtime->findProvider(target.provider.text);
    if (!provider || provider->kind->realtimePath(provider->base.path, target.model).empty()) {
        Error error = gatewayError(Code::InvalidRequest, "`" + target.provider.text +
                                                             "` has no Realtime API. Name a model of a "
                                                             "provider that has one.");
        error.retry = Retry::NextTarget;
        co_return error;
    }
    auto keys = usableKeys(*m_admitted.runtime, *provider, m_row.session, {}, m_context.random);
    if (!keys) co_return keys.error();
    Passes passes;
    if (Failure refused = co_await spendOn(target, *provider, passes)) co_return refused;
    Failure failure = co_await tryKeys(target, *provider, keys.value());
    if (!failure) m_passes = std::move(passes);
    co_return failure;
}

net::Task<RealtimeSocket::Failure> RealtimeSocket::tryKeys(const routing::Target& target,
                                                           const ProviderRuntime& provider,
                                                           const std::vector<const ProviderKeyRuntime*>& keys)
{
    Failure failure;
    for (const ProviderKeyRuntime* key : keys) {
        failure = co_await openOnce(target, provider, key);
        if (!failure) co_return std::nullopt;
        if (key) learnOfKey(*key->health, *failure, m_row.attempts.back().status);
        if (m_cancelled || !isKeysFault(*failure, m_row.attempts.back().status)) break;
    }
    if (failure->retry == Retry::SameTarget) failure->retry = Retry::NextTarget;
    co_return failure;
}

net::WebSocket::Fields RealtimeSocket::fieldsFor(const ProviderRuntime& provider) const
{
    net::WebSocket::Fields fields;
    fields.emplace_back("User-Agent", "Turnpike");
    provider.kind->addFields(fields, &m_admitted.head, clientField);
    for (const auto& field : provider.config.headers)
        fields.push_back(field);
    // Of what a page offers besides, some is its key.
    if (offersSubprotocol(m_admitted.head, kSubprotocol))
        fields.emplace_back("Sec-WebSocket-Protocol", kSubprotocol);
    return fields;
}

std::string RealtimeSocket::targetFor(const ProviderRuntime& provider, const std::string& model) const
{
    return provider.kind->realtimePath(provider.base.path, model) + m_query;
}

net::Task<RealtimeSocket::Failure> RealtimeSocket::openOnce(const routing::Target& target,
                                                            const ProviderRuntime& provider,
                                                            const ProviderKeyRuntime* key)
{
    const auto since = [this] {
        return std::chrono::duration_cast<std::chrono::microseconds>(net::Clock::now() - m_start).count();
    };
    AttemptRow attempt;
    attempt.provider = m_row.provider = provider.config.id.text;
    attempt.model = m_row.model = target.model;
    if (key) attempt.keyId = key->id.text;
    attempt.startedAfter = since();
    m_row.attempts.push_back(attempt);
    AttemptRow& row = m_row.attempts.back();
    Secret proof;
    if (key) {
        auto token = co_await provingSecret(m_context, provider, *key);
        if (!token) co_return token.error();
        proof = std::move(token.value());
    }
    upstream::CallTimeouts timeouts;
    timeouts.connect = target.timeout.connect;
    timeouts.firstByte = target.timeout.firstByteStreamed;
    timeouts.totalEnd = m_openedBy;
    m_call = std::make_unique<upstream::SocketCall>(m_context.upstream, provider.base.origin, timeouts,
                                                    kMaxMessage);
    if (m_cancelled) m_call->cancel();
    const net::WebSocket::Fields fields = fieldsFor(provider);
    const std::string path = targetFor(provider, target.model);
    std::string secretLines;
    if (!proof.empty())
        secretLines = provider.kind->authLines(
            proof, {"GET", provider.authority, path, fields, {}, m_admitted.id.microseconds() / 1'000'000});
    auto reply = co_await m_call->open({provider.authority, path, fields, secretLines});
    wipe(secretLines);
    row.connect = m_call->connected();
    row.total = since() - row.startedAfter;
    Failure failure;
    if (!reply) {
        failure = reply.error();
    } else if (row.status = reply.value().status; row.status != 101) {
        std::vector<std::string_view> secrets;
        if (key) secrets = provider.kind->secretParts(key->secret);
        if (!proof.empty()) secrets.push_back(proof.reveal());
        const upstream::ReplyHead head = headOf(reply.value());
        failure =
            refusedReply({head, reply.value().body, row.provider, openAi(), true}, target.retry, secrets);
    }
    if (failure) row.error = codeName(failure->code);
    m_provider = &provider;
    m_open = !failure;
    co_return failure;
}

/// Posted: whoever wakes it must not find this, and itself with it, ended on return.
void RealtimeSocket::wake()
{
    boost::asio::post(m_context.context, [wake = m_wake] { wake->notify(); });
}

void RealtimeSocket::moved()
{
    m_idle.setIn(m_admitted.runtime->config->server.limits.webSocketIdle);
}

net::Detached RealtimeSocket::end(net::WebSocket& client)
{
    ++m_running;
    m_ending = true;
    co_await client.close(net::close_code::kGoingAway, m_goodbye);
    --m_running;
    wake();
}

void RealtimeSocket::drain()
{
    m_draining = true;
    if (!m_client || m_ending || m_response) return;
    m_goodbye = "The gateway is shutting down.";
    end(*m_client);
}

net::Detached RealtimeSocket::sendUp(net::WebSocket& client)
{
    ++m_running;
    net::WebSocket& provider = m_call->socket();
    try {
        for (;;) {
            auto message = co_await client.receive();
            m_clientLeft = !message && !m_providerLeft && !m_ending;
            if (!message) break;
            moved();
            if (m_toldOver) continue;
            if (!message->binary && !mayPass(message->bytes)) {
                co_await endWhereOver(client);
                continue;
            }
            bool goesOn = true; // GCC 12 must not await behind `||`
            if (m_guard) goesOn = co_await guardUp(client, message->bytes);
            if (!goesOn) co_await endWhereOver(client);
            if (!goesOn || m_toldOver) continue;
            const bool sent = co_await provider.send(message->bytes, message->binary);
            if (!sent) break;
        }
        if (m_clientLeft) recordUnfinished();
        const net::WebSocket::End& why = client.end();
        const std::uint16_t code = why.clean ? why.code : net::close_code::kGoingAway;
        if (m_toldOver)
            co_await provider.close(net::close_code::kPolicy, m_goodbye);
        else
            co_await provider.close(code, why.reason);
    } catch (const std::exception&) {
        m_call->cancel(); // Memory ran out: this connection ends, the others go on.
    }
    --m_running;
    wake();
}

net::Task<void> RealtimeSocket::sendDown(net::WebSocket& client)
{
    net::WebSocket& provider = m_call->socket();
    for (;;) {
        auto message = co_await provider.receive();
        m_providerLeft = !message && !m_clientLeft && !m_ending;
        if (!message) break;
        moved();
        const bool sent = co_await passDown(client, *std::move(message));
        if (!sent && !m_toldOver) co_return;
        co_await endWhereOver(client);
        if (m_draining && !m_response && !m_ending) drain();
    }
    // Before the close, which waits for the client's answer to it.
    if (m_providerLeft) recordUnfinished();
    const net::WebSocket::End& why = provider.end();
    if (why.clean) {
        co_await client.close(why.code, why.reason);
        co_return;
    }
    if (m_ending) co_return;
    m_ending = true; // so that nobody else says something now
    const std::string text =
        errorEvent(upstreamError(Code::UpstreamConnectionClosed, Retry::Never,
                                 "The provider closed the connection without a word. Connect again."));
    co_await client.send(text);
    co_await client.close(net::close_code::kInternal, "The provider closed the connection.");
}

net::Task<void> RealtimeSocket::talk(net::WebSocket& client)
{
    m_client = &client;
    moved();
    sendUp(client);
    if (m_draining) drain();
    try {
        co_await sendDown(client);
    } catch (const std::exception&) {
        // Memory ran out: this connection ends, the others go on.
    }
    m_idle.clear();
    m_client = nullptr;
    cancel(); // whoever is asked about an event, too
    if (m_running > 0) client.abort();
    net::Signal& woken = *m_wake;
    while (m_running > 0)
        co_await woken;
    recordUnfinished();
    recordSession(m_over ? &*m_over : nullptr);
}

} // namespace gateway::pipeline
