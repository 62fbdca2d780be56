// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/admin_call.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include <QEventLoop>
#include <QIODevice>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTimer>

namespace app {

namespace {

constexpr qint64 kLargestAnswer = qint64{32} << 20;

/// A body that is read once. Qt repeats a request whose connection closes before an answer begins, of any
/// method; but only when it can read its body anew.
class BodyOnce : public QIODevice {
public:
    explicit BodyOnce(QByteArray bytes) : m_bytes(std::move(bytes))
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }
    [[nodiscard]] bool isSequential() const override { return true; }
    /// The one of QIODevice warns on standard error.
    bool seek(qint64) override { return false; }
    [[nodiscard]] bool atEnd() const override { return m_at == m_bytes.size(); }
    [[nodiscard]] qint64 bytesAvailable() const override { return m_bytes.size() - m_at; }

protected:
    qint64 readData(char* into, qint64 most) override
    {
        if (atEnd()) return -1;
        const auto size = std::min<qsizetype>(static_cast<qsizetype>(most), m_bytes.size() - m_at);
        std::copy_n(m_bytes.constData() + m_at, size, into);
        m_at += size;
        return size;
    }
    qint64 writeData(const char*, qint64) override { return -1; }

private:
    QByteArray m_bytes;
    qsizetype m_at = 0;
};

QNetworkRequest requestTo(const QUrl& url, const gateway::Secret& key)
{
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setRawHeader("Accept-Encoding", "identity");
    request.setRawHeader("User-Agent", "turnpiked/" TURNPIKE_VERSION);
    const std::string_view secret = key.reveal();
    request.setRawHeader("Authorization",
                         "Bearer " + QByteArray(secret.data(), static_cast<qsizetype>(secret.size())));
    return request;
}

} // namespace

AdminReply sendAdminCall(const QUrl& url, const gateway::Secret& key, const QByteArray& method,
                         const QByteArray& body)
{
    QNetworkRequest request = requestTo(url, key);
    BodyOnce once(body);
    QNetworkAccessManager network;
    network.setProxy(QNetworkProxy::NoProxy);
    if (!body.isEmpty()) request.setHeader(QNetworkRequest::ContentTypeHeader, "application/json");
    QIODevice* sent = nullptr;
    if (method != "GET") {
        request.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
        request.setHeader(QNetworkRequest::ContentLengthHeader, body.size());
        sent = &once;
    }
    QNetworkReply* reply = network.sendCustomRequest(request, method, sent);
    AdminReply result;
    QEventLoop loop;
    QTimer limit;
    limit.setSingleShot(true);
    QObject::connect(&limit, &QTimer::timeout, reply, [&] {
        result.timedOut = true;
        reply->abort();
    });
    QObject::connect(reply, &QNetworkReply::downloadProgress, reply, [&](qint64 received, qint64) {
        if (received <= kLargestAnswer) return;
        result.tooLarge = true;
        reply->abort();
    });
    QObject::connect(reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
    limit.start(std::chrono::seconds(kPatienceSeconds));
    if (!reply->isFinished()) loop.exec();
    limit.stop();
    result.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    result.body = reply->isOpen() ? reply->readAll() : QByteArray();
    const bool cut = result.status >= 200 && result.status < 300 && reply->error() != QNetworkReply::NoError;
    if (result.status == 0 || cut)
        result.problem = reply->error() == QNetworkReply::ContentReSendError
                             ? "Connection closed" // It has no text of its own.
                             : reply->errorString().toStdString();
    return result;
}

} // namespace app
