// SPDX-License-Identifier: GPL-3.0-or-later
#include "listener/server_connection.h"

namespace gateway::listener {

net::Task<bool> ServerConnection::serveSocket(SocketExchange& socket)
{
    m_socketExchange = &socket;
    m_deadline.clear();
    readSocket(); // sees a client that leaves before its upgrade is decided
    const std::optional<Answer> refused = co_await socket.prepare();
    co_await stopReading();
    // RFC 6455, section 4.1: a client waits for the answer to its handshake. What came before is no frame.
    const bool early = !refused && !m_gone && !m_input.empty();
    if (refused || early) {
        Answer answer =
            refused ? *refused
                    : m_exchange->refuse(clientError(
                          Code::BadRequest, "Bytes came before the WebSocket was open. Wait for the 101."));
        const bool sent = co_await send(answer);
        m_socketExchange = nullptr;
        m_exchange.reset();
        if (sent && !m_close) co_return true;
        co_await linger();
        co_return false;
    }
    if (!m_gone) {
        const SocketTerms terms = socket.terms();
        net::WebSocket client(m_socket, nullptr, terms.maxMessage);
        const bool open = co_await client.accept(m_head.field("sec-websocket-key"), terms.fields);
        if (open) co_await socket.talk(client);
    }
    m_socketExchange = nullptr;
    m_exchange.reset();
    // Of a message that was too long the rest may still be on its way, and would turn the close into a reset.
    co_await linger();
    co_return false;
}

/// A read that is under way would take the first frames.
net::Task<void> ServerConnection::stopReading()
{
    while (m_reading) {
        boost::system::error_code ignored;
        m_socket.cancel(ignored);
        m_inputWanted = true;
        co_await m_inputSignal;
    }
}

} // namespace gateway::listener
