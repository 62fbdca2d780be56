// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QList>
#include <QTest>

#include "support/http_client.h"
#include "support/processes.h"

namespace e2e {

enum class Shape { Undecided, OpenAi, Anthropic };

/// One request to a model in a client's words. `lab` of the test configuration speaks OpenAI, `ant`
/// Anthropic.
struct ModelCall {
    Shape shape = Shape::OpenAi;
    QByteArray model;
    bool stream = false;
    bool usage = false; // asks for usage in an OpenAI stream
    support::HeaderList headers = {};
    QByteArray extra = {}; // further members of the body, each with a comma before it
};

inline QByteArray pathOf(const ModelCall& call)
{
    return call.shape == Shape::Anthropic ? "/v1/messages" : "/v1/chat/completions";
}

inline QByteArray bodyOf(const ModelCall& call)
{
    QByteArray body =
        R"({"model":")" + call.model + R"(","max_tokens":100,"messages":[{"role":"user","content":"hi"}])";
    if (call.stream) body += R"(,"stream":true)";
    if (call.usage) body += R"(,"stream_options":{"include_usage":true})";
    return body + call.extra + "}";
}

inline support::HeaderList headersOf(const ModelCall& call, const QByteArray& key)
{
    support::HeaderList headers = call.headers;
    if (call.shape == Shape::Anthropic) {
        headers.emplaceBack("x-api-key", key);
        headers.emplaceBack("anthropic-version", "2023-06-01");
    } else {
        headers.emplaceBack("Authorization", "Bearer " + key);
    }
    return headers;
}

/// The bytes that a client of the gateway at `port` sends.
inline QByteArray bytesOf(quint16 port, const ModelCall& call)
{
    return support::requestBytes(port, "POST", pathOf(call), headersOf(call, support::GatewayProcess::kKey),
                                 bodyOf(call));
}

inline support::HttpReply ask(quint16 port, const ModelCall& call, int milliseconds = 30'000)
{
    support::RawClient client(port);
    client.send(bytesOf(port, call));
    return client.receive(milliseconds);
}

/// The same request past the gateway, with the provider's key.
inline support::HttpReply askDirectly(quint16 upstreamPort, const ModelCall& call)
{
    return support::http(upstreamPort, "POST", pathOf(call),
                         headersOf(call, support::GatewayProcess::kProviderKey), bodyOf(call));
}

inline QJsonObject jsonOf(const QByteArray& text)
{
    return QJsonDocument::fromJson(text).object();
}

/// The row that the log has of a request; empty when none has come within five seconds.
inline QJsonObject rowOf(support::GatewayProcess& gateway, const support::HttpReply& reply)
{
    const QString id = QString::fromUtf8(reply.header("x-request-id"));
    QJsonObject found;
    // A row is shown at most a second after its request ended.
    static_cast<void>(QTest::qWaitFor([&] {
        for (const QByteArray& line : gateway.run({"logs", "--format", "jsonl"}).split('\n')) {
            const QJsonObject row = jsonOf(line);
            if (row["id"].toString() == id) found = row;
        }
        return !found.isEmpty();
    }));
    return found;
}

/// The text of a whole answer, or of a stream put together.
inline QString textOf(const ModelCall& call, const QByteArray& body)
{
    const auto piece = [&](const QByteArray& json) {
        const QJsonObject object = jsonOf(json);
        if (call.shape == Shape::Anthropic) {
            if (call.stream) return object["delta"].toObject()["text"].toString();
            return object["content"].toArray().at(0).toObject()["text"].toString();
        }
        const QJsonObject choice = object["choices"].toArray().at(0).toObject();
        return choice[QLatin1String(call.stream ? "delta" : "message")].toObject()["content"].toString();
    };
    if (!call.stream) return piece(body);
    QString text;
    for (const QByteArray& line : body.split('\n')) {
        if (line.startsWith("data: {")) text += piece(line.mid(6));
    }
    return text;
}

inline QByteArray endMarker(Shape shape)
{
    return shape == Shape::Anthropic ? "event: message_stop" : "data: [DONE]";
}

/// What is wrong with an error body of that shape; empty when nothing is. `code` empty: any.
inline QByteArray errorProblem(Shape shape, const QByteArray& body, const QByteArray& code)
{
    const QJsonObject object = jsonOf(body);
    const QJsonObject error = object["error"].toObject();
    if (error["message"].toString().isEmpty() || error["type"].toString().isEmpty()) return "no error object";
    if (shape == Shape::Anthropic && object["type"] != QLatin1String("error"))
        return "not of Anthropic's shape";
    if (shape == Shape::OpenAi && !error.contains(QLatin1String("param"))) return "not of OpenAI's shape";
    if (!code.isEmpty() && error["code"] != QLatin1String(code)) return "another code";
    return {};
}

} // namespace e2e
