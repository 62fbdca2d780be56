// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/relay_exchange.h"

#include "base/strings.h"
#include "pipeline/passed_fields.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMaxRelayed = 64u << 20;
constexpr milliseconds kRelayTrailerTime{250};

bool isJson(std::string_view contentType)
{
    const std::string_view type = trimmed(contentType.substr(0, contentType.find(';')));
    return equalsIgnoreCase(type, "application/json") || (type.size() > 5 && type.ends_with("+json"));
}

} // namespace

net::Task<void> RelayExchange::runInParts(listener::RequestBody& body, listener::Responder& responder)
{
    m_source = &body;
    m_responder = &responder;
    Failure problem = co_await prepare();
    if (!problem && m_cancelled) problem = goneError();
    if (!problem) problem = co_await tryTargets();
    if (problem) co_await answerError(*problem);
}

net::Task<RelayExchange::Failure> RelayExchange::hold(std::uint64_t most)
{
    while (!m_allHeld && (m_body.size() <= most || !knowsEnough())) {
        auto part = co_await m_source->nextPart();
        if (!part) co_return part.error();
        m_allHeld = part.value().empty();
        if (Failure problem = inspectPart(part.value())) co_return problem;
        m_body.append(part.value());
    }
    co_return std::nullopt;
}

net::Task<RelayExchange::Failure> RelayExchange::holdJson(JsonDocument& into)
{
    if (Failure problem = co_await hold(bodyLimit())) co_return problem;
    if (const auto problem = scanJson(m_body, into)) co_return jsonError(*problem);
    co_return std::nullopt;
}

std::optional<Framing> RelayExchange::framingOf(const upstream::ReplyHead& reply) const
{
    if (startsWithIgnoreCase(reply.contentType, "text/event-stream")) return Framing::Sse;
    return std::nullopt;
}

net::Task<RelayExchange::Failure> RelayExchange::callProvider(Attempt& attempt)
{
    if (attempt.provider.kind->inProcess())
        co_return gatewayError(Code::InvalidRequest,
                               "`" + attempt.row.provider + "` cannot do this: it only makes texts.");
    if (!attempt.dialect) {
        attempt.dialect = &dialect::dialectOf(attempt.provider.kind->dialect(attempt.target.model));
        attempt.sameDialect = true;
    }
    auto made = outgoing(attempt);
    if (!made) co_return made.error();
    Outgoing& out = made.value();
    if (Failure unproven = co_await prove(attempt)) co_return unproven;
    const std::string_view held = out.isEdited ? std::string_view(out.edited) : std::string_view(m_body);
    const bool chunked = !m_allHeld && !m_head.hasContentLength;
    // What an edit adds or takes away of what is held, the whole has more or less.
    const std::uint64_t whole = m_allHeld ? held.size() : m_head.contentLength - m_body.size() + held.size();
    if (chunked)
        out.head.fields.emplace_back("Transfer-Encoding", "chunked");
    else if (whole > 0 || (out.head.method != "GET" && out.head.method != "HEAD"))
        out.head.fields.emplace_back("Content-Length", std::to_string(whole));
    out.head.fields.emplace_back("Accept-Encoding", "identity"); // the cheapest to pass on
    out.head.body = held;
    const bool bodiless = out.head.method == "HEAD";
    upstream::Call call(m_context.upstream, attempt.provider.base.origin, timeoutsOf(attempt, m_row.stream));
    const CallGuard guard(m_calls, attempt, call);
    if (bodiless) call.expectNoBody();
    std::string head = headFor(attempt, std::move(out.head));
    AwayTime::Wait wait(m_away);
    Result<const upstream::ReplyHead*> reply(nullptr);
    if (m_allHeld)
        reply = co_await call.exchange(head, held);
    else
        reply = co_await upload(call, head, held, chunked);
    wait.end();
    wipe(head);
    attempt.row.connect = call.times().connected;
    if (!reply) co_return reply.error();
    co_return co_await passAnswer(call, attempt, *reply.value());
}

net::Task<Result<const upstream::ReplyHead*>>
RelayExchange::upload(upstream::Call& call, std::string_view head, std::string_view first, bool chunked)
{
    auto begun = co_await call.begin(head, first, chunked);
    if (!begun) co_return begun.error();
    for (;;) {
        auto part = co_await m_source->nextPart();
        Failure problem = part ? inspectPart(part.value()) : part.error();
        if (problem) {
            call.cancel();
            m_partsGone = true;
            co_return *problem;
        }
        if (part.value().empty()) break;
        m_partsGone = true;
        const bool taken = co_await call.send(part.value());
        if (!taken) co_return co_await call.reply();
    }
    co_await call.end();
    co_return co_await call.reply();
}

net::Task<RelayExchange::Failure> RelayExchange::passAnswer(upstream::Call& call, Attempt& attempt,
                                                            const upstream::ReplyHead& reply)
{
    noteReply(attempt, reply);
    const bool good = (reply.status >= 200 && reply.status <= 299) || reply.status == 304;
    if (!good) return readRefusal(call, attempt, reply);
    if (m_head.method == "HEAD" || reply.status == 204 || reply.status == 304)
        return passEmpty(attempt, reply);
    if (isJson(reply.contentType) && !streamsJson()) return passWhole(call, attempt, reply);
    return passParts(call, attempt, reply);
}

