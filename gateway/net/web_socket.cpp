// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/web_socket.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "net/await.h"

namespace gateway::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using tcp = asio::ip::tcp;

namespace {

constexpr std::chrono::seconds kHandshake{10}; // also for the other side's answer to a close
constexpr std::chrono::seconds kSilence{60};   // after half of it a ping goes out
constexpr std::size_t kStep = 64 * 1024;       // memory follows what really comes, not what a frame promises
constexpr std::size_t kMaxReason = 123;        // RFC 6455, section 5.5

/// What Beast's stream stands on: plain or TLS, as it turns out at run time, so that it is compiled once.
class ByteStream {
public:
    using executor_type = tcp::socket::executor_type;

    ByteStream(tcp::socket& socket, WebSocket::TlsStream* tls) : m_socket(socket), m_tls(tls) {}
    [[nodiscard]] executor_type get_executor() { return m_socket.get_executor(); }
    [[nodiscard]] tcp::socket& socket() { return m_socket; }
    [[nodiscard]] WebSocket::TlsStream* tls() { return m_tls; }

    template <class Buffers, class Handler>
    void async_read_some(const Buffers& buffers, Handler&& handler)
    {
        if (beforeRead) std::exchange(beforeRead, nullptr)();
        if (m_tls)
            m_tls->async_read_some(buffers, std::forward<Handler>(handler));
        else
            m_socket.async_read_some(buffers, std::forward<Handler>(handler));
    }
    template <class Buffers, class Handler>
    void async_write_some(const Buffers& buffers, Handler&& handler)
    {
        if (m_tls)
            m_tls->async_write_some(buffers, std::forward<Handler>(handler));
        else
            m_socket.async_write_some(buffers, std::forward<Handler>(handler));
    }

    std::function<void()> beforeRead; // called once

private:
    tcp::socket& m_socket;
    WebSocket::TlsStream* m_tls;
};

/// Both are found by Beast, whose own teardown closes a server's socket although something may still be
/// unread in it, which makes a reset of the close; so that is left to whoever has the socket. A server that
/// ends TLS in order waits for the other side to do so, too.
template <class Handler>
void async_teardown(boost::beast::role_type role, ByteStream& stream, Handler&& handler)
{
    if (stream.tls()) return stream.tls()->async_shutdown(std::forward<Handler>(handler));
    if (role == boost::beast::role_type::client)
        return websocket::async_teardown(role, stream.socket(), std::forward<Handler>(handler));
    boost::system::error_code error;
    stream.socket().shutdown(tcp::socket::shutdown_send, error);
    asio::post(stream.get_executor(),
               boost::beast::bind_front_handler(std::forward<Handler>(handler), error));
}

void beast_close_socket(ByteStream& stream)
{
    boost::system::error_code ignored;
    stream.socket().close(ignored);
}

/// Calls take(name, value) for each "name: value".
template <class F>
void forEachLine(std::string_view lines, F&& take)
{
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find("\r\n"));
        lines.remove_prefix(std::min(line.size() + 2, lines.size()));
        const auto colon = line.find(": ");
        if (colon != std::string_view::npos) take(line.substr(0, colon), line.substr(colon + 2));
    }
}

} // namespace

struct WebSocket::State {
    State(tcp::socket& socket, TlsStream* tls, std::size_t maxMessage) : stream(socket, tls)
    {
        websocket::stream_base::timeout times{};
        times.handshake_timeout = kHandshake;
        times.idle_timeout = kSilence;
        times.keep_alive_pings = true;
        stream.set_option(times);
        stream.read_message_max(maxMessage);
        stream.auto_fragment(false);
    }

    websocket::stream<ByteStream> stream;
    End end;
    bool closing = false;
};

WebSocket::WebSocket(tcp::socket& socket, TlsStream* tls, std::size_t maxMessage)
    : m_state(std::make_unique<State>(socket, tls, maxMessage))
{
}

WebSocket::~WebSocket() = default;

