// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens that the provider did not count: in the log, and for clients that ask for them.
#include <memory>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "e2e/canned_chat.h"
#include "e2e/model_call.h"
#include "support/canned_server.h"

using namespace support;
using namespace e2e;

namespace {

// Nine tokens by o200k_base and by cl100k_base, in two parts of a stream.
constexpr const char* kFirst = "The quick brown fox jumps";
constexpr const char* kSecond = " over the lazy dog";
// "hello world" is two, a message three more, the answer's begin three.
constexpr int kAsked = 8;
constexpr int kAnswered = 9;

QByteArray chunk(const char* text)
{
    return "data: " +
           quoted(QByteArray("{'id':'c','object':'chat.completion.chunk','created':1,'model':'m','choices':"
                             "[{'index':0,'delta':{'content':'") +
                  text + "'},'finish_reason':null}]}") +
           "\n\n";
}

} // namespace

class TokenCountTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_server = std::make_unique<CannedServer>([this](const QByteArray&) { return m_answer; });
        m_gateway = std::make_unique<GatewayProcess>();
        const QJsonObject price{{"input", 1000}, {"output", 1000}};
        const QJsonObject models{{"gpt-4o", QJsonObject{{"price", price}}},
                                 {"claude-x", QJsonObject{{"price", price}}}};
        const QJsonObject provider{
            {"kind", "openai-compatible"},
            {"base_url", QString::fromLatin1(m_server->url("/v1"))},
            {"keys", QJsonArray{QJsonObject{{"id", "main"}, {"secret", "env:TURNPIKE_TEST_PROVIDER_KEY"}}}},
            {"retry", QJsonObject{{"attempts", 0}}},
            {"models", models}};
        m_gateway->configure({{"providers", QJsonObject{{"lab", provider}}}});
        QVERIFY(m_gateway->start());
        QVERIFY2(!m_gateway->run({"doctor"}).contains("built without vocabularies"),
                 "npm could not fetch them when this build was configured.");
    }

    void countsACutStream_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("in its own words") << QByteArray("/v1/chat/completions");
        QTest::newRow("translated") << QByteArray("/v1/messages");
    }

    void countsACutStream()
    {
        QFETCH(QByteArray, path);
        m_answer = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" +
                   chunk(kFirst) + chunk(kSecond);
        const QJsonObject row = rowOf(ask(path, "lab/gpt-4o", true));
        QCOMPARE(row["error"].toObject()["code"].toString(), QStringLiteral("upstream_truncated"));
        QCOMPARE(row["usage"].toObject()["output_tokens"].toInt(), kAnswered);
        QCOMPARE(row["usage"].toObject()["input_tokens"].toInt(), kAsked);
        QCOMPARE(row["cost_source"].toString(), QStringLiteral("estimated"));
        QCOMPARE(row["cost_usd"].toDouble(), 0.017);
    }

    void takesTheProvidersCountOfInput()
    {
        m_answer = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" +
                   chunk(kFirst) + "data: " +
                   quoted("{'id':'c','object':'chat.completion.chunk','created':1,'model':'m',"
                          "'choices':[],'usage':{'prompt_tokens':500,'completion_tokens':1,"
                          "'total_tokens':501}}") +
                   "\n\n" + chunk(kSecond);
        const QJsonObject row = rowOf(ask("/v1/chat/completions", "lab/gpt-4o", true));
        QCOMPARE(row["usage"].toObject()["input_tokens"].toInt(), 500);
        QCOMPARE(row["usage"].toObject()["output_tokens"].toInt(), kAnswered);
    }

    void countsForASilentProvider_data() { countsACutStream_data(); }

    void countsForASilentProvider()
    {
        QFETCH(QByteArray, path);
        m_answer = CannedServer::json(
            200, quoted(QByteArray("{'id':'c','object':'chat.completion','created':1,'model':'m','choices':"
                                   "[{'index':0,'message':{'role':'assistant','content':'") +
                        kFirst + kSecond + "'},'finish_reason':'stop'}]}"));
        const QJsonObject row = rowOf(ask(path, "lab/gpt-4o", false));
        QCOMPARE(row["status"].toInt(), 200);
        QCOMPARE(row["usage"].toObject()["output_tokens"].toInt(), kAnswered);
        QCOMPARE(row["usage"].toObject()["input_tokens"].toInt(), kAsked);
        QCOMPARE(row["cost_source"].toString(), QStringLiteral("estimated"));
    }

    void believesAProviderThatCounts()
    {
        m_answer = CannedServer::json(200, completion());
        const QJsonObject row = rowOf(ask("/v1/chat/completions", "lab/gpt-4o", false));
        QCOMPARE(row["usage"].toObject()["output_tokens"].toInt(), 1);
        QCOMPARE(row["cost_source"].toString(), QStringLiteral("computed"));
    }

    void countsForAClient()
    {
        const QByteArray counted = ask("/v1/messages/count_tokens", "lab/gpt-4o", false);
        QVERIFY2(counted.contains("{\"input_tokens\":" + QByteArray::number(kAsked) + "}"),
                 counted.constData());
        // By the factor for Claude, rounded up in each text.
        const QByteArray near = ask("/v1/messages/count_tokens", "lab/claude-x", false);
        QVERIFY2(near.contains("{\"input_tokens\":9}"), near.constData());
    }

private:
    /// The whole reply; the canned provider answers in this program's event loop meanwhile.
    QByteArray ask(const QByteArray& path, const QByteArray& model, bool stream)
    {
        const QByteArray body =
            quoted("{'model':'" + model + "','max_tokens':100," + (stream ? "'stream':true," : "") +
                   "'messages':[{'role':'user','content':'hello world'}]}");
        RawClient client(m_gateway->port());
        client.send(requestBytes(
            m_gateway->port(), "POST", path,
            {{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey}, {"Connection", "close"}},
            body));
        const auto isOver = [&client] {
            return client.socket().state() == QAbstractSocket::UnconnectedState;
        };
        [[maybe_unused]] const bool over = QTest::qWaitFor(isOver, 20'000);
        ++m_asked;
        return client.receiveUntil("no such text", 1);
    }
    [[nodiscard]] QJsonObject rowOf(const QByteArray& reply)
    {
        const QJsonArray rows = m_gateway->rows(m_asked);
        return reply.isEmpty() || rows.isEmpty() ? QJsonObject() : rows.last().toObject();
    }

    QByteArray m_answer;
    std::unique_ptr<CannedServer> m_server;
    std::unique_ptr<GatewayProcess> m_gateway;
    int m_asked = 0;
};

QTEST_GUILESS_MAIN(TokenCountTest)
#include "token_count_test.moc"
