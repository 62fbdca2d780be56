// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/socket_call.h"

#include <algorithm>
#include <string>

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>

namespace gateway::upstream {

namespace asio = boost::asio;

SocketCall::SocketCall(Client& client, const Origin& origin, CallTimeouts timeouts, std::size_t maxMessage)
    : m_client(client)
    , m_origin(origin)
    , m_timeouts(timeouts)
    , m_maxMessage(maxMessage)
    , m_deadline(client.deadlines, [this] {
        m_timedOut = true;
        if (m_attempt) m_attempt->cancel();
        if (m_transport) m_transport->close();
    })
{
}

SocketCall::~SocketCall()
{
    if (!m_transport) return;
    m_transport->close();
    // A ping of Beast's own may be under way; what was closed tells it so in this turn of the loop.
    auto executor = m_transport->socket().get_executor();
    asio::post(executor, [transport = std::move(m_transport), socket = std::move(m_socket)] {});
}

void SocketCall::cancel()
{
    m_cancelled = true;
    if (m_attempt) m_attempt->cancel();
    if (m_transport) m_transport->close();
}

Error SocketCall::failure(const boost::system::error_code& error) const
{
    const std::string where = m_origin.host + ":" + std::to_string(m_origin.port);
    if (m_cancelled) return clientError(Code::ClientCancelled, "The client closed the connection.");
    if (m_timedOut)
        return upstreamError(Code::UpstreamTimeout, Retry::NextTarget,
                             where + " did not open a WebSocket in time. Raise the route's timeout or add a "
                                     "fallback target.");
    if (error == asio::error::eof || error == asio::ssl::error::stream_truncated)
        return upstreamError(Code::UpstreamConnectionClosed, Retry::NextTarget,
                             where + " closed the connection without an answer.");
    if (error.category() == asio::error::get_system_category())
        return upstreamError(Code::UpstreamConnectionReset, Retry::NextTarget,
                             where + " reset the connection (" + error.message() + ").");
    return upstreamError(Code::UpstreamInvalidResponse, Retry::NextTarget,
                         where + " answered the WebSocket handshake wrongly (" + error.message() + ").");
}

net::Task<Result<net::WebSocket::Reply>> SocketCall::open(const Handshake& handshake)
{
    const auto start = net::Clock::now();
    m_deadline.set(std::min(start + m_timeouts.connect, m_timeouts.totalEnd));
    m_attempt = std::make_shared<Connector::Attempt>();
    auto opened = co_await m_client.connector.connect(m_origin, m_attempt, Connector::Tunnel::Always);
    m_attempt.reset();
    if (!opened) {
        if (m_timedOut || m_cancelled) co_return failure({});
        co_return opened.error();
    }
    m_transport = std::move(opened.value());
    m_connected = std::max<std::int64_t>(
        1, std::chrono::duration_cast<std::chrono::microseconds>(net::Clock::now() - start).count());
    m_socket = std::make_shared<net::WebSocket>(m_transport->socket(), m_transport->tls(), m_maxMessage);
    m_deadline.set(std::min(net::Clock::now() + m_timeouts.firstByte, m_timeouts.totalEnd));
    auto reply = co_await m_socket->connect(handshake.authority, handshake.target, handshake.fields,
                                            handshake.secretLines);
    m_deadline.clear();
    if (m_timedOut || m_cancelled || reply.status == 0) co_return failure(reply.error);
    co_return reply;
}

} // namespace gateway::upstream
