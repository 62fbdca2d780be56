// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport.h"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace fake {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

class PlainTransport final : public Transport {
public:
    explicit PlainTransport(tcp::socket socket) : m_socket(std::move(socket))
    {
        boost::system::error_code ignored;
        m_socket.non_blocking(true, ignored);
    }
    void open(Done done) override
    {
        asio::post(m_socket.get_executor(), [done = std::move(done)] { done({}, 0); });
    }
    void read(char* into, size_t size, Done done) override
    {
        m_socket.async_read_some(asio::buffer(into, size), std::move(done));
    }
    size_t writeNow(std::string_view bytes) override
    {
        boost::system::error_code error;
        size_t written = m_socket.write_some(asio::buffer(bytes), error);
        return error ? 0 : written;
    }
    void write(std::string_view bytes, Done done) override
    {
        asio::async_write(m_socket, asio::buffer(bytes), std::move(done));
    }
    tcp::socket& socket() override { return m_socket; }

private:
    tcp::socket m_socket;
};

class TlsTransport final : public Transport {
public:
    TlsTransport(tcp::socket socket, asio::ssl::context& context) : m_stream(std::move(socket), context) {}
    void open(Done done) override
    {
        m_stream.async_handshake(asio::ssl::stream_base::server,
                                 [done = std::move(done)](const auto& error) { done(error, 0); });
    }
    void read(char* into, size_t size, Done done) override
    {
        m_stream.async_read_some(asio::buffer(into, size), std::move(done));
    }
    size_t writeNow(std::string_view) override { return 0; }
    void write(std::string_view bytes, Done done) override
    {
        asio::async_write(m_stream, asio::buffer(bytes), std::move(done));
    }
    tcp::socket& socket() override { return m_stream.next_layer(); }

private:
    asio::ssl::stream<tcp::socket> m_stream;
};

} // namespace

std::unique_ptr<Transport> plainTransport(tcp::socket socket)
{
    return std::make_unique<PlainTransport>(std::move(socket));
}

std::unique_ptr<Transport> tlsTransport(tcp::socket socket, asio::ssl::context& context)
{
    return std::make_unique<TlsTransport>(std::move(socket), context);
}

} // namespace fake
