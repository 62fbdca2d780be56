// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/socket_upstream.h"

#include <atomic>
#include <list>
#include <mutex>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <QJsonDocument>
#include <QJsonObject>

namespace support {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;
using Request = http::request<http::string_body>;

namespace {

QString textOf(beast::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QByteArray event(const char* type, QJsonObject members)
{
    members["type"] = type;
    return QByteArray("event: ") + type + "\ndata: " + QJsonDocument(members).toJson(QJsonDocument::Compact) +
           "\n\n";
}

QJsonObject responseObject(int number, const char* status, const QJsonArray& output)
{
    QJsonObject response{{"id", QStringLiteral("resp_up%1").arg(number)},
                         {"object", "response"},
                         {"created_at", 1},
                         {"status", status},
                         {"model", "mock"},
                         {"output", output}};
    if (QByteArray(status) == "completed")
        response["usage"] = QJsonObject{{"input_tokens", 20},
                                        {"input_tokens_details", QJsonObject{{"cached_tokens", 4}}},
                                        {"output_tokens", 5},
                                        {"output_tokens_details", QJsonObject{{"reasoning_tokens", 1}}},
                                        {"total_tokens", 25}};
    return response;
}

QJsonObject messageItem(int number)
{
    return {{"id", QStringLiteral("msg_up%1").arg(number)},
            {"type", "message"},
            {"status", "completed"},
            {"role", "assistant"},
            {"content", QJsonArray{QJsonObject{{"type", "output_text"},
                                               {"annotations", QJsonArray()},
                                               {"text", QStringLiteral("answer %1").arg(number)}}}}};
}

} // namespace

struct SocketUpstream::State {
    asio::io_context context;
    tcp::acceptor acceptor{context};
    std::unique_ptr<asio::ssl::context> tls;
    quint16 port = 0;
    std::thread acceptThread;

    mutable std::mutex mutex; // over all below
    std::list<std::thread> threads;
    std::list<tcp::socket*> sockets;
    QJsonArray requests, messages;
    int abandoned = 0;
    int answers = 0;
    bool stopping = false;

    void remember(QJsonArray& list, const QJsonObject& entry)
    {
        const std::lock_guard lock(mutex);
        list.append(entry);
    }

    void accept()
    {
        for (;;) {
            beast::error_code error;
            tcp::socket socket(context);
            acceptor.accept(socket, error);
            const std::lock_guard lock(mutex);
            if (stopping) return;
            if (error) continue;
            threads.emplace_back([this, moved = std::move(socket)]() mutable { serve(moved); });
        }
    }

    void serve(tcp::socket& socket)
    {
        {
            const std::lock_guard lock(mutex);
            if (stopping) return;
            sockets.push_back(&socket);
        }
        try {
            socket.set_option(tcp::no_delay(true));
            if (tls) {
                asio::ssl::stream<tcp::socket&> stream(socket, *tls);
                stream.handshake(asio::ssl::stream_base::server);
                serveRequests(stream);
            } else {
                serveRequests(socket);
            }
        } catch (const std::exception&) {
            // The other side went away.
        }
        const std::lock_guard lock(mutex);
        sockets.remove(&socket);
        beast::error_code ignored;
        socket.close(ignored);
    }

    template <class Stream>
    void serveRequests(Stream& stream)
    {
        beast::flat_buffer buffer;
        for (;;) {
            Request request;
            http::read(stream, buffer, request);
            QJsonObject headers;
            for (const auto& field : request)
                headers[textOf(field.name_string()).toLower()] = textOf(field.value());
            remember(requests, {{"method", textOf(request.method_string())},
                                {"target", textOf(request.target())},
                                {"headers", headers},
                                {"body", QString::fromStdString(request.body())}});
            if (websocket::is_upgrade(request)) {
                talk(stream, request);
                return;
            }
            if (!answer(stream, request)) return;
        }
    }

    template <class Stream>
    bool answer(Stream& stream, const Request& request)
    {
        const QJsonObject body = QJsonDocument::fromJson(QByteArray::fromStdString(request.body())).object();
        const QString model = body["model"].toString();
        int number = 0;
        {
            const std::lock_guard lock(mutex);
            number = ++answers;
        }
        QByteArray text = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
        text += event("response.created", {{"response", responseObject(number, "in_progress", {})}});
        text += event("response.output_text.delta", {{"delta", QStringLiteral("answer %1").arg(number)}});
        if (model != "cut" && model != "hang") {
            const QJsonObject item = messageItem(number);
            text += event("response.output_item.done", {{"output_index", 0}, {"item", item}});
            text += event("response.completed",
                          {{"response", responseObject(number, "completed",
                                                       model == "bare" ? QJsonArray() : QJsonArray{item})}});
        }
        asio::write(stream, asio::buffer(text.constData(), static_cast<std::size_t>(text.size())));
        if (model == "hang") {
            beast::error_code error;
            char byte = 0;
            stream.read_some(asio::buffer(&byte, 1), error);
            const std::lock_guard lock(mutex);
            if (!stopping) ++abandoned;
        }
        return false;
    }

