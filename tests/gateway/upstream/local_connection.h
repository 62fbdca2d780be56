// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>

#include "net/turn_end.h"
#include "upstream/transport.h"

namespace gateway::upstream {

/// A transport and its other end, a pair of sockets inside of this process: nothing goes over a network.
class LocalConnection {
public:
    explicit LocalConnection(boost::asio::io_context& context)
        : m_turn(std::make_unique<net::TurnEnd>(context))
    {
        int ends[2] = {-1, -1};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return;
        boost::asio::ip::tcp::socket socket(context);
        boost::system::error_code error;
        socket.assign(boost::asio::ip::tcp::v4(), ends[0], error);
        transport = std::make_unique<Transport>(std::move(socket), *m_turn);
        m_peer = ends[1];
    }
    LocalConnection(LocalConnection&& other) noexcept
        : m_turn(std::move(other.m_turn))
        , transport(std::move(other.transport))
        , m_peer(std::exchange(other.m_peer, -1))
    {
    }
    LocalConnection& operator=(LocalConnection&&) = delete;
    ~LocalConnection() { closePeer(); }

    void say(std::string_view bytes) const
    {
        [[maybe_unused]] const auto sent = ::send(m_peer, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    /// No more will come; what was said before is still read.
    void sayNoMore() const { ::shutdown(m_peer, SHUT_WR); }
    void closePeer()
    {
        if (m_peer >= 0) ::close(std::exchange(m_peer, -1));
    }
    /// All that came from the transport's side.
    [[nodiscard]] std::string heard() const
    {
        std::string all;
        char buffer[4096];
        for (;;) {
            const ssize_t size = ::recv(m_peer, buffer, sizeof buffer, MSG_DONTWAIT);
            if (size <= 0) return all;
            all.append(buffer, static_cast<std::size_t>(size));
        }
    }
    /// The transport's side has been closed.
    [[nodiscard]] bool isClosed() const
    {
        char byte = 0;
        return ::recv(m_peer, &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 0;
    }

private:
    std::unique_ptr<net::TurnEnd> m_turn; // outlives the transport

public:
    std::unique_ptr<Transport> transport;

private:
    int m_peer = -1;
};

} // namespace gateway::upstream
