// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json_cursor.h"
#include "base/redaction.h"
#include "base/strings.h"
#include "pipeline/event_guard.h"
#include "pipeline/generate_exchange.h"
#include "pipeline/refusal_hold.h"

namespace gateway::pipeline {

namespace {

constexpr milliseconds kTrailerTime{250};

} // namespace

dialect::CompletionContext GenerateExchange::completionContext(std::string_view model) const
{
    dialect::CompletionContext context;
    context.id = m_id;
    context.model = model;
    context.createdSeconds = m_id.microseconds() / 1'000'000;
    context.includeUsage = m_facts.includeUsage;
    context.jsonArray = m_facts.jsonArray;
    context.request = m_request ? &*m_request : nullptr;
    context.document = m_asked ? &m_asked->document : &m_document;
    if (m_turn) context.keepAnswer = [this](std::string_view answer) { m_turn->keep(answer); };
    return context;
}

bool GenerateExchange::mends(const Attempt& attempt) const
{
    const RouteConfig* route = attempt.target.route;
    if (!route || route->onBreak != OnBreak::Continue || m_endpoint.operation != Operation::Chat)
        return false;
    // What the client was told is not what the next provider may be told.
    if (changesAnswers()) return false;
    // Of several answers at once only one would be gone on with.
    const auto isOne = [](std::string_view count) { return count.empty() || count == "1"; };
    const auto* choices = m_document.find("n");
    const auto* rules = m_document.find("generationConfig"); // Gemini's
    return isOne(choices ? choices->value : std::string_view()) &&
           isOne(rules ? memberValue(rules->value, "candidateCount") : std::string_view());
}

net::Task<GenerateExchange::Failure> GenerateExchange::cannotGoOn(const Attempt& attempt)
{
    co_return upstreamError(Code::UpstreamTruncated, Retry::NextTarget,
                            "`" + attempt.row.provider + "` cannot go on with another one's answer.");
}

std::shared_ptr<MendedStream> GenerateExchange::mendedFor(const Attempt& attempt)
{
    if (m_mended) return m_mended;
    if (!mends(attempt)) return nullptr;
    dialect::CostOf costOf;
    if (m_facts.includeUsage) {
        costOf = [this](const Usage&) -> std::optional<Money> {
            if (!m_speaking) return std::nullopt;
            auto cost = priced(*m_speaking, m_mended->current());
            if (cost) *cost += Money::fromNanos(m_unusedNanos);
            return cost;
        };
    }
    return std::make_shared<MendedStream>(
        m_dialect.eventEncoder(completionContext(attempt.target.model), std::move(costOf)));
}

std::unique_ptr<StreamPass> GenerateExchange::passFor(const Attempt& attempt,
                                                      const std::shared_ptr<MendedStream>& mended)
{
    if (mended) return translation(*attempt.dialect, speakerOf(mended), attempt.toolNames, m_dialect);
    return passFrom({*attempt.dialect, attempt.toolNames, attempt.row.provider, attempt.target.model},
                    attempt.sameDialect,
                    [this, &attempt](const Usage& usage) { return priced(attempt, usage); });
}

std::unique_ptr<StreamPass> GenerateExchange::passFrom(const AnswerSource& from, bool same,
                                                       dialect::CostOf costOf)
{
    // Cost goes into usage only where the client gets usage.
    if (!m_facts.includeUsage) costOf = nullptr;
    auto guard = guardsAnswers() ? std::make_unique<EventGuard>(*m_guarding) : nullptr;
    const dialect::CompletionContext context = completionContext(std::string(from.model));
    if (same && !changesAnswers()) {
        dialect::MeterOptions options;
        options.stripUsage = !m_facts.includeUsage;
        options.jsonArray = m_facts.jsonArray;
        options.costOf = std::move(costOf);
        auto pass = passThrough(m_dialect, std::move(options), context);
        return guard ? watched(std::move(pass), from.dialect, std::move(guard)) : std::move(pass);
    }
    return translation(from.dialect, m_dialect.eventEncoder(context, std::move(costOf)), from.toolNames,
                       m_dialect, std::move(guard));
}

net::Task<bool> GenerateExchange::sendBytes(std::string_view bytes, Attempt& attempt)
{
    if (m_begun) co_return co_await m_responder->write(bytes);
    m_begun = true;
    m_row.firstToken = micros();
    attempt.row.firstByte = m_row.firstToken - attempt.row.startedAfter;
    listener::Answer head;
    head.contentType = m_dialect.streamType(m_facts.jsonArray);
    head.headers = answerHeaders(false);
    co_return co_await m_responder->begin(head, bytes);
}

/// Feeds all that one read brought, so that it leaves in one write.
net::Task<GenerateExchange::Failure> GenerateExchange::drainReady(upstream::Call& call,
                                                                  const Attempt& attempt,
                                                                  FrameScanner& scanner, StreamPass& pass,
                                                                  std::string& out)
{
    const auto take = [&](const SseEvent& event) {
        pass.take(event, out);
        return !pass.ended() && !pass.failure();
    };
    auto bytes = co_await call.receive();
    // What came in the same moment as another one's first words is nobody's.
    if (isLost(attempt)) co_return goneError();
    for (;;) {
        if (!bytes) co_return bytes.error();
        if (attempt.recording) attempt.recording->add(bytes.value());
        if (bytes.value().empty()) {
            scanner.finish(take);
            pass.close(out);
            break;
        }
        const bool taken = scanner.feed(bytes.value(), take);
        if (!taken && scanner.damaged())
            co_return upstreamError(Code::UpstreamInvalidResponse, Retry::NextTarget,
                                    "The provider's stream cannot be read: a message of it is damaged.");
        if (!taken)
            co_return upstreamError(Code::UpstreamResponseTooLarge, Retry::NextTarget,
                                    "The provider sent an event of more than 8 MiB.");
        if (pass.ended() || pass.failure()) break;
        bytes = call.ready();
        if (bytes && bytes.value().empty()) break;
    }
    co_return pass.failure();
}

net::Task<GenerateExchange::Failure> GenerateExchange::relayStream(upstream::Call& call, Attempt& attempt,
                                                                   const upstream::ReplyHead& reply)
{
    if (!reply.contentType.empty() &&
        !startsWithIgnoreCase(reply.contentType, attempt.dialect->streamType(false))) {
        Failure refused = co_await readRefusal(call, attempt, reply);
        refused->code = Code::UpstreamInvalidResponse;
        refused->status = 0;
        refused->retry = Retry::NextTarget;
        refused->upstreamBody.clear();
        co_return refused;
    }
    if (mends(attempt) && !m_request) co_await readForRules();
    // What the client is written depends on what it asked for; where that cannot be read, nothing is mended.
    const auto mended = mends(attempt) && canonical() ? mendedFor(attempt) : nullptr;
    if (!m_race) m_speaking = &attempt;
    auto pass = passFor(attempt, mended);
    if (holdsRefusals(attempt))
        pass = holdingRefusals(std::move(pass), *attempt.dialect, attempt.row.provider);
    FrameScanner scanner(attempt.dialect->framing());
    std::string out;
    Failure failure;
    bool speaks = false;
    AwayTime::Wait wait(m_away);
    while (!pass->ended() && !failure) {
        failure = co_await drainReady(call, attempt, scanner, *pass, out);
        if (failure) failure->message = withoutSecrets(failure->message, secretsOf(attempt));
        if (!failure && pass->waits()) {
            auto asks = pass->asks();
            co_await askFor(std::move(asks), true);
            pass->goOn(out);
            failure = pass->failure();
        }
        if (isLost(attempt)) co_return goneError();
        if (!speaks) {
            if (!failure && pass->heard()) call.begun();
            if (failure && !pass->committed()) co_return unseen(*std::move(failure), *pass, attempt);
            if (!failure && !pass->committed()) continue;
            speaks = claim(attempt);
            wait.end();
            m_mended = mended;
            m_speaking = &attempt;
            if (m_begun) attempt.row.firstByte = micros() - attempt.row.startedAfter;
        }
        if (failure || pass->ended() || out.empty()) continue;
        const bool sent = co_await sendBytes(out, attempt);
        if (!sent || m_cancelled) {
            leaveClient();
            call.cancel();
            failure = goneError();
        }
        out.clear();
    }
    if (!claim(attempt)) co_return goneError();
    attempt.received = true;
    const Usage counts = co_await countedStream(attempt, *pass);
    const Usage used = settleOrEstimate(attempt, counts, pass->answerChars());
    if (failure && mayMend(*failure)) co_return co_await leaveToNext(*failure, used, std::move(out), attempt);
    if (failure) pass->fail(*failure, out);
    co_await endStream(failure, std::move(out), attempt);
    if (!failure) co_await call.drain(kTrailerTime);
    co_return std::nullopt;
}

bool GenerateExchange::holdsRefusals(const Attempt& attempt) const
{
    // What goes on with an answer that the client has begun to see cannot be taken back.
    return m_endpoint.operation == Operation::Chat && !m_begun &&
           hasFallback(attempt.target, "content_refused");
}

/// The client has seen nothing of the stream, so that the next target may answer.
GenerateExchange::Failure GenerateExchange::unseen(Error failure, const StreamPass& pass, Attempt& attempt)
{
    if (!failure.contentRefused && failure.code != Code::GuardrailBlocked) return failure;
    attempt.row.firstByte = micros() - attempt.row.startedAfter;
    const Usage used = settleOrEstimate(attempt, pass.usage(), pass.answerChars());
    m_unusedNanos = m_row.costNanos; // it has its price all the same
    m_guessed = m_guessed || used.estimated;
    return failure;
}

void GenerateExchange::leaveClient()
{
    m_cancelled = true;
    if (m_shared) m_shared->refuseReaders();
}

bool GenerateExchange::mayMend(const Error& failure) const
{
    return m_mended && m_mended->mayGoOn() && !m_cancelled && failure.retry != Retry::Never &&
           failure.code != Code::ClientCancelled;
}

net::Task<GenerateExchange::Failure> GenerateExchange::leaveToNext(Error failure, const Usage& used,
                                                                   std::string out, Attempt& attempt)
{
    m_mended->leave(used);
    m_speaking = nullptr;
    if (m_cacheTurn) m_cacheTurn->wishes.mayKeep = false; // no provider has said all of it
    m_unusedNanos = m_row.costNanos;                      // what was said has its price, whoever goes on
    m_guessed = m_guessed || used.estimated;
    if (!out.empty()) {
        const bool sent = co_await sendBytes(out, attempt);
        if (!sent) leaveClient();
    }
    failure.retry = Retry::NextTarget;
    co_return failure;
}

net::Task<void> GenerateExchange::endMended(const Error& error)
{
    std::string out;
    m_mended->write(Failed{error}, out);
    record(200, &error);
    co_await m_responder->finish(out);
}

net::Task<void> GenerateExchange::endStream(const Failure& failure, std::string out, Attempt& attempt)
{
    if (!failure) co_await keepStream(attempt);
    attempt.row.total = micros() - attempt.row.startedAfter;
    if (!m_begun) attempt.row.firstByte = attempt.row.total;
    if (failure) {
        attempt.row.error = codeName(failure->code);
        learn(attempt, failure);
    } else if (attempt.provider.state) {
        attempt.provider.state->failuresInARow.store(0, std::memory_order_relaxed);
    }
    note(attempt);
    if (!m_begun) m_row.firstToken = micros();
    // The journal has the exchange before the client sees its last byte.
    record(200, failure ? &*failure : nullptr);
    if (failure && failure->code == Code::ClientCancelled) {
        m_responder->cut();
        co_return;
    }
    if (!m_begun) {
        const bool sent = co_await sendBytes(out, attempt);
        if (sent) co_await m_responder->finish({});
        co_return;
    }
    co_await m_responder->finish(out);
}

} // namespace gateway::pipeline