    template <class Stream>
    void talk(Stream& stream, const Request& request)
    {
        const std::string target(request.target());
        if (const auto at = target.find("refuse="); at != std::string::npos) {
            http::response<http::string_body> refused(
                static_cast<http::status>(std::stoi(target.substr(at + 7))), 11);
            refused.set(http::field::content_type, "application/json");
            refused.body() = R"({"error":{"message":"no","type":"invalid_request_error","code":"x"}})";
            refused.prepare_payload();
            http::write(stream, refused);
            return;
        }
        websocket::stream<Stream&> socket(stream);
        const bool realtime = textOf(request[http::field::sec_websocket_protocol]).contains("realtime");
        socket.set_option(websocket::stream_base::decorator([realtime](websocket::response_type& response) {
            if (realtime) response.set(http::field::sec_websocket_protocol, "realtime");
        }));
        socket.accept(request);
        for (;;) {
            beast::flat_buffer buffer;
            beast::error_code error;
            socket.read(buffer, error);
            if (error) {
                remember(messages,
                         {{"closed", error == websocket::error::closed ? socket.reason().code : 1006}});
                return;
            }
            const QByteArray bytes(static_cast<const char*>(buffer.data().data()),
                                   static_cast<qsizetype>(buffer.size()));
            if (socket.got_binary())
                remember(messages, {{"binary", QString::fromLatin1(bytes.toBase64())}});
            else
                remember(messages, {{"text", QString::fromUtf8(bytes)}});
            if (!obey(socket, QJsonDocument::fromJson(bytes).object())) return;
        }
    }

    template <class Socket>
    bool obey(Socket& socket, const QJsonObject& order)
    {
        const QString what = order["test"].toString();
        const auto send = [&socket](const QByteArray& text) {
            socket.write(asio::buffer(text.constData(), static_cast<std::size_t>(text.size())));
        };
        if (what == "send") {
            for (const auto& each : order["events"].toArray())
                send(QJsonDocument(each.toObject()).toJson(QJsonDocument::Compact));
        } else if (what == "flood") {
            const QByteArray text =
                R"({"type":"noise","audio":")" + QByteArray(order["bytes"].toInt(), 'a') + R"("})";
            for (int i = 0; i < order["count"].toInt(); ++i)
                send(text);
        } else if (what == "close") {
            websocket::close_reason why;
            why.code = static_cast<std::uint16_t>(order["code"].toInt());
            why.reason = order["reason"].toString().toStdString();
            socket.close(why);
            return false;
        } else if (what == "drop") {
            return false;
        }
        return true;
    }
};

SocketUpstream::SocketUpstream() : m_state(std::make_unique<State>()) {}

SocketUpstream::~SocketUpstream()
{
    if (!m_state->acceptThread.joinable()) return;
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->stopping = true;
        beast::error_code ignored;
        for (tcp::socket* socket : m_state->sockets)
            socket->shutdown(tcp::socket::shutdown_both, ignored);
    }
    // Wakes the acceptor, which waits for a connection.
    beast::error_code ignored;
    tcp::socket last(m_state->context);
    last.connect({asio::ip::address_v4::loopback(), m_state->port}, ignored);
    m_state->acceptThread.join();
    for (std::thread& thread : m_state->threads)
        thread.join();
}

bool SocketUpstream::start(const QString& certificatePath, const QString& keyPath)
{
    beast::error_code error;
    if (!certificatePath.isEmpty()) {
        m_state->tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
        m_state->tls->use_certificate_chain_file(certificatePath.toStdString(), error);
        if (!error) m_state->tls->use_private_key_file(keyPath.toStdString(), asio::ssl::context::pem, error);
        if (error) return false;
    }
    const tcp::endpoint any(asio::ip::address_v4::loopback(), 0);
    m_state->acceptor.open(any.protocol(), error);
    if (!error) m_state->acceptor.bind(any, error);
    if (!error) m_state->acceptor.listen(64, error);
    if (error) return false;
    m_state->port = m_state->acceptor.local_endpoint().port();
    m_state->acceptThread = std::thread([this] { m_state->accept(); });
    return true;
}

quint16 SocketUpstream::port() const
{
    return m_state->port;
}

QString SocketUpstream::url(const QByteArray& scheme) const
{
    return QStringLiteral("%1://127.0.0.1:%2").arg(QString::fromLatin1(scheme)).arg(m_state->port);
}

QJsonArray SocketUpstream::requests() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->requests;
}

QJsonArray SocketUpstream::messages() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->messages;
}

int SocketUpstream::abandoned() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->abandoned;
}

void SocketUpstream::forget()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->requests = {};
    m_state->messages = {};
    m_state->abandoned = 0;
}

} // namespace support
