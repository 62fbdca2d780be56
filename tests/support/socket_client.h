// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>

#include <QByteArray>
#include <QJsonObject>

#include "support/http_client.h"

namespace support {

/// A WebSocket client on Beast. Blocking; every wait has a limit.
class SocketClient {
public:
    SocketClient();
    ~SocketClient();

    /// The handshake; the answer has status 101 where the socket is open.
    HttpReply open(quint16 port, const QByteArray& target, const HeaderList& headers);
    bool send(const QByteArray& text, bool binary = false);
    bool send(const QJsonObject& message);
    /// Nothing when it ended, or nothing came.
    std::optional<QByteArray> receive(int milliseconds = 10'000);
    std::optional<QJsonObject> receiveObject(int milliseconds = 10'000);
    /// Reads to the end; the close code, 1006 when the connection broke, 0 when it did not end in time.
    int closeCode(int milliseconds = 10'000);
    void close(int code = 1000);
    /// Drops the connection without a word.
    void drop();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace support
