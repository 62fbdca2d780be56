// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/http_client.h"

#include <algorithm>

#include <QDeadlineTimer>

namespace support {

namespace {

/// Takes chunks off `raw`; false while the last has not come. `used`: bytes taken.
bool unchunk(const QByteArray& raw, QByteArray& body, qsizetype& used)
{
    qsizetype at = 0;
    for (;;) {
        const qsizetype line = raw.indexOf("\r\n", at);
        if (line < 0) return false;
        bool ok = false;
        const qsizetype size = raw.mid(at, line - at).split(';').first().toLongLong(&ok, 16);
        if (!ok || raw.size() < line + 2 + size + 2) return false;
        if (size == 0) {
            used = line + 4;
            return true;
        }
        body += raw.mid(line + 2, size);
        at = line + 2 + size + 2;
    }
}

} // namespace

QByteArray HttpReply::header(const QByteArray& name) const
{
    for (const auto& [key, value] : headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0) return value;
    }
    return {};
}

RawClient::RawClient(quint16 port)
{
    m_socket.connectToHost(QStringLiteral("127.0.0.1"), port);
    m_socket.waitForConnected(5'000);
}

bool RawClient::connected() const
{
    return m_socket.state() == QAbstractSocket::ConnectedState;
}

void RawClient::send(const QByteArray& bytes)
{
    m_socket.write(bytes);
    while (m_socket.bytesToWrite() > 0 && m_socket.waitForBytesWritten(10'000)) {
    }
}

QByteArray RawClient::receiveUntil(const QByteArray& text, int milliseconds)
{
    QDeadlineTimer deadline(milliseconds);
    m_buffer += m_socket.readAll();
    while (!m_buffer.contains(text) && !deadline.hasExpired()) {
        if (!m_socket.waitForReadyRead(static_cast<int>(deadline.remainingTime()))) {
            m_buffer += m_socket.readAll();
            break;
        }
        m_buffer += m_socket.readAll();
    }
    return m_buffer;
}

HttpReply RawClient::receive(int milliseconds)
{
    QDeadlineTimer deadline(milliseconds);
    HttpReply reply;
    const QByteArray bytes = receiveUntil("\r\n\r\n", milliseconds);
    const qsizetype end = bytes.indexOf("\r\n\r\n");
    if (end < 0) return reply;
    const QList<QByteArray> lines = bytes.left(end).split('\n');
    reply.status = lines.first().mid(9, 3).toInt();
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const qsizetype colon = lines[i].indexOf(':');
        reply.headers.append({lines[i].left(colon).trimmed(), lines[i].mid(colon + 1).trimmed()});
    }
    m_buffer.remove(0, end + 4);
    if (reply.status == 100) return receive(milliseconds);
    const bool chunked = reply.header("transfer-encoding") == "chunked";
    const bool sized = !reply.header("content-length").isEmpty();
    const qsizetype length = reply.header("content-length").toLongLong();
    for (;;) {
        QByteArray body;
        qsizetype used = 0;
        if (chunked && unchunk(m_buffer, body, used)) {
            reply.body = body;
            reply.complete = true;
            m_buffer.remove(0, used);
            return reply;
        }
        if (sized && m_buffer.size() >= length) {
            reply.body = m_buffer.left(length);
            reply.complete = true;
            m_buffer.remove(0, length);
            return reply;
        }
        const bool more =
            !deadline.hasExpired() && m_socket.waitForReadyRead(static_cast<int>(deadline.remainingTime()));
        m_buffer += m_socket.readAll();
        if (!more && m_socket.bytesAvailable() == 0) {
            reply.complete = !chunked && !sized && !connected();
            reply.body = chunked ? body : m_buffer;
            return reply;
        }
    }
}

bool RawClient::closed(int milliseconds)
{
    QDeadlineTimer deadline(milliseconds);
    while (connected() && !deadline.hasExpired()) {
        m_socket.waitForReadyRead(static_cast<int>(deadline.remainingTime()));
        m_buffer += m_socket.readAll();
    }
    return !connected();
}

void RawClient::close()
{
    m_socket.disconnectFromHost();
}

void RawClient::abort()
{
    m_socket.abort();
}

QByteArray requestBytes(quint16 port, const QByteArray& method, const QByteArray& target,
                        const HeaderList& headers, const QByteArray& body)
{
    const auto has = [&](const QByteArray& name) {
        return std::any_of(headers.begin(), headers.end(), [&](const auto& each) {
            return each.first.compare(name, Qt::CaseInsensitive) == 0;
        });
    };
    QByteArray bytes = method + " " + target + " HTTP/1.1\r\n";
    if (!has("host")) bytes += "Host: 127.0.0.1:" + QByteArray::number(port) + "\r\n";
    for (const auto& [name, value] : headers)
        bytes += name + ": " + value + "\r\n";
    if (!body.isEmpty() && !has("content-type")) bytes += "Content-Type: application/json\r\n";
    if ((!body.isEmpty() || method == "POST") && !has("content-length") && !has("transfer-encoding"))
        bytes += "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    return bytes + "\r\n" + body;
}

HttpReply http(quint16 port, const QByteArray& method, const QByteArray& target, const HeaderList& headers,
               const QByteArray& body, int milliseconds)
{
    RawClient client(port);
    client.send(requestBytes(port, method, target, headers, body));
    return client.receive(milliseconds);
}

} // namespace support
