// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "gateway/result.h"

#include "net/deadline.h"
#include "net/task.h"
#include "upstream/origin.h"
#include "upstream/tls_context.h"
#include "upstream/transport.h"

namespace gateway::upstream {

/// Opens connections: name look-up, both address families raced (RFC 8305), outbound proxy, TLS. One per IO
/// thread.
class Connector {
public:
    Connector(boost::asio::io_context& context, net::DeadlineSweeper& deadlines, net::TurnEnd& turn);

    /// A handle by which a waiting connect is given up.
    struct Attempt {
        std::function<void()> abort; // set while something can be aborted
        bool aborted = false;
        void cancel()
        {
            aborted = true;
            if (abort) abort();
        }
    };
    /// A HTTP proxy takes plain requests itself; anything else has to go through it.
    enum class Tunnel : std::uint8_t { Undecided, WhereNeeded, Always };
    net::Task<Result<std::unique_ptr<Transport>>>
    connect(const Origin& origin, std::shared_ptr<Attempt> attempt, Tunnel through = Tunnel::WhereNeeded);

private:
    struct Race;
    using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

    net::Task<Result<Endpoints>> resolve(std::string host, std::uint16_t port,
                                         std::shared_ptr<Attempt> attempt);
    net::Task<Result<std::unique_ptr<Transport>>> connectTcp(std::string host, std::uint16_t port,
                                                             std::shared_ptr<Attempt> attempt);
    net::Task<Outcome> secure(Transport& transport, const Origin& origin);

    boost::asio::io_context& m_context;
    net::DeadlineSweeper& m_deadlines;
    net::TurnEnd& m_turn;
    TlsContexts m_tls;
};

} // namespace gateway::upstream
