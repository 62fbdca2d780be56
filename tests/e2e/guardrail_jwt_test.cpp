// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that come with a JSON Web Token, or do not, and the server that has the keys.
#include <ctime>
#include <memory>
#include <tuple>

#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include "e2e/meanwhile.h"
#include "e2e/model_call.h"
#include "support/canned_server.h"
#include "support/error_reply.h"
#include "support/token_key.h"

using namespace support;
using namespace e2e;

namespace {

const QByteArray kTokenBody = R"({"model":"guarded","messages":[{"role":"user","content":"hi"}]})";

QByteArray claims(qint64 issuedAgo, const QByteArray& more = {})
{
    return R"({"sub":"ann","iat":)" +
           QByteArray::number(static_cast<qint64>(std::time(nullptr)) - issuedAgo) + more + "}";
}

} // namespace

class GuardrailJwtTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void letsByWhoHasAToken();
    void refusesOthers_data();
    void refusesOthers();
    void asksForTheKeysOnce();
    void asksOnceAnewForKeysThatNobodyKnows();
    void refusesWhereThereAreNoKeys_data();
    void refusesWhereThereAreNoKeys();
    void holdsForEverySortOfRequest_data();
    void holdsForEverySortOfRequest();
    void keepsTheTokenToItself();

private:
    [[nodiscard]] HttpReply sent(const QByteArray& token, const QByteArray& path = "/v1/chat/completions",
                                 const QByteArray& body = kTokenBody,
                                 const QByteArray& type = "application/json") const
    {
        HeaderList headers{{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey},
                           {"Content-Type", type}};
        if (!token.isEmpty()) headers.emplaceBack("X-User-Token", token);
        return httpMeanwhile(m_gateway->port(), body.isEmpty() ? "GET" : "POST", path, headers, body);
    }
    [[nodiscard]] QByteArray good() const { return m_key.token("ES256", "k", claims(10)); }

    TokenKey m_key{"P-256"}, m_other{"P-256"};
    FakeUpstream m_upstream;
    std::unique_ptr<CannedServer> m_keys;
    std::unique_ptr<GatewayProcess> m_gateway;
    QByteArray m_list;
    int m_status = 200;
};

void GuardrailJwtTest::initTestCase()
{
    m_keys = std::make_unique<CannedServer>([this](const QByteArray&) {
        return m_list.isEmpty() ? m_list : CannedServer::json(m_status, m_list);
    });
    QVERIFY(m_upstream.start());
}

