// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/single_instance.h"

#include <QDir>
#include <QLocalSocket>
#include <QStandardPaths>

namespace app {
namespace {

constexpr int kConnectMillis = 500;
constexpr int kLockMillis = 2000; // One that is just starting needs a moment until it listens.
const QByteArray kRaise = QByteArrayLiteral("raise\n");

} // namespace

SingleInstance::SingleInstance(const QString& folder, QObject* parent)
    : QObject(parent)
    , m_socket(QDir(folder).filePath(QStringLiteral("turnpike-window.socket")))
    , m_lock(QDir(folder).filePath(QStringLiteral("turnpike-window.lock")))
{
    m_lock.setStaleLockTime(0); // Stale only when its process is gone, however long it ran.
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::onConnection);
}

QString SingleInstance::runtimeFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
}

// The order matters: listen() with an access option takes the name away from an instance that is alive, so it
// comes last, under the lock.
bool SingleInstance::claim()
{
    if (askOther()) return false;
    if (!m_lock.tryLock(kLockMillis) && m_lock.error() == QLockFile::LockFailedError) {
        static_cast<void>(askOther()); // it is starting up: if it cannot hear us yet, its window comes anyway
        return false;
    }
    QLocalServer::removeServer(m_socket);
    if (!m_server.listen(m_socket)) {
        qWarning("A second start will not find this window: %s", qUtf8Printable(m_server.errorString()));
    }
    return true;
}

bool SingleInstance::askOther() const
{
    QLocalSocket socket;
    socket.connectToServer(m_socket);
    if (!socket.waitForConnected(kConnectMillis)) return false;
    socket.write(kRaise);
    socket.waitForBytesWritten(kConnectMillis);
    return true;
}

void SingleInstance::onConnection()
{
    while (QLocalSocket* socket = m_server.nextPendingConnection()) {
        socket->setReadBufferSize(kRaise.size());
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            if (socket->bytesAvailable() < kRaise.size()) return;
            const bool known = socket->read(kRaise.size()) == kRaise;
            socket->abort();
            if (known) emit raiseWanted();
        });
    }
}

} // namespace app
