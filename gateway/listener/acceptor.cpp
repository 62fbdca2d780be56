// SPDX-License-Identifier: GPL-3.0-or-later
#include "listener/acceptor.h"

#include <boost/asio/ip/address.hpp>

namespace gateway::listener {

namespace asio = boost::asio;

Acceptor::Acceptor(asio::io_context& context, Place place, Accepted accepted)
    : m_acceptor(context), m_pause(context), m_place(std::move(place)), m_accepted(std::move(accepted))
{
}

Result<std::uint16_t> Acceptor::listen(const std::string& host, std::uint16_t port)
{
    boost::system::error_code error;
    const auto address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
    if (error) return gatewayError(Code::Internal, "server.host `" + host + "` is no IP address.");
    const asio::ip::tcp::endpoint endpoint(address, port);
    m_acceptor.open(endpoint.protocol(), error);
    if (!error) m_acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) m_acceptor.bind(endpoint, error);
    if (!error) m_acceptor.listen(1024, error);
    if (error) {
        boost::system::error_code ignored;
        m_acceptor.close(ignored);
        return gatewayError(Code::Internal,
                            "Cannot listen on " + host + ":" + std::to_string(port) + ": " + error.message() +
                                ".",
                            error == asio::error::address_in_use ? "in_use" : "");
    }
    return m_acceptor.local_endpoint(error).port();
}

void Acceptor::start()
{
    acceptNext();
}

void Acceptor::close()
{
    boost::system::error_code ignored;
    m_acceptor.close(ignored);
    m_pause.cancel();
}

void Acceptor::acceptNext()
{
    m_acceptor.async_accept(m_place(),
                            [this](const boost::system::error_code& error, asio::ip::tcp::socket socket) {
                                if (!m_acceptor.is_open()) return;
                                if (error) {
                                    // Out of descriptors or memory: a short pause lets running requests end
                                    // instead of spinning.
                                    m_pause.expires_after(std::chrono::milliseconds(50));
                                    m_pause.async_wait([this](const boost::system::error_code& stopped) {
                                        if (!stopped && m_acceptor.is_open()) acceptNext();
                                    });
                                    return;
                                }
                                m_accepted(std::move(socket));
                                acceptNext();
                            });
}

} // namespace gateway::listener
