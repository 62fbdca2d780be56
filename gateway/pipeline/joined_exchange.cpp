// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that are under way already, byte for byte: one of them is answered, the others along with it.
#include <optional>
#include <string>
#include <utility>

#include "base/strings.h"
#include "pipeline/generate_exchange.h"

namespace gateway::pipeline {

namespace {

/// What changes the answer, or who may have it: fields that say how it is to come about, and none that only
/// name the client.
bool hasSay(std::string_view name)
{
    for (const std::string_view prefix :
         {"x-turnpike-", "x-portkey-", "cf-aig-", "x-litellm-", "anthropic-"}) {
        if (startsWithIgnoreCase(name, prefix)) return true;
    }
    return false;
}

} // namespace

std::optional<Sha256> GenerateExchange::joinKey() const
{
    if (m_plan.route.empty()) return std::nullopt;
    const RouteConfig* route = m_runtime->config->findRoute(m_plan.route.text);
    if (!route || !route->join || m_endpoint.operation != Operation::Chat || m_facts.isEmpty)
        return std::nullopt;
    const std::string_view cache = m_head.field("x-turnpike-cache");
    if (cache == "bypass" || cache == "refresh") return std::nullopt;
    std::string text = m_row.key;
    text.append(1, '\0').append(m_head.target).append(1, '\0');
    for (const HeaderField& field : m_head.fields) {
        if (hasSay(field.name)) text.append(field.name).append(1, ':').append(field.value).append(1, '\0');
    }
    const Sha256 body = sha256(m_body);
    text.append(body.begin(), body.end());
    return sha256(text);
}

net::Task<GenerateExchange::Failure> GenerateExchange::answerShared(const Sha256& key)
{
    m_shared = std::make_shared<SharedAnswer>(m_context.context);
    m_context.answers.emplace(key, m_shared);
    SharingResponder responder(*m_responder, *m_shared);
    listener::Responder* const own = std::exchange(m_responder, &responder);
    Failure problem = co_await tryTargets();
    co_await endWith(problem);
    m_responder = own;
    m_context.answers.erase(key);
    m_shared->close();
    co_return std::nullopt;
}

void GenerateExchange::noteShared(const SharedAnswer& shared)
{
    const LogRow& row = shared.row();
    m_row.provider = row.provider;
    m_row.model = row.model;
    m_row.inputTokens = row.inputTokens;
    m_row.outputTokens = row.outputTokens;
    m_row.cacheReadTokens = row.cacheReadTokens;
    m_row.cacheWriteTokens = row.cacheWriteTokens;
    m_row.reasoningTokens = row.reasoningTokens;
    m_row.costSource = "computed"; // nothing
    m_row.savedNanos = row.costNanos;
}

listener::Answer GenerateExchange::ownHead(const listener::Answer& shared) const
{
    listener::Answer answer = shared;
    for (auto& [name, value] : answer.headers) {
        if (name == "x-request-id" || name == m_dialect.requestIdField())
            value = m_idText;
        else if (name == "x-turnpike-cache")
            value = "hit";
        else if (name == "x-turnpike-cost-usd")
            value = Money().toString();
    }
    return answer;
}

net::Task<void> GenerateExchange::readAlong(std::shared_ptr<SharedAnswer> shared)
{
    m_readsAlong = true;
    m_row.cache = "hit";
    const auto woken = std::make_shared<net::Signal>();
    const SharedAnswer::Reader reader(*shared, woken);
    m_sleeps.push_back(woken);
    AwayTime::Wait wait(m_away);
    net::Signal& more = *woken; // GCC 12 would wait for a copy of what `co_await *woken` names
    std::size_t sent = 0;
    while (!m_cancelled && !shared->ended()) {
        if (!shared->isStream() || shared->bytes().size() == sent) {
            co_await more;
            continue;
        }
        wait.end();
        const std::string next(shared->bytes().substr(sent));
        sent += next.size();
        const bool taken = co_await passOn(*shared, next);
        if (!taken) m_cancelled = true;
    }
    wait.end();
    if (m_cancelled) {
        co_await answerError(goneError());
        co_return;
    }
    co_await endAlong(*shared, std::string(shared->bytes().substr(sent)));
}

net::Task<bool> GenerateExchange::passOn(const SharedAnswer& shared, std::string_view bytes)
{
    if (m_begun) co_return co_await m_responder->write(bytes);
    m_begun = true;
    m_row.firstToken = micros();
    const listener::Answer head = ownHead(*shared.head());
    co_return co_await m_responder->begin(head, bytes);
}

net::Task<void> GenerateExchange::endAlong(const SharedAnswer& shared, std::string last)
{
    noteShared(shared);
    const Error* const error = shared.error() ? &*shared.error() : nullptr;
    if (shared.wasCut() || !shared.head()) {
        const Error gone =
            upstreamError(Code::UpstreamTruncated, Retry::Never,
                          "The request that this one was joined to was broken off. Try again.");
        if (!m_begun) {
            co_await answerError(error ? *error : gone);
            co_return;
        }
        record(200, error ? error : &gone);
        m_responder->cut();
        co_return;
    }
    if (!m_row.firstToken) m_row.firstToken = micros();
    if (!shared.isStream()) {
        const listener::Answer answer = ownHead(*shared.head());
        recordWithAnswer(answer.status, error);
        co_await m_responder->send(answer);
        co_return;
    }
    record(200, error);
    if (m_begun) {
        co_await m_responder->finish(last);
        co_return;
    }
    const bool sent = co_await passOn(shared, last);
    if (sent) co_await m_responder->finish({});
}

void GenerateExchange::cancel()
{
    if (!m_shared || !m_shared->hasReaders()) {
        TargetExchange::cancel();
        return;
    }
    // Others read along: it is theirs now.
    m_shared->leave([this] { TargetExchange::cancel(); });
}

} // namespace gateway::pipeline