net::Task<RelayExchange::Failure> RelayExchange::guardAnswer(std::string&)
{
    co_return std::nullopt;
}

listener::Answer RelayExchange::answerHead(const Attempt& attempt, const upstream::ReplyHead& reply,
                                           bool withCost) const
{
    listener::Answer answer;
    answer.status = reply.status;
    answer.contentType = reply.contentType;
    answer.headers = answerHeaders(withCost);
    for (auto& field : fieldsOf(attempt, reply))
        answer.headers.push_back(std::move(field));
    return answer;
}

void RelayExchange::noteFirstByte(Attempt& attempt)
{
    m_row.firstToken = micros();
    attempt.row.firstByte = m_row.firstToken - attempt.row.startedAfter;
}

void RelayExchange::settleUse(const Attempt& attempt)
{
    settle(attempt, m_usage);
    if (attempt.provider.state) attempt.provider.state->failuresInARow.store(0, std::memory_order_relaxed);
}

net::Task<RelayExchange::Failure> RelayExchange::passEmpty(Attempt& attempt, const upstream::ReplyHead& reply)
{
    noteFirstByte(attempt);
    settleUse(attempt);
    attempt.row.total = micros() - attempt.row.startedAfter;
    note(attempt);
    listener::Answer answer = answerHead(attempt, reply, true);
    answer.length = reply.contentLength;
    recordWithAnswer(reply.status, nullptr);
    co_await m_responder->send(answer);
    co_return std::nullopt;
}

net::Task<RelayExchange::Failure> RelayExchange::passWhole(upstream::Call& call, Attempt& attempt,
                                                           const upstream::ReplyHead& reply)
{
    AwayTime::Wait wait(m_away);
    auto received = co_await call.receiveAll(kMaxRelayed);
    wait.end();
    if (!received) co_return received.error();
    attempt.received = true;
    noteFirstByte(attempt);
    auto body = answerBody(attempt, std::move(received.value()));
    if (!body) co_return body.error();
    settleUse(attempt);
    if (Failure refused = co_await guardAnswer(body.value())) {
        m_unusedNanos = m_row.costNanos; // it has its price all the same
        co_return refused;
    }
    attempt.row.total = micros() - attempt.row.startedAfter;
    note(attempt);
    listener::Answer answer = answerHead(attempt, reply, true);
    answer.body = std::move(body.value());
    m_answerBody = m_runtime->config->server.logBodies == LogBodies::All ? answer.body : std::string();
    recordWithAnswer(reply.status, nullptr);
    co_await m_responder->send(answer);
    co_return std::nullopt;
}

net::Task<RelayExchange::Failure> RelayExchange::passParts(upstream::Call& call, Attempt& attempt,
                                                           const upstream::ReplyHead& reply)
{
    std::optional<FrameScanner> scanner;
    if (const auto framing = framingOf(reply)) {
        if (Failure refused = refusedStream()) co_return refused;
        scanner.emplace(*framing);
    }
    m_row.stream = m_row.stream || scanner.has_value();
    const auto look = [this](const SseEvent& event) { inspectEvent(event); };
    Failure failure;
    AwayTime::Wait wait(m_away);
    for (;;) {
        auto bytes = co_await call.receive();
        if (!bytes) failure = bytes.error();
        if (failure && !m_begun) co_return failure; // unseen: the next target may answer
        if (!failure) inspectAnswer(bytes.value());
        if (failure || bytes.value().empty()) break;
        if (scanner && !scanner->feed(bytes.value(), look)) scanner.reset();
        bool sent = false;
        if (m_begun) {
            sent = co_await m_responder->write(bytes.value());
        } else {
            m_begun = true;
            call.begun();
            wait.end();
            noteFirstByte(attempt);
            const listener::Answer head = answerHead(attempt, reply, false);
            sent = co_await m_responder->begin(head, bytes.value());
        }
        if (sent && !m_cancelled) continue;
        m_cancelled = true;
        call.cancel();
        failure = goneError();
        break;
    }
    if (scanner) scanner->finish(look);
    inspectEnd();
    if (!m_begun) co_return co_await passEmpty(attempt, reply);
    std::string last;
    if (failure && scanner && failure->code != Code::ClientCancelled) last = brokenEnd(*failure);
    co_await endParts(attempt, reply.status, failure, std::move(last));
    if (!failure) co_await call.drain(kRelayTrailerTime);
    co_return std::nullopt;
}

net::Task<void> RelayExchange::endParts(Attempt& attempt, int status, const Failure& failure,
                                        std::string last)
{
    settle(attempt, m_usage);
    attempt.row.total = micros() - attempt.row.startedAfter;
    if (failure) {
        attempt.row.error = codeName(failure->code);
        learn(attempt, failure);
    } else if (attempt.provider.state) {
        attempt.provider.state->failuresInARow.store(0, std::memory_order_relaxed);
    }
    note(attempt);
    // The journal has the exchange before the client sees its last byte.
    record(status, failure ? &*failure : nullptr);
    if (failure && last.empty())
        m_responder->cut();
    else
        co_await m_responder->finish(last);
}

} // namespace gateway::pipeline
