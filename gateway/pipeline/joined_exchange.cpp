// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that are under way already, byte for byte: one of them is answered, the others along with it.
#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "base/strings.h"
#include "pipeline/generate_exchange.h"
#include "pipeline/ledger.h"

namespace gateway::pipeline {

namespace {

/// Fields that say who asks, or how it travels, and change nothing of the answer. Keys are told apart by the
/// name of the virtual key.
bool isOfTransport(std::string_view name)
{
    constexpr std::array<std::string_view, 17> kNames{
        "authorization",  "x-api-key",         "api-key",         "x-goog-api-key", "x-portkey-api-key",
        "content-length", "content-type",      "connection",      "date",           "host",
        "accept",         "accept-encoding",   "idempotency-key", "traceparent",    "tracestate",
        "x-request-id",   "x-portkey-trace-id"};
    return startsWithIgnoreCase(name, "x-stainless-") ||
           std::any_of(kNames.begin(), kNames.end(),
                       [name](std::string_view each) { return equalsIgnoreCase(each, name); });
}

/// Takes an answer out of the table when it is over, whatever ended it.
class Entry {
public:
    Entry(SharedAnswers& table, const Sha256& key, std::shared_ptr<SharedAnswer> answer)
        : m_table(table), m_key(key), m_answer(std::move(answer))
    {
        m_table[m_key] = m_answer; // in place of one that takes nobody any more
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    ~Entry()
    {
        const auto own = m_table.find(m_key);
        if (own != m_table.end() && own->second == m_answer) m_table.erase(own);
        m_answer->close();
    }

private:
    SharedAnswers& m_table;
    Sha256 m_key;
    std::shared_ptr<SharedAnswer> m_answer;
};

} // namespace

std::optional<Sha256> GenerateExchange::joinKey() const
{
    // Who would get the kept answer when this one is over may as well have it along with it.
    const bool isCached = m_cacheTurn && m_cacheTurn->wishes.mayRead && keepsAnswers();
    const RouteConfig* route =
        m_plan.route.empty() ? nullptr : m_runtime->config->findRoute(m_plan.route.text);
    const bool joins = route && route->join && m_endpoint.operation == Operation::Chat && !m_facts.isEmpty &&
                       readCacheWishes(m_head).mayRead;
    if (!isCached && !joins) return std::nullopt;
    std::string text = m_row.key;
    text.append(1, '\0').append(m_head.target).append(1, '\0');
    text.append(fieldsWithSay());
    const Sha256 body = sha256(m_body);
    text.append(body.begin(), body.end());
    return sha256(text);
}

std::string GenerateExchange::fieldsWithSay() const
{
    std::string text;
    for (const HeaderField& field : m_head.fields) {
        if (!isOfTransport(field.name))
            text.append(field.name).append(1, ':').append(field.value).append(1, '\0');
    }
    return text;
}

net::Task<GenerateExchange::Failure> GenerateExchange::answerShared(const Sha256& key)
{
    m_shared = std::make_shared<SharedAnswer>(m_context.context);
    const Entry entry(m_context.answers, key, m_shared);
    SharingResponder responder(*m_responder, *m_shared);
    listener::Responder* const own = std::exchange(m_responder, &responder);
    std::exception_ptr broken;
    try {
        Failure problem = co_await tryTargets();
        co_await endWith(problem);
    } catch (...) {
        broken = std::current_exception();
        m_shared->close();
    }
    co_await responder.ended(); // it is fed from what goes with this
    m_responder = own;
    if (broken) std::rethrow_exception(broken);
    co_return std::nullopt;
}

void GenerateExchange::noteShared(const SharedAnswer& shared)
{
    copyUse(shared.row(), m_row);
    m_row.costSource = "computed"; // nothing
    m_row.savedNanos = shared.row().costNanos;
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
    SharedAnswer::Reader reader(*shared, woken);
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
        reader.took(sent);
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
    if (m_shared && m_shared->hasReaders()) {
        // It is theirs now.
        m_shared->leave([this] {
            m_shared->refuseReaders();
            TargetExchange::cancel();
        });
        return;
    }
    if (m_shared) m_shared->refuseReaders();
    TargetExchange::cancel();
}

} // namespace gateway::pipeline
