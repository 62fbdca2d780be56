// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

namespace fake {

/// A connection's bytes, over TCP or TLS. One read and one write may be pending at a time.
class Transport {
public:
    using Done = std::function<void(const boost::system::error_code&, size_t)>;

    virtual ~Transport() = default;
    virtual void open(Done done) = 0;
    virtual void read(char* into, size_t size, Done done) = 0;
    /// Writes what fits without waiting; 0 where only write() can.
    virtual size_t writeNow(std::string_view bytes) = 0;
    virtual void write(std::string_view bytes, Done done) = 0;
    virtual boost::asio::ip::tcp::socket& socket() = 0;
};

std::unique_ptr<Transport> plainTransport(boost::asio::ip::tcp::socket socket);
std::unique_ptr<Transport> tlsTransport(boost::asio::ip::tcp::socket socket,
                                        boost::asio::ssl::context& context);

} // namespace fake
