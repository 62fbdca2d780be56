// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/error_reply.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace support {

namespace {

QJsonObject errorOf(const HttpReply& reply)
{
    return QJsonDocument::fromJson(reply.body).object().value("error").toObject();
}

QByteArray described(const HttpReply& reply, const QByteArray& problem)
{
    return problem + " in " + QByteArray::number(reply.status) + " " + reply.body.left(300);
}

/// What holds for errors of every dialect.
QByteArray sharedFault(const HttpReply& reply, int status, const QByteArray& code)
{
    if (reply.status != status) return described(reply, "status");
    if (!reply.complete) return described(reply, "incomplete body");
    if (reply.header("content-type") != "application/json") return described(reply, "content type");
    if (reply.header("x-content-type-options") != "nosniff") return described(reply, "no nosniff");
    if (reply.header("cache-control") != "no-store") return described(reply, "cacheable");
    if (reply.header("cross-origin-resource-policy") != "same-origin")
        return described(reply, "no resource policy");
    if (reply.header("date").isEmpty()) return described(reply, "no date");
    if (reply.header("x-request-id").isEmpty()) return described(reply, "no request id");
    for (const auto& [name, value] : reply.headers) {
        if (name.toLower().startsWith("access-control-")) return described(reply, "CORS header " + name);
    }
    if (status == 401 && reply.header("www-authenticate") != "Bearer")
        return described(reply, "no WWW-Authenticate");
    const bool isFinal = status == 401 || status == 403;
    if (isFinal != (reply.header("x-should-retry") == "false")) return described(reply, "x-should-retry");
    const QJsonObject error = errorOf(reply);
    if (error.value("code").toString().toUtf8() != code) return described(reply, "code");
    if (error.value("message").toString().size() < 10) return described(reply, "message");
    if (error.value("type").toString().isEmpty()) return described(reply, "type");
    return {};
}

} // namespace

QByteArray openAiFault(const HttpReply& reply, int status, const QByteArray& code)
{
    const QByteArray shared = sharedFault(reply, status, code);
    if (!shared.isEmpty()) return shared;
    const QJsonObject body = QJsonDocument::fromJson(reply.body).object();
    if (body.keys() != QStringList{"error"}) return described(reply, "members");
    return errorOf(reply).contains("param") ? QByteArray() : described(reply, "no param");
}

QByteArray anthropicFault(const HttpReply& reply, int status, const QByteArray& code)
{
    const QByteArray shared = sharedFault(reply, status, code);
    if (!shared.isEmpty()) return shared;
    const QJsonObject body = QJsonDocument::fromJson(reply.body).object();
    if (body.value("type").toString() != "error") return described(reply, "type of the body");
    const bool named = body.value("request_id").toString().toUtf8() == reply.header("x-request-id");
    return named ? QByteArray() : described(reply, "request_id");
}

QByteArray errorCode(const HttpReply& reply)
{
    return errorOf(reply).value("code").toString().toUtf8();
}

QByteArray errorParam(const HttpReply& reply)
{
    return errorOf(reply).value("param").toString().toUtf8();
}

QByteArray errorMessage(const HttpReply& reply)
{
    return errorOf(reply).value("message").toString().toUtf8();
}

} // namespace support
