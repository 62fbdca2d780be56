// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>

#include <QByteArray>
#include <QList>
#include <QTcpSocket>

namespace support {

using HeaderList = QList<std::pair<QByteArray, QByteArray>>;

struct HttpReply {
    int status = 0; // 0: no readable answer
    HeaderList headers;
    QByteArray body;       // unchunked
    bool complete = false; // by its length or final chunk
    [[nodiscard]] QByteArray header(const QByteArray& name) const;
};

/// A client made of raw bytes, for what no well-behaved client does. Blocking; every wait has a limit.
class RawClient {
public:
    explicit RawClient(quint16 port);
    [[nodiscard]] bool connected() const;
    void send(const QByteArray& bytes);
    /// The next whole reply on this connection; bytes after it are kept for the next call.
    [[nodiscard]] HttpReply receive(int milliseconds = 10'000);
    /// Reads until `text` has come or the time is over; all bytes so far.
    [[nodiscard]] QByteArray receiveUntil(const QByteArray& text, int milliseconds = 10'000);
    /// True once the peer has closed.
    [[nodiscard]] bool closed(int milliseconds = 5'000);
    void close();
    /// Closes with a reset.
    void abort();
    [[nodiscard]] QTcpSocket& socket() { return m_socket; }

private:
    QTcpSocket m_socket;
    QByteArray m_buffer;
};

/// One request on a connection of its own. Host and Content-Length are added; a body is sent as JSON unless
/// the headers say otherwise.
HttpReply http(quint16 port, const QByteArray& method, const QByteArray& target,
               const HeaderList& headers = {}, const QByteArray& body = {}, int milliseconds = 20'000);

/// The bytes of such a request.
QByteArray requestBytes(quint16 port, const QByteArray& method, const QByteArray& target,
                        const HeaderList& headers, const QByteArray& body);

} // namespace support
