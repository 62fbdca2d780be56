// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocalServer>
#include <QLockFile>
#include <QObject>
#include <QString>

namespace app {

/// One window per user: the first one listens on a socket in the runtime folder, later ones ask it to come to
/// the front and end. The socket understands that one word and nothing else. Main thread.
class SingleInstance : public QObject {
    Q_OBJECT

public:
    explicit SingleInstance(const QString& folder, QObject* parent = nullptr);

    /// True: this is the one. False: another one runs and was asked to come to the front.
    [[nodiscard]] bool claim();
    /// $XDG_RUNTIME_DIR, or what stands in for it.
    [[nodiscard]] static QString runtimeFolder();

signals:
    void raiseWanted();

private:
    [[nodiscard]] bool askOther() const;
    void onConnection();

    QString m_socket;
    QLockFile m_lock;
    QLocalServer m_server;
};

} // namespace app
