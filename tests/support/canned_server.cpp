// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/canned_server.h"

#include <memory>
#include <utility>

#include <QTcpSocket>

namespace support {
namespace {

qsizetype bodyLength(const QByteArray& head)
{
    const QByteArray lower = head.toLower();
    const qsizetype at = lower.indexOf("\r\ncontent-length:");
    if (at < 0) return 0;
    const qsizetype begin = at + 17;
    return lower.mid(begin, lower.indexOf("\r\n", begin) - begin).trimmed().toLongLong();
}

} // namespace

CannedServer::CannedServer(Answer answer) : m_answer(std::move(answer))
{
    connect(this, &QTcpServer::newConnection, this, &CannedServer::serve);
    if (!listen(QHostAddress::LocalHost)) qFatal("No free port.");
}

QByteArray CannedServer::url(const QByteArray& path) const
{
    return "http://127.0.0.1:" + QByteArray::number(serverPort()) + path;
}

QByteArray CannedServer::json(int status, const QByteArray& body, const QByteArray& fields)
{
    return "HTTP/1.1 " + QByteArray::number(status) + " Made up\r\nContent-Type: application/json\r\n" +
           fields + "Content-Length: " + QByteArray::number(body.size()) + "\r\nConnection: close\r\n\r\n" +
           body;
}

void CannedServer::serve()
{
    while (QTcpSocket* socket = nextPendingConnection()) {
        auto text = std::make_shared<QByteArray>();
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QTcpSocket::readyRead, this, [this, socket, text] {
            *text += socket->readAll();
            const qsizetype end = text->indexOf("\r\n\r\n");
            if (end < 0 || text->size() < end + 4 + bodyLength(text->left(end + 2))) return;
            const QByteArray head = text->left(end + 2);
            text->clear();
            m_heads.append(head);
            const QByteArray reply = m_answer(head);
            if (reply.isEmpty()) return;
            socket->write(reply);
            socket->disconnectFromHost();
        });
    }
}

} // namespace support
