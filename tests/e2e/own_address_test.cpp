// SPDX-License-Identifier: GPL-3.0-or-later
// What hangs on a provider's real address, which a proxy leads here: the quirks of its preset, and where a
// key is exchanged for a token.
#include <memory>
#include <vector>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "e2e/model_call.h"
#include "e2e/self_signed.h"
#include "support/canned_server.h"
#include "support/connect_proxy.h"

using namespace support;
using namespace e2e;

namespace {

/// A client that does not block, since the provider lives in the same event loop.
class Asking {
public:
    Asking(quint16 port, const QByteArray& target, const QByteArray& body)
    {
        m_socket.connectToHost(QHostAddress::LocalHost, port);
        m_socket.write(requestBytes(
            port, "POST", target,
            {{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey}, {"Connection", "close"}},
            body));
    }
    [[nodiscard]] bool isAnswered() const { return m_socket.state() == QAbstractSocket::UnconnectedState; }
    [[nodiscard]] QByteArray answer() { return m_answer += m_socket.readAll(); }
    [[nodiscard]] QJsonObject json() { return jsonOf(answer().mid(answer().indexOf("\r\n\r\n") + 4)); }

private:
    QTcpSocket m_socket;
    QByteArray m_answer;
};

QByteArray freshRsaKey()
{
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_RSA_gen(2048), EVP_PKEY_free);
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, size};
}

} // namespace

class OwnAddressTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void asksVoyageInItsOwnWords();
    void exchangesAKeyOnceForAllWhoWait();
    void tellsAllWhoWaitThatAKeyWasRefused();
    void waitsForNoTokenWhenAnotherHasAnswered();

private:
    /// So many requests at once, to a provider that wants a token.
    [[nodiscard]] std::vector<std::unique_ptr<Asking>> askVertex(int requests) const;
    [[nodiscard]] QByteArray answer(const QByteArray& head) const;
    [[nodiscard]] QByteArrayList linesOf(const QByteArray& begin) const;

    QTemporaryDir m_folder;
    std::unique_ptr<CannedServer> m_server;
    std::unique_ptr<ConnectProxy> m_proxy;
    std::unique_ptr<GatewayProcess> m_gateway;
    int m_tokenStatus = 200;
};

QByteArray OwnAddressTest::answer(const QByteArray& head) const
{
    if (head.startsWith("POST /token ") && m_tokenStatus == 0) return {}; // never
    if (head.startsWith("POST /token "))
        return CannedServer::json(m_tokenStatus,
                                  R"({"access_token":"ya29.one","expires_in":3600,"token_type":"Bearer"})");
    if (head.startsWith("POST /v1/rerank "))
        return CannedServer::json(200, R"({"object":"list","data":[{"relevance_score":0.9,"index":1},)"
                                       R"({"relevance_score":0.1,"index":0}],"model":"rerank-2.5",)"
                                       R"("usage":{"total_tokens":26}})");
    return CannedServer::json(
        200, R"({"candidates":[{"content":{"role":"model","parts":[{"text":"hi"}]},"finishReason":"STOP"}],)"
             R"("usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":1,"totalTokenCount":4}})");
}

std::vector<std::unique_ptr<Asking>> OwnAddressTest::askVertex(int requests) const
{
    const QByteArray body =
        R"({"model":"vertex/gemini-2.5-flash","messages":[{"role":"user","content":"hi"}]})";
    std::vector<std::unique_ptr<Asking>> asking;
    for (int i = 0; i < requests; ++i)
        asking.push_back(std::make_unique<Asking>(m_gateway->port(), "/v1/chat/completions", body));
    return asking;
}

QByteArrayList OwnAddressTest::linesOf(const QByteArray& begin) const
{
    QByteArrayList lines;
    for (const QByteArray& head : m_server->heads()) {
        if (head.startsWith(begin)) lines << head.left(head.indexOf("\r\n"));
    }
    return lines;
}

