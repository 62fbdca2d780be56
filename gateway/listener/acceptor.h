// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "gateway/result.h"

namespace gateway::listener {

/// Listens and hands every new socket on. `place` names the io_context a connection will live on; `accepted`
/// gets the socket on the acceptor's own thread.
class Acceptor {
public:
    using Place = std::function<boost::asio::io_context&()>;
    using Accepted = std::function<void(boost::asio::ip::tcp::socket)>;

    Acceptor(boost::asio::io_context& context, Place place, Accepted accepted);

    /// Binds and listens; gives the port that was bound. A port that is taken has the detail "in_use".
    [[nodiscard]] Result<std::uint16_t> listen(const std::string& host, std::uint16_t port);
    void start();
    void close();

private:
    void acceptNext();

    boost::asio::ip::tcp::acceptor m_acceptor;
    boost::asio::steady_timer m_pause;
    Place m_place;
    Accepted m_accepted;
};

} // namespace gateway::listener
