// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "gateway/result.h"

#include "net/deadline.h"
#include "net/web_socket.h"
#include "upstream/call.h"

namespace gateway::upstream {

/// A WebSocket to a provider, over a connection that is made like any other: look-up, proxy, TLS. IO thread
/// only.
class SocketCall {
public:
    struct Handshake {
        std::string_view authority; // the Host header
        std::string_view target;
        const net::WebSocket::Fields& fields;
        std::string_view secretLines; // the caller wipes it
    };

    /// `origin` is sealed and outlives the call. `timeouts.idle` is not used.
    SocketCall(Client& client, const Origin& origin, CallTimeouts timeouts, std::size_t maxMessage);
    SocketCall(const SocketCall&) = delete;
    SocketCall& operator=(const SocketCall&) = delete;
    /// Not while an operation of the socket waits.
    ~SocketCall();

    /// What the server answered; the socket is open where that has status 101.
    net::Task<Result<net::WebSocket::Reply>> open(const Handshake& handshake);
    /// Once it is open.
    [[nodiscard]] net::WebSocket& socket() { return *m_socket; }
    /// Gives up at once, from anywhere on the same thread.
    void cancel();
    /// Microseconds until connected; 0: not yet.
    [[nodiscard]] std::int64_t connected() const { return m_connected; }

private:
    [[nodiscard]] Error failure(const boost::system::error_code& error) const;

    Client& m_client;
    const Origin& m_origin;
    const CallTimeouts m_timeouts;
    const std::size_t m_maxMessage;
    net::Deadline m_deadline;
    std::shared_ptr<Connector::Attempt> m_attempt;
    std::shared_ptr<Transport> m_transport;
    std::shared_ptr<net::WebSocket> m_socket;
    std::int64_t m_connected = 0;
    bool m_timedOut = false;
    bool m_cancelled = false;
};

} // namespace gateway::upstream
