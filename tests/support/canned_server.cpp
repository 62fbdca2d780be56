// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/canned_server.h"

#include <memory>
#include <utility>

#include <QFile>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>

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

bool CannedServer::speakTls(const QString& certificatePath, const QString& keyPath)
{
    QFile key(keyPath);
    const QList<QSslCertificate> chain = QSslCertificate::fromPath(certificatePath);
    if (chain.isEmpty() || !key.open(QIODevice::ReadOnly)) return false;
    m_tls = QSslConfiguration::defaultConfiguration();
    m_tls.setLocalCertificateChain(chain);
    m_tls.setPrivateKey(QSslKey(&key, QSsl::Ec));
    return !m_tls.privateKey().isNull();
}

void CannedServer::incomingConnection(qintptr descriptor)
{
    if (m_tls.isNull()) {
        QTcpServer::incomingConnection(descriptor);
        return;
    }
    auto* socket = new QSslSocket(this);
    socket->setSocketDescriptor(descriptor);
    socket->setSslConfiguration(m_tls);
    socket->startServerEncryption();
    addPendingConnection(socket);
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
            m_heads.append(head);
            m_bodies.append(text->mid(end + 4));
            text->clear();
            const QByteArray reply = m_answer(head);
            if (reply.isEmpty()) return;
            socket->write(reply);
            socket->disconnectFromHost();
        });
    }
}

} // namespace support
