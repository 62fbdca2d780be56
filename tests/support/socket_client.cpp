// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/socket_client.h"

#include <chrono>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <QJsonDocument>

namespace support {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

struct SocketClient::State {
    asio::io_context context;
    websocket::stream<asio::ip::tcp::socket> stream{context};
    beast::flat_buffer buffer;
    bool reading = false;
    bool came = false;
    bool ended = false;
    int code = 0;

    /// Runs until `done` or the time is over.
    bool runUntil(const bool& done, int milliseconds)
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
        context.restart();
        while (!done && std::chrono::steady_clock::now() < end)
            context.run_one_until(end);
        return done;
    }

    void read()
    {
        if (reading || ended) return;
        reading = true;
        stream.async_read(buffer, [this](const beast::error_code& error, std::size_t) {
            reading = false;
            came = true;
            ended = static_cast<bool>(error);
            if (error == websocket::error::closed)
                code = stream.reason().code == 0 ? 1005 : stream.reason().code;
            else if (error)
                code = 1006;
        });
    }
};

SocketClient::SocketClient() : m_state(std::make_unique<State>()) {}
SocketClient::~SocketClient() = default;

HttpReply SocketClient::open(quint16 port, const QByteArray& target, const HeaderList& headers)
{
    beast::error_code error;
    auto& stream = m_state->stream;
    stream.next_layer().connect({asio::ip::address_v4::loopback(), port}, error);
    HttpReply reply;
    if (error) return reply;
    stream.set_option(websocket::stream_base::decorator([&headers](websocket::request_type& request) {
        for (const auto& [name, value] : headers)
            request.insert(name.toStdString(), value.toStdString());
    }));
    websocket::response_type response;
    bool done = false;
    stream.async_handshake(response, "127.0.0.1:" + std::to_string(port), target.toStdString(),
                           [&](const beast::error_code& failed) {
                               error = failed;
                               done = true;
                           });
    if (!m_state->runUntil(done, 10'000)) {
        drop();
        m_state->runUntil(done, 1000);
        return reply;
    }
    reply.status = static_cast<int>(response.result_int());
    for (const auto& field : response)
        reply.headers.emplaceBack(QByteArray::fromStdString(std::string(field.name_string())),
                                  QByteArray::fromStdString(std::string(field.value())));
    reply.body = QByteArray::fromStdString(response.body());
    reply.complete = true;
    return reply;
}

bool SocketClient::send(const QByteArray& text, bool binary)
{
    bool done = false;
    beast::error_code error;
    m_state->stream.binary(binary);
    m_state->stream.async_write(asio::buffer(text.constData(), static_cast<std::size_t>(text.size())),
                                [&](const beast::error_code& failed, std::size_t) {
                                    error = failed;
                                    done = true;
                                });
    if (!m_state->runUntil(done, 20'000)) {
        drop();
        m_state->runUntil(done, 1000);
        return false;
    }
    return !error;
}

bool SocketClient::send(const QJsonObject& message)
{
    return send(QJsonDocument(message).toJson(QJsonDocument::Compact));
}

std::optional<QByteArray> SocketClient::receive(int milliseconds)
{
    m_state->read();
    if (!m_state->runUntil(m_state->came, milliseconds)) return std::nullopt;
    m_state->came = false;
    if (m_state->ended) return std::nullopt;
    const auto data = m_state->buffer.data();
    QByteArray text(static_cast<const char*>(data.data()), static_cast<qsizetype>(data.size()));
    m_state->buffer.clear();
    return text;
}

std::optional<QJsonObject> SocketClient::receiveObject(int milliseconds)
{
    const auto text = receive(milliseconds);
    if (!text) return std::nullopt;
    return QJsonDocument::fromJson(*text).object();
}

int SocketClient::closeCode(int milliseconds)
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
    while (!m_state->ended && std::chrono::steady_clock::now() < end) {
        if (!receive(milliseconds) && !m_state->ended) break;
    }
    return m_state->code;
}

void SocketClient::close(int code)
{
    bool done = false;
    m_state->stream.async_close(static_cast<std::uint16_t>(code),
                                [&done](const beast::error_code&) { done = true; });
    if (!m_state->runUntil(done, 10'000)) {
        drop();
        m_state->runUntil(done, 1000);
    }
}

void SocketClient::drop()
{
    beast::error_code ignored;
    m_state->stream.next_layer().close(ignored);
}

} // namespace support
