// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include <QByteArray>
#include <QByteArrayList>
#include <QSslConfiguration>
#include <QTcpServer>

namespace support {

/// An HTTP server in the test's own event loop: each request is answered with what a function makes of its
/// head, and then the connection is closed. An empty answer: it accepts and never says a word.
class CannedServer : public QTcpServer {
    Q_OBJECT

public:
    using Answer = std::function<QByteArray(const QByteArray& head)>;

    /// Listens on a free port of 127.0.0.1.
    explicit CannedServer(Answer answer);
    [[nodiscard]] QByteArray url(const QByteArray& path = {}) const;
    /// The heads of all requests, in order.
    [[nodiscard]] const QByteArrayList& heads() const { return m_heads; }
    [[nodiscard]] const QByteArrayList& bodies() const { return m_bodies; }
    void forget()
    {
        m_heads.clear();
        m_bodies.clear();
    }
    /// Speaks TLS from now on; files in PEM, the key one of a curve. False when they cannot be read.
    [[nodiscard]] bool speakTls(const QString& certificatePath, const QString& keyPath);

    /// A whole reply with a JSON body.
    [[nodiscard]] static QByteArray json(int status, const QByteArray& body, const QByteArray& fields = {});

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void serve();

    Answer m_answer;
    QByteArrayList m_heads, m_bodies;
    QSslConfiguration m_tls; // null: plain
};

} // namespace support
