// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QTcpServer>

namespace support {

/// An HTTP proxy in the test's own event loop that leads every CONNECT to one port of 127.0.0.1, so that a
/// provider can be asked by a name that is not ours.
class ConnectProxy : public QTcpServer {
    Q_OBJECT

public:
    explicit ConnectProxy(quint16 leadsTo);
    [[nodiscard]] QString url() const { return QStringLiteral("http://127.0.0.1:%1").arg(serverPort()); }
    /// The heads of all requests, one after the other.
    [[nodiscard]] const QByteArray& asked() const { return m_asked; }

private:
    QByteArray m_asked;
};

} // namespace support