void OwnAddressTest::initTestCase()
{
    const QString certificate = m_folder.filePath("cert.pem"), key = m_folder.filePath("key.pem");
    QVERIFY(writeSelfSigned(certificate, key,
                            "DNS:api.voyageai.com,DNS:oauth2.googleapis.com,DNS:aiplatform.googleapis.com"));
    m_server = std::make_unique<CannedServer>([this](const QByteArray& head) { return answer(head); });
    QVERIFY(m_server->speakTls(certificate, key));
    m_proxy = std::make_unique<ConnectProxy>(m_server->serverPort());
    const QJsonObject account{{"type", "service_account"},
                              {"project_id", "lab"},
                              {"private_key_id", "k1"},
                              {"private_key", QString::fromLatin1(freshRsaKey())},
                              {"client_email", "bot@lab.iam.gserviceaccount.com"},
                              {"token_uri", "https://oauth2.googleapis.com/token"}};
    QFile file(m_folder.filePath("account.json"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QJsonDocument(account).toJson());
    file.close();
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
}

void OwnAddressTest::init()
{
    m_tokenStatus = 200;
    m_server->forget();
    const QJsonObject common{{"proxy", m_proxy->url()}, {"ca_file", m_folder.filePath("cert.pem")}};
    QJsonObject voyage = common, vertex = common;
    voyage["kind"] = "openai-compatible";
    voyage["base_url"] = "https://api.voyageai.com/v1";
    voyage["keys"] = QJsonArray{QJsonObject{{"id", "main"}, {"secret", "env:TURNPIKE_TEST_PROVIDER_KEY"}}};
    vertex["kind"] = "vertex";
    vertex["base_url"] = "https://aiplatform.googleapis.com/v1/projects/lab/locations/global";
    vertex["retry"] = QJsonObject{{"attempts", 0}};
    vertex["keys"] =
        QJsonArray{QJsonObject{{"id", "main"}, {"secret", "file:" + m_folder.filePath("account.json")}}};
    m_gateway = std::make_unique<GatewayProcess>();
    const QJsonArray targets{QJsonObject{{"provider", "vertex"}, {"model", "gemini-2.5-flash"}},
                             QJsonObject{{"provider", "sandbox"}, {"model", "echo"}}};
    const QJsonObject hedged{{"targets", targets}, {"hedge", QJsonObject{{"after_ms", 50}}}};
    m_gateway->configure({{"providers", QJsonObject{{"voyage", voyage}, {"vertex", vertex}}},
                          {"routes", QJsonObject{{"hedged", hedged}}}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void OwnAddressTest::asksVoyageInItsOwnWords()
{
    Asking asking(m_gateway->port(), "/v1/rerank",
                  R"({"model":"voyage/rerank-2.5","query":"q","documents":["a","b"],"top_n":2})");
    QTRY_VERIFY(asking.isAnswered());
    QCOMPARE(linesOf("POST "), QByteArrayList{"POST /v1/rerank HTTP/1.1"});
    const QJsonObject sent = jsonOf(m_server->bodies().first());
    QCOMPARE(sent["top_k"].toInt(), 2);
    QVERIFY(!sent.contains("top_n"));
    QCOMPARE(sent["model"].toString(), QString("rerank-2.5"));
    const QJsonArray results = asking.json()["results"].toArray();
    QVERIFY2(results.size() == 2, asking.answer());
    QCOMPARE(results[0]["index"].toInt(), 1);
    QCOMPARE(results[0]["relevance_score"].toDouble(), 0.9);
}

void OwnAddressTest::exchangesAKeyOnceForAllWhoWait()
{
    const auto asking = askVertex(6);
    for (const auto& each : asking) {
        QTRY_VERIFY(each->isAnswered());
        QVERIFY2(each->answer().startsWith("HTTP/1.1 200"), each->answer());
    }
    QCOMPARE(linesOf("POST /token").size(), 1);
    QCOMPARE(linesOf("POST /v1/projects/lab").size(), 6);
    for (const QByteArray& head : m_server->heads())
        QVERIFY2(head.startsWith("POST /token") || head.contains("Bearer ya29.one"), head);
}

void OwnAddressTest::tellsAllWhoWaitThatAKeyWasRefused()
{
    m_tokenStatus = 401;
    const auto asking = askVertex(3);
    for (const auto& each : asking) {
        QTRY_VERIFY(each->isAnswered());
        QVERIFY2(each->answer().contains("provider_auth_failed"), each->answer());
    }
    QCOMPARE(linesOf("POST /v1/projects/lab").size(), 0);
}

void OwnAddressTest::waitsForNoTokenWhenAnotherHasAnswered()
{
    m_tokenStatus = 0;
    Asking asking(m_gateway->port(), "/v1/chat/completions",
                  R"({"model":"hedged","messages":[{"role":"user","content":"hi"}]})");
    // The connection ends when the request is over, and the token is waited for three times as long.
    QTRY_VERIFY(asking.isAnswered());
    QVERIFY2(asking.answer().contains("x-turnpike-provider: sandbox"), asking.answer());
    QCOMPARE(linesOf("POST /token").size(), 1);
}

QTEST_GUILESS_MAIN(OwnAddressTest)
#include "own_address_test.moc"
