// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QByteArray>
#include <QJsonArray>
#include <QString>

namespace support {

/// A provider in this process that speaks WebSockets, with threads of its own.
///
/// A WebSocket does what it is told by the messages that come: `{"test":"send","events":[…]}` sends each of
/// them as a message, `{"test":"flood","count":N,"bytes":N}` sends that many messages,
/// `{"test":"close","code":N,"reason":…}` closes, `{"test":"drop"}` closes the connection without a word; all
/// others are only remembered. A target with `refuse=STATUS` is refused with it.
///
/// A POST is answered like OpenAI's Responses API as a stream, by the model's name: `cut` ends in its middle,
/// `hang` goes on for ever, `bare` repeats no items in its last event; any other says "answer N".
class SocketUpstream {
public:
    SocketUpstream();
    ~SocketUpstream();

    /// With both files it speaks TLS.
    [[nodiscard]] bool start(const QString& certificatePath = {}, const QString& keyPath = {});
    [[nodiscard]] quint16 port() const;
    [[nodiscard]] QString url(const QByteArray& scheme = "http") const;

    /// Every request, upgrades too: `method`, `target`, `headers` (an object, names in lower case), `body`.
    [[nodiscard]] QJsonArray requests() const;
    /// Every message, in the order they came: `text`, or `binary` in base64; `closed`: how a socket ended.
    [[nodiscard]] QJsonArray messages() const;
    /// Streams that hung until their reader had gone.
    [[nodiscard]] int abandoned() const;
    void forget();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace support
