// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/proxy_exchange.h"

#include <algorithm>

#include "base/json_text.h"
#include "base/strings.h"
#include "net/offload.h"
#include "pipeline/passed_fields.h"
#include "pipeline/token_estimate.h"

namespace gateway::pipeline {

namespace {

bool isJsonBody(std::string_view contentType)
{
    return equalsIgnoreCase(trimmed(contentType.substr(0, contentType.find(';'))), "application/json");
}

std::string modelOf(const JsonDocument& document)
{
    const JsonMember* model = document.find("model");
    if (!model || model->kind != JsonKind::String) return {};
    return unescapeJson(model->value.substr(1, model->value.size() - 2)).value_or(std::string());
}

} // namespace

net::Task<ProxyExchange::Failure> ProxyExchange::prepare()
{
    const ProviderRuntime* provider = nullptr;
    if (Failure problem = choose(provider)) co_return problem;
    if (isJsonBody(m_head.field("content-type")) && m_head.hasBody()) {
        JsonDocument document;
        if (Failure problem = co_await holdJson(document)) co_return problem;
        if (m_native.model.empty()) m_native.model = modelOf(document);
        const JsonMember* stream = document.find("stream");
        m_row.stream = stream && stream->kind == JsonKind::True;
        if (Failure refused = plan(*provider)) co_return refused;
        co_return co_await guardJson(*provider);
    }
    if (Failure problem = co_await hold(signs(*provider) ? bodyLimit() : kHeld)) {
        co_return problem;
    }
    if (Failure refused = plan(*provider)) co_return refused;
    co_await askAboutHead();
    if (m_cancelled) co_return goneError();
    if (!m_guarding) co_return std::nullopt;
    co_return co_await obeyHere(*provider);
}

net::Task<ProxyExchange::Failure> ProxyExchange::guardJson(const ProviderRuntime& provider)
{
    if (!beginGuarding()) co_return std::nullopt;
    if (m_row.stream) {
        if (Failure refused = refusedStream()) co_return refused;
    }
    if (!m_guarding->mustRead(m_body)) co_return std::nullopt;
    const DialectId dialect = m_native.dialect;
    const auto look = [this, dialect] {
        auto other = m_guarding->request(dialect, m_body, aboutRequest());
        if (auto unseen = m_guarding->loggable(dialect, m_body)) m_loggedBody = *std::move(unseen);
        if (other) m_body = *std::move(other);
        return true;
    };
    if (isLongRead())
        co_await net::offload(m_context.pool, m_context.context, look);
    else
        look();
    auto asks = m_guarding->requestAsks(dialect, m_body, aboutRequest());
    co_await askFor(std::move(asks), false);
    if (m_cancelled) co_return goneError();
    co_return co_await obeyHere(provider);
}

net::Task<ProxyExchange::Failure> ProxyExchange::obeyHere(const ProviderRuntime& provider)
{
    // There is no other provider to turn to.
    const auto* keepsIn = m_guarding->requestThat(guardrail::Action::Reroute);
    if (keepsIn && !provider.config.local) co_return guardrailBlocked(*keepsIn, false);
    co_return co_await obeyVerdicts();
}

net::Task<ProxyExchange::Failure> ProxyExchange::guardAnswer(std::string& body)
{
    JsonDocument document;
    if (!m_guarding || !m_guarding->caresForAnswers() || scanJson(body, document)) co_return std::nullopt;
    const DialectId dialect = m_native.dialect;
    const bool isKept = m_runtime->config->server.logBodies == LogBodies::All;
    const auto look = [this, dialect, &body, isKept] {
        auto other = m_guarding->answer(dialect, body);
        // Of what the provider sent: nothing that was masked is put back there.
        if (isKept) m_loggedAnswer = m_guarding->loggableAnswer(dialect, body);
        return other;
    };
    std::optional<std::string> other;
    if (body.size() < kLongRead)
        other = look();
    else
        other = co_await net::offload(m_context.pool, m_context.context, look);
    if (m_cancelled) co_return goneError();
    if (other) body = *std::move(other);
    if (m_guarding->asksAboutAnswers()) co_await askFor(m_guarding->answerAsks(dialect), true);
    if (m_cancelled) co_return goneError();
    co_return m_guarding->answerRefused();
}

/// What comes piece by piece is passed on as it is, whatever the provider writes.
ProxyExchange::Failure ProxyExchange::refusedStream() const
{
    const guardrail::Rule* strict = m_guarding ? m_guarding->strictAboutAnswers() : nullptr;
    if (!strict) return std::nullopt;
    Error error =
        clientError(Code::GuardrailBlocked, "The guardrail `" + strict->config.id.text +
                                                "` cannot look at a stream behind /proxy/. Ask without "
                                                "streaming, or by this gateway's own paths.");
    error.final = true;
    return error;
}

ProxyExchange::Failure ProxyExchange::choose(const ProviderRuntime*& provider)
{
    const std::string id(m_endpoint.rest);
    provider = m_runtime->findProvider(id);
    if (!provider)
        return clientError(Code::UnknownUrl, "There is no provider `" + shortened(id, 80) +
                                                 "` behind /proxy/. See Providers, or the configuration.");
    if (provider->kind->inProcess())
        return clientError(Code::InvalidRequest,
                           "`" + id + "` is no server: there is nothing to pass on to.");
    auto call = nativeCall(*provider->kind, provider->base.path, m_endpoint.after, m_head.query);
    if (!call) return call.error();
    m_native = std::move(call.value());
    m_counting = &dialect::dialectOf(m_native.dialect);
    m_row.stream = m_native.stream;
    return std::nullopt;
}

bool ProxyExchange::signs(const ProviderRuntime& provider) const
{
    return std::any_of(provider.keys.begin(), provider.keys.end(),
                       [&provider](const auto& key) { return provider.kind->signsBody(key.secret); });
}

ProxyExchange::Failure ProxyExchange::plan(const ProviderRuntime& provider)
{
    const std::string& id = provider.config.id.text;
    if (!m_native.model.empty()) {
        m_row.requestedModel = id + "/" + m_native.model;
        if (!mayUse(m_row.requestedModel) && !mayUse(m_native.model)) return mayNotUse(m_row.requestedModel);
    }
    routing::Target target;
    target.provider = provider.config.id;
    target.model = m_native.model;
    target.retry = routing::retryRules(nullptr, &provider.config.retry);
    // Nobody here knows what a call does that is made a second time.
    target.retry.onStatus.clear();
    if (m_head.method != "GET" && m_head.method != "HEAD") target.retry.attempts = 0;
    target.timeout = routing::timeoutRules(nullptr, &provider.config.timeout);
    m_plan.targets.push_back(std::move(target));
    if (Failure refused = applyDataPolicy(m_plan)) return refused;
    beginPlan();
    return std::nullopt;
}

Result<RelayExchange::Outgoing> ProxyExchange::outgoing(Attempt& attempt)
{
    attempt.anyError = true;
    Outgoing out;
    out.head.method = m_head.method;
    out.head.target = m_native.target;
    out.head.fields = passedRequestFields(m_head);
    return out;
}

Result<std::string> ProxyExchange::answerBody(const Attempt&, std::string body)
{
    JsonDocument document;
    // What is no JSON although it says so is the provider's word to its client.
    if (!scanJson(body, document) && document.root == JsonKind::Object)
        m_usage = m_counting->readUsage(document);
    return body;
}

std::optional<Framing> ProxyExchange::framingOf(const upstream::ReplyHead& reply) const
{
    if (!startsWithIgnoreCase(reply.contentType, m_counting->streamType(false))) return std::nullopt;
    return m_counting->framing();
}

void ProxyExchange::inspectEvent(const SseEvent& event)
{
    if (!m_meter) m_meter = m_counting->meter({});
    m_meter->read(event);
    m_usage = m_meter->usage();
}

/// An answer whose use was not told, or not to its end, has its price all the same.
void ProxyExchange::inspectEnd()
{
    if (!m_meter || m_head.method != "POST" || (m_meter->finished() && m_usage.known)) return;
    const std::int64_t answered = roughTokens(m_meter->answerChars());
    if (!m_usage.known && answered == 0) return; // maybe no answer of a model at all
    if (!m_usage.known) m_usage.inputTokens = estimatedTokens(m_body);
    m_usage.outputTokens = std::max(m_usage.outputTokens, answered);
    m_usage.known = m_usage.estimated = true;
}

listener::Headers ProxyExchange::fieldsOf(const Attempt& attempt, const upstream::ReplyHead& reply) const
{
    return passedAnswerFields(reply, secretsOf(attempt));
}

} // namespace gateway::pipeline
