// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/transport.h"

#include <array>

namespace gateway::upstream {

namespace asio = boost::asio;

Transport::Transport(asio::ip::tcp::socket socket, net::TurnEnd& turn)
    : m_socket(std::move(socket)), m_turn(turn)
{
    boost::system::error_code ignored;
    m_socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    m_socket.set_option(asio::socket_base::keep_alive(true), ignored);
    m_socket.non_blocking(true, ignored);
}

asio::ssl::stream<asio::ip::tcp::socket&>& Transport::startTls(asio::ssl::context& context)
{
    m_tls = std::make_unique<asio::ssl::stream<asio::ip::tcp::socket&>>(m_socket, context);
    return *m_tls;
}

net::Task<net::IoResult> Transport::read()
{
    const auto room = m_input.prepare();
    net::IoResult result;
    if (m_tls)
        result = co_await net::readSome(*m_tls, room);
    else
        result = co_await net::readSome(m_socket, room);
    if (!result.error) m_input.commit(result.bytes);
    co_return result;
}

net::Task<net::IoResult> Transport::write(std::string_view a, std::string_view b)
{
    std::array<asio::const_buffer, 2> buffers{asio::const_buffer(a.data(), a.size()),
                                              asio::const_buffer(b.data(), b.size())};
    co_await m_turn;
    if (m_tls) {
        // One TLS record where it fits: head and body apart would be two packets.
        if (a.size() + b.size() <= 16 * 1024 && !b.empty()) {
            std::string joined;
            joined.reserve(a.size() + b.size());
            joined.append(a).append(b);
            const auto result = co_await net::writeAll(*m_tls, asio::buffer(joined));
            co_return result;
        }
        const auto result = co_await net::writeAll(*m_tls, buffers);
        co_return result;
    }
    boost::system::error_code error;
    const std::size_t written = m_socket.write_some(buffers, error);
    if (error && error != asio::error::would_block && error != asio::error::try_again)
        co_return net::IoResult{error, written};
    if (written == a.size() + b.size()) co_return net::IoResult{{}, written};
    const std::size_t ofHead = std::min(written, a.size());
    buffers[0] += ofHead;
    buffers[1] += written - ofHead;
    const auto result = co_await net::writeAll(m_socket, buffers);
    co_return result;
}

void Transport::close()
{
    boost::system::error_code ignored;
    m_socket.close(ignored);
}

bool Transport::hasInput()
{
    if (m_tls) return false;
    boost::system::error_code error;
    return m_socket.available(error) > 0 && !error;
}

bool Transport::stale()
{
    if (!m_input.empty() || !m_socket.is_open()) return true;
    char byte = 0;
    boost::system::error_code error;
    m_socket.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, error);
    // TLS may leave a session ticket to be read; then the byte is no reason to drop the connection.
    if (!error) return m_tls == nullptr;
    return error != asio::error::would_block && error != asio::error::try_again;
}

} // namespace gateway::upstream
