// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/responses_socket.h"

#include <chrono>
#include <utility>

#include <boost/asio/post.hpp>

#include "base/json_scan.h"
#include "base/wall_clock.h"
#include "dialect/dialect.h"
#include "dialect/json_object.h"
#include "dialect/responses_history.h"
#include "dialect/span_edit.h"
#include "pipeline/answers.h"

namespace gateway::pipeline {

namespace responses = dialect::responses;

namespace {

constexpr std::size_t kMaxWaiting = 16; // OpenAI's limit of responses in flight on one connection

const dialect::Dialect& responsesDialect()
{
    return dialect::dialectOf(DialectId::OpenAiResponses);
}

bool isFalse(const JsonDocument& document, std::string_view key)
{
    const JsonMember* member = document.find(key);
    return member && member->kind == JsonKind::False;
}

bool isGiven(const JsonDocument& document, std::string_view key)
{
    const JsonMember* member = document.find(key);
    return member && member->kind != JsonKind::Null;
}

std::vector<std::string_view> viewsOf(const TurnHistory::Items& items)
{
    std::vector<std::string_view> views;
    views.reserve(items.size());
    for (const auto& item : items)
        views.push_back(*item);
    return views;
}

/// Names the exchange that runs, for as long as it does.
class Running {
public:
    Running(listener::Exchange*& slot, listener::Exchange& exchange) : m_slot(slot) { m_slot = &exchange; }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() { m_slot = nullptr; }

private:
    listener::Exchange*& m_slot;
};

} // namespace

ResponsesSocket::ResponsesSocket(ThreadContext& context, Admitted admitted)
    : m_context(context), m_admitted(std::move(admitted))
{
}

net::Task<void> ResponsesSocket::run(std::string, listener::Responder&)
{
    co_return; // never without the upgrade
}

listener::Answer ResponsesSocket::refuse(const Error& error)
{
    return errorAnswer(responsesDialect(), error, m_admitted.id.text());
}

net::Task<std::optional<listener::Answer>> ResponsesSocket::prepare()
{
    co_return std::nullopt;
}

listener::SocketTerms ResponsesSocket::terms() const
{
    return {m_admitted.runtime->config->server.maxBodyBytes, {{"x-request-id", m_admitted.id.text()}}};
}

void ResponsesSocket::cancel()
{
    if (m_turn) m_turn->cancel();
}

void ResponsesSocket::drain()
{
    m_draining = true;
    wake();
}

/// Posted: whoever wakes the turns must not find this, and itself with it, ended on return.
void ResponsesSocket::wake()
{
    boost::asio::post(m_context.context, [wake = m_wake] { wake->notify(); });
}

net::Detached ResponsesSocket::readAll(net::WebSocket& client)
{
    m_reading = true;
    try {
        while (!m_fault && !m_gone) {
            auto message = co_await client.receive();
            if (!message) {
                m_gone = true;
            } else if (message->binary) {
                m_fault = {net::close_code::kUnsupported, "Messages are JSON texts."};
            } else if (m_waiting.size() >= kMaxWaiting ||
                       m_waitingBytes + message->bytes.size() > terms().maxMessage) {
                m_fault = {net::close_code::kPolicy, "Too many turns wait. Send the next when one is done."};
            } else {
                m_waitingBytes += message->bytes.size();
                m_waiting.push_back(std::move(message->bytes));
                wake();
            }
        }
    } catch (const std::exception&) {
        m_fault = {net::close_code::kInternal, "Out of memory."};
    }
    cancel();
    m_reading = false;
    wake();
}

net::Task<void> ResponsesSocket::talk(net::WebSocket& client)
{
    readAll(client);
    Goodbye goodbye{net::close_code::kInternal, "The gateway failed."};
    try {
        goodbye = co_await serveAll(client);
    } catch (const std::exception&) {
        // Memory ran out: this connection ends, the others go on.
    }
    if (!m_gone) co_await client.close(goodbye.code, goodbye.reason);
    if (m_reading) client.abort();
    net::Signal& woken = *m_wake;
    while (m_reading)
        co_await woken;
}

net::Task<ResponsesSocket::Goodbye> ResponsesSocket::serveAll(net::WebSocket& client)
{
    net::Deadline deadline(m_context.deadlines, [this] {
        m_idle = true;
        wake();
    });
    net::Signal& woken = *m_wake;
    for (;;) {
        deadline.setIn(m_admitted.runtime->config->server.limits.webSocketIdle);
        while (m_waiting.empty() && !m_gone && !m_fault && !m_draining && !m_idle)
            co_await woken;
        deadline.clear();
        if (m_fault) co_return *m_fault;
        if (m_draining) co_return Goodbye{net::close_code::kGoingAway, "The gateway is shutting down."};
        if (m_gone || m_waiting.empty())
            co_return Goodbye{net::close_code::kGoingAway, "Nothing was sent for too long."};
        m_idle = false;
        std::string message = std::move(m_waiting.front());
        m_waiting.pop_front();
        m_waitingBytes -= message.size();
        co_await serve(client, std::move(message));
    }
}

net::Task<void> ResponsesSocket::serve(net::WebSocket& client, std::string message)
{
    FrameResponder responder(client);
    Turn turn;
    const auto problem = readTurn(message, turn);
    message = {};
    if (problem) {
        co_await responder.sendFrame(*problem);
        co_return;
    }
    co_await answer(responder, std::move(turn));
}

net::Task<void> ResponsesSocket::answer(FrameResponder& responder, Turn turn)
{
    const auto exchange = m_admitted.beginTurn();
    if (const auto early = exchange->earlyAnswer()) {
        co_await responder.send(*early);
        co_return;
    }
    if (!turn.generate) {
        co_await answerWarmUp(responder, turn);
    } else if (turn.body.size() > exchange->bodyLimit()) {
        const listener::Answer refused = exchange->refuse(
            clientError(Code::RequestTooLarge, "The conversation is larger than " +
                                                   std::to_string(exchange->bodyLimit()) +
                                                   " bytes (server.max_body_bytes). Begin a new one."));
        co_await responder.send(refused);
    } else {
        const Running running(m_turn, *exchange);
        co_await exchange->run(std::move(turn.body), responder);
    }
    if (turn.whole && !responder.answer().empty()) remember(responder, std::move(turn.items));
}

/// What a client sends ahead of its first turn so that a server can get ready: it wants an answer to go on
/// from, and no model is asked.
net::Task<void> ResponsesSocket::answerWarmUp(FrameResponder& responder, const Turn& turn)
{
    JsonDocument document;
    const bool bad = scanJson(turn.body, document).has_value();
    auto facts = responsesDialect().facts(document, {});
    if (bad || !facts) {
        const Error error = bad ? gatewayError(Code::Internal, "The message cannot be read.") : facts.error();
        co_await responder.send(refuse(error));
        co_return;
    }
    dialect::CompletionContext context;
    context.id = nextRequestId(nowMicros());
    context.model = facts.value().model;
    context.createdSeconds = context.id.microseconds() / 1'000'000;
    context.document = &document;
    const auto encoder = responsesDialect().eventEncoder(context, nullptr);
    std::string events;
    Usage none;
    none.known = true;
    encoder->write(UsageReported{none}, events);
    encoder->write(Finished{Finish::Stop, {}}, events);
    encoder->write(Ended{}, events);
    co_await responder.finish(events);
}

void ResponsesSocket::remember(const FrameResponder& responder, TurnHistory::Items items)
{
    std::vector<std::string> output = responses::outputItems(responder.answer());
    if (output.empty()) output = responder.doneItems();
    for (std::string& item : output)
        items.push_back(std::make_shared<const std::string>(std::move(item)));
    m_history.keep(responses::idOf(responder.answer()), std::move(items));
}

std::optional<std::string> ResponsesSocket::readTurn(const std::string& message, Turn& into) const
{
    JsonDocument document;
    if (const auto problem = scanJson(message, document))
        return errorFrame({400, "invalid_json", "The message is not valid JSON: " + problem->message + "."});
    const JsonMember* type = document.find("type");
    if (!type || type->value != "\"response.create\"")
        return errorFrame({400, "invalid_request",
                           "The message is of no known type. Send `response.create` with the members of a "
                           "request.",
                           "type"});
    if (isGiven(document, "stream_id"))
        return errorFrame({400, "invalid_request",
                           "Turns of one connection run one after the other here. Leave `stream_id` out, or "
                           "open a connection for each conversation.",
                           "stream_id"});
    dialect::SpanEdit edit(message, document.members);
    for (const char* ofTheTransport : {"type", "generate", "background", "stream_id"})
        edit.remove(ofTheTransport);
    edit.set("stream", "true");
    into.generate = !isFalse(document, "generate");
    into.body = edit.text();
    JsonDocument request;
    if (scanJson(into.body, request))
        return errorFrame({400, "invalid_json", "The message is not valid JSON."});
    return goOn(request, into);
}

/// The conversation up to that answer, if it is remembered here or kept for later requests.
std::optional<TurnHistory::Items> ResponsesSocket::findEarlier(const std::string& answerId) const
{
    if (const TurnHistory::Items* items = m_history.find(answerId)) return *items;
    const auto kept = m_context.shared.responses.find(m_admitted.keeper, answerId);
    if (!kept) return std::nullopt;
    TurnHistory::Items items;
    for (const KeptItems* part : {&kept->input, &kept->output}) {
        for (const auto& item : *part)
            items.push_back(std::make_shared<const std::string>(item->json));
    }
    return items;
}

std::optional<std::string> ResponsesSocket::goOn(const JsonDocument& request, Turn& into) const
{
    const std::string previous = responses::previousId(request);
    if (!previous.empty()) {
        auto earlier = findEarlier(previous);
        // What was not to be stored no provider knows either.
        if (!earlier && !responses::wantsKept(request))
            return errorFrame({400, "previous_response_not_found",
                               "The previous response is not known on this connection. Send the whole "
                               "conversation, without previous_response_id.",
                               "previous_response_id"});
        into.whole = earlier.has_value();
        if (earlier) into.items = std::move(*earlier);
    }
    const std::size_t known = into.items.size();
    if (known > 0 || (into.whole && !responses::referredItems(request).empty())) {
        const std::vector<std::string_view> items = viewsOf(into.items);
        auto whole = responses::expandedRequest(
            into.body, request, items, [this](std::string_view id) { return m_history.findItem(id); });
        if (!whole) {
            const Error& error = whole.error();
            return errorFrame({httpStatus(error), codeName(error.code), error.message, error.param});
        }
        into.body = std::move(whole.value());
    }
    const std::string_view input = memberValue(into.body, "input");
    if (jsonKindOf(input) == JsonKind::String)
        into.items.push_back(std::make_shared<const std::string>(
            R"({"type":"message","role":"user","content":)" + std::string(input) + "}"));
    std::size_t place = 0;
    forEachElement(input, [&](std::string_view item, JsonKind) {
        if (place++ >= known) into.items.push_back(std::make_shared<const std::string>(item));
    });
    return std::nullopt;
}

} // namespace gateway::pipeline
