// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/connect_proxy.h"

#include <memory>

#include <QTcpSocket>

namespace support {

ConnectProxy::ConnectProxy(quint16 leadsTo)
{
    connect(this, &QTcpServer::newConnection, this, [this, leadsTo] {
        QTcpSocket* inside = nextPendingConnection();
        auto* outside = new QTcpSocket(inside);
        auto head = std::make_shared<QByteArray>();
        connect(outside, &QTcpSocket::readyRead, inside, [=] { inside->write(outside->readAll()); });
        connect(inside, &QTcpSocket::disconnected, inside, &QObject::deleteLater);
        connect(inside, &QTcpSocket::readyRead, inside, [=, this] {
            if (outside->state() == QAbstractSocket::ConnectedState) {
                outside->write(inside->readAll());
                return;
            }
            *head += inside->readAll();
            if (!head->contains("\r\n\r\n")) return;
            m_asked += *head;
            outside->connectToHost(QHostAddress::LocalHost, leadsTo);
            if (outside->waitForConnected()) inside->write("HTTP/1.1 200 OK\r\n\r\n");
        });
    });
    if (!listen(QHostAddress::LocalHost)) qFatal("No free port.");
}

} // namespace support