Task<bool> WebSocket::accept(std::string_view key, const Fields& fields)
{
    // Of the client's head Beast needs no more than this.
    http::request<http::empty_body> request(http::verb::get, "/", 11);
    request.set(http::field::host, "localhost");
    request.set(http::field::upgrade, "websocket");
    request.set(http::field::connection, "Upgrade");
    request.set(http::field::sec_websocket_version, "13");
    request.set(http::field::sec_websocket_key, boost::beast::string_view(key.data(), key.size()));
    auto& stream = m_state->stream;
    stream.set_option(websocket::stream_base::decorator([&fields](websocket::response_type& response) {
        response.set(http::field::server, "Turnpike"); // where there is none, Beast names itself
        for (const auto& [name, value] : fields)
            response.insert(name, value);
    }));
    const auto done =
        co_await awaitIo([&](auto handler) { stream.async_accept(request, std::move(handler)); });
    co_return !done.error;
}

Task<WebSocket::Reply> WebSocket::connect(std::string_view authority, std::string_view target,
                                          const Fields& fields, std::string_view secretLines)
{
    auto& stream = m_state->stream;
    std::vector<boost::beast::string_view> secrets; // where Beast keeps them until its handshake ends
    stream.set_option(websocket::stream_base::decorator([&](websocket::request_type& request) {
        request.erase(http::field::user_agent);
        for (const auto& [name, value] : fields)
            request.insert(name, value);
        forEachLine(secretLines, [&](std::string_view name, std::string_view value) {
            const boost::beast::string_view field(name.data(), name.size());
            request.set(field, boost::beast::string_view(value.data(), value.size()));
            secrets.push_back(request[field]);
        });
    }));
    // The first read comes when the request has gone out whole.
    stream.next_layer().beforeRead = [&secrets] {
        for (const auto& secret : secrets)
            explicit_bzero(const_cast<char*>(secret.data()), secret.size());
    };
    websocket::response_type response;
    const std::string host(authority);
    const std::string path(target);
    const auto done = co_await awaitIo(
        [&](auto handler) { stream.async_handshake(response, host, path, std::move(handler)); });
    stream.next_layer().beforeRead = nullptr;
    Reply reply;
    reply.error = done.error;
    if (done.error && done.error != websocket::error::upgrade_declined) co_return reply;
    reply.status = static_cast<int>(response.result_int());
    for (const auto& field : response)
        reply.fields.emplace_back(std::string(field.name_string()), std::string(field.value()));
    reply.body = std::move(response.body());
    co_return reply;
}

Task<std::optional<WebSocket::Message>> WebSocket::receive()
{
    auto& stream = m_state->stream;
    Message message;
    auto buffer = asio::dynamic_buffer(message.bytes);
    do {
        const auto read = co_await awaitIo(
            [&](auto handler) { stream.async_read_some(buffer, kStep, std::move(handler)); });
        if (!read.error) continue;
        End& end = m_state->end;
        end.clean = read.error == websocket::error::closed;
        if (end.clean) {
            end.code = stream.reason().code;
            end.reason.assign(stream.reason().reason.data(), stream.reason().reason.size());
        }
        m_state->closing = true;
        co_return std::nullopt;
    } while (!stream.is_message_done());
    message.binary = stream.got_binary();
    co_return std::move(message);
}

Task<bool> WebSocket::send(std::string_view bytes, bool binary)
{
    if (m_state->closing) co_return false;
    auto& stream = m_state->stream;
    stream.binary(binary);
    const auto written = co_await awaitIo([&](auto handler) {
        stream.async_write(asio::buffer(bytes.data(), bytes.size()), std::move(handler));
    });
    co_return !written.error;
}

Task<void> WebSocket::close(std::uint16_t code, std::string_view reason)
{
    if (std::exchange(m_state->closing, true)) co_return;
    auto& stream = m_state->stream;
    websocket::close_reason why;
    why.code = code;
    if (code != close_code::kNone) {
        reason = reason.substr(0, std::min(reason.size(), kMaxReason));
        why.reason.assign(reason.data(), reason.size());
    }
    co_await awaitIo([&](auto handler) { stream.async_close(why, std::move(handler)); });
}

void WebSocket::abort()
{
    beast_close_socket(m_state->stream.next_layer());
}

const WebSocket::End& WebSocket::end() const
{
    return m_state->end;
}

} // namespace gateway::net
