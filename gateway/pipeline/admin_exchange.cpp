// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/admin_exchange.h"

#include <chrono>

#include <boost/asio/post.hpp>

#include "dialect/dialect.h"
#include "pipeline/answers.h"

namespace gateway::pipeline {

namespace {

constexpr std::chrono::seconds kDeskPatience{30};

} // namespace

net::Task<void> AdminExchange::run(std::string body, listener::Responder& responder)
{
    m_call.body = std::move(body);
    const auto waiting = m_waiting;
    m_desk.ask(std::move(m_call), [waiting, &io = m_context.context](AdminAnswer answer) {
        boost::asio::post(io, [waiting, answer = std::move(answer)]() mutable {
            waiting->answer = std::move(answer);
            waiting->signal.notify();
        });
    });
    net::Deadline deadline(m_context.deadlines, [waiting] { waiting->signal.notify(); });
    deadline.setIn(kDeskPatience);
    net::Signal& come = waiting->signal; // GCC 12 would wait for a copy of what `waiting->signal` names
    co_await come;
    deadline.clear();
    if (responder.gone()) co_return;
    if (!waiting->answer) {
        // Not to be sent again by itself: it may take effect yet.
        Error unknown = gatewayError(Code::Internal,
                                     "The gateway has not answered in time. Look whether it took effect.");
        unknown.final = true;
        co_await responder.send(refuse(unknown));
        co_return;
    }
    listener::Answer answer;
    answer.status = waiting->answer->status;
    answer.body = std::move(waiting->answer->body);
    answer.headers = std::move(waiting->answer->headers);
    answer.headers.emplace_back("x-request-id", m_id.text());
    co_await responder.send(answer);
}

listener::Answer AdminExchange::refuse(const Error& error)
{
    return errorAnswer(dialect::dialectOf(DialectId::OpenAiChat), error, m_id.text());
}

void AdminExchange::cancel()
{
    // Not here and now: whoever calls is not done with this exchange.
    boost::asio::post(m_context.context, [waiting = m_waiting] { waiting->signal.notify(); });
}

} // namespace gateway::pipeline