/// Anew for each, as the keys are kept.
void GuardrailJwtTest::init()
{
    m_upstream.reset();
    m_keys->forget();
    m_status = 200;
    m_list = R"({"keys":[)" + m_key.jwk("k", R"(,"use":"sig","alg":"ES256")") + "]}";
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    const QJsonObject params{{"jwks_uri", QString(m_keys->url("/keys.json"))},
                             {"header_key", "x-user-token"}};
    const QJsonArray targets{QJsonObject{{"provider", "lab"}, {"model", "mock"}}};
    m_gateway->configure(
        {{"server", QJsonObject{{"require_key", true}, {"log_bodies", "all"}}},
         {"routes", QJsonObject{{"guarded", QJsonObject{{"targets", targets}}}}},
         {"guardrails",
          QJsonObject{{"token", QJsonObject{{"check", "jwt"},
                                            {"action", "block"},
                                            {"params", params},
                                            {"scope", QJsonObject{{"routes", QJsonArray{"*"}}}}}}}}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void GuardrailJwtTest::letsByWhoHasAToken()
{
    QCOMPARE(sent(good()).status, 200);
    QCOMPARE(sent("Bearer " + good()).status, 200);
    QCOMPARE(sent("bearer  " + good()).status, 200);
    QCOMPARE(m_upstream.requests().size(), 3);
}

void GuardrailJwtTest::refusesOthers_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::newRow("no token") << QByteArray();
    QTest::newRow("nonsense") << QByteArray("abc");
    QTest::newRow("signed by another") << m_other.token("ES256", "k", claims(10));
    QTest::newRow("expired") << m_key.token("ES256", "k", claims(100, R"(,"exp":1000)"));
    QTest::newRow("too old") << m_key.token("ES256", "k", claims(100'000));
    QTest::newRow("without a signature")
        << TokenKey::base64(R"({"alg":"none","kid":"k"})") + "." + TokenKey::base64(claims(10)) + ".";
    QTest::newRow("a name of no key") << m_key.token("ES256", "other", claims(10));
}

void GuardrailJwtTest::refusesOthers()
{
    QFETCH(QByteArray, token);
    const HttpReply reply = sent(token);
    QCOMPARE(reply.status, 400);
    QVERIFY2(reply.body.contains("guardrail_blocked") && reply.body.contains("`token`"),
             reply.body.constData());
    QVERIFY(token.isEmpty() || !reply.body.contains(token));
    QCOMPARE(m_upstream.requests().size(), 0);
    if (token.isEmpty()) QCOMPARE(m_keys->heads().size(), 0);
    QCOMPARE(sent(good()).status, 200);
}

void GuardrailJwtTest::asksForTheKeysOnce()
{
    for (int i = 0; i < 5; ++i)
        QCOMPARE(sent(good()).status, 200);
    QCOMPARE(m_keys->heads().size(), 1);
    const QByteArray head = m_keys->heads().first();
    QVERIFY2(head.startsWith("GET /keys.json HTTP/1.1\r\n"), head.constData());
    QVERIFY(!head.contains(good().split('.').first())); // nor anything else of a token's
    QVERIFY(m_keys->bodies().first().isEmpty());
}

void GuardrailJwtTest::asksOnceAnewForKeysThatNobodyKnows()
{
    QCOMPARE(sent(good()).status, 200);
    for (int i = 0; i < 5; ++i)
        QCOMPARE(sent(m_other.token("ES256", "new" + QByteArray::number(i), claims(10))).status, 400);
    QCOMPARE(m_keys->heads().size(), 1); // they were asked within the minute
}

void GuardrailJwtTest::refusesWhereThereAreNoKeys_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("list");
    QTest::newRow("an error") << 500 << QByteArray(R"({"keys":[]})");
    QTest::newRow("no list") << 200 << QByteArray("{}");
    QTest::newRow("no JSON") << 200 << QByteArray("<html>");
    QTest::newRow("elsewhere") << 302 << QByteArray(R"({"keys":[]})");
    QTest::newRow("no such key") << 200 << QByteArray(R"({"keys":[]})");
}

void GuardrailJwtTest::refusesWhereThereAreNoKeys()
{
    QFETCH(int, status);
    QFETCH(QByteArray, list);
    const QByteArray right = m_list;
    m_list = list;
    m_status = status;
    const HttpReply reply = sent(good());
    QCOMPARE(reply.status, 400);
    QVERIFY2(reply.body.contains("guardrail_blocked"), reply.body.constData());
    QCOMPARE(m_upstream.requests().size(), 0);
    if (list.contains("keys") && status == 200) return; // that is a list, and kept
    m_list = right;
    m_status = 200;
    QCOMPARE(sent(good()).status, 200);
}

void GuardrailJwtTest::holdsForEverySortOfRequest_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("type");
    const QByteArray json = "application/json";
    QTest::newRow("stream") << QByteArray("/v1/chat/completions")
                            << QByteArray(kTokenBody).replace("{\"model", "{\"stream\":true,\"model") << json;
    QTest::newRow("embeddings") << QByteArray("/v1/embeddings")
                                << QByteArray(R"({"model":"guarded","input":"hi"})") << json;
    QTest::newRow("pictures") << QByteArray("/v1/images/generations")
                              << QByteArray(R"({"model":"guarded","prompt":"a cat"})") << json;
    QTest::newRow("form")
        << QByteArray("/v1/images/edits")
        << QByteArray("--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nguarded\r\n"
                      "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na cat\r\n--b--\r\n")
        << QByteArray("multipart/form-data; boundary=b");
    QTest::newRow("proxied") << QByteArray("/proxy/lab/v1/chat/completions")
                             << QByteArray(kTokenBody).replace("guarded", "mock") << json;
    QTest::newRow("proxied bytes") << QByteArray("/proxy/lab/v1/things") << QByteArray("bytes")
                                   << QByteArray("application/octet-stream");
    QTest::newRow("proxied, without a body") << QByteArray("/proxy/lab/v1/models") << QByteArray() << json;
}

void GuardrailJwtTest::holdsForEverySortOfRequest()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, type);
    const HttpReply refused = sent({}, path, body, type);
    QCOMPARE(refused.status, 400);
    QVERIFY2(refused.body.contains("guardrail_blocked"), refused.body.constData());
    QCOMPARE(m_upstream.requests().size(), 0);
    std::ignore = sent(good(), path, body, type); // whatever the provider makes of it
    QCOMPARE(m_upstream.requests().size(), 1);
}

void GuardrailJwtTest::keepsTheTokenToItself()
{
    const QByteArray token = good();
    const QByteArray forged = m_other.token("ES256", "k", claims(10));
    QCOMPARE(sent(token).status, 200);
    QCOMPARE(sent(forged).status, 400);
    const QJsonArray rows = m_gateway->rows(2);
    QVERIFY(rows.last()["guardrails"].toArray().first()["reason"].toString().contains("signature"));
    QVERIFY(!m_upstream.requests().last().toObject()["headers"].toObject().contains("x-user-token"));
    QDirIterator files(m_gateway->folder(), QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        for (const QByteArray& each : {token, forged})
            QVERIFY2(!bytes.contains(each.split('.').last()), qPrintable(file.fileName()));
    }
    QVERIFY(!m_gateway->errors().contains(token.split('.').last()));
}

QTEST_GUILESS_MAIN(GuardrailJwtTest)
#include "guardrail_jwt_test.moc"
