// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "net/await.h"
#include "net/input_buffer.h"
#include "net/task.h"
#include "net/turn_end.h"

namespace gateway::upstream {

/// A connection to a provider, plain or TLS, with the bytes read from it. IO thread only.
class Transport {
public:
    Transport(boost::asio::ip::tcp::socket socket, net::TurnEnd& turn);

    /// From now on everything goes through TLS; the handshake follows.
    boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>& startTls(boost::asio::ssl::context& context);

    [[nodiscard]] boost::asio::ip::tcp::socket& socket() { return m_socket; }
    /// Null for a plain connection.
    [[nodiscard]] boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>* tls() { return m_tls.get(); }
    [[nodiscard]] net::InputBuffer& input() { return m_input; }
    /// Reads more into input().
    net::Task<net::IoResult> read();
    net::Task<net::IoResult> write(std::string_view a, std::string_view b);
    void close();
    /// Bytes have come that nobody read yet. Never for TLS, which may have sent something of its own.
    [[nodiscard]] bool hasInput();
    /// An idle connection that the provider has closed, or has sent bytes on, must not be used again.
    [[nodiscard]] bool stale();

    std::string poolKey;
    bool reused = false;

private:
    boost::asio::ip::tcp::socket m_socket;
    net::TurnEnd& m_turn;
    std::unique_ptr<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> m_tls;
    net::InputBuffer m_input;
};

} // namespace gateway::upstream
