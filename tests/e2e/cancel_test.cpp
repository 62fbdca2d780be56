// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/socket.h>

#include <QDateTime>
#include <QtTest/QtTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

constexpr int kWithin = 1'000; // a provider's call ends so soon after its client has left

} // namespace

/// Clients that leave: whatever was being paid for them stops, and the log says so.
class CancelTest : public QObject {
    Q_OBJECT

private:
    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;

    QJsonObject counts() const { return jsonOf(http(m_upstream.port(), "GET", "/__count").body); }

    /// Leaves with FIN or RST; the time just before, as the upstream tells time.
    static qint64 leave(RawClient& client, bool reset)
    {
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        if (reset) {
            const int descriptor = static_cast<int>(client.socket().socketDescriptor());
            const linger atOnce{1, 0};
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
            client.abort();
        } else {
            client.close();
        }
        return now;
    }

    QJsonObject lastRow()
    {
        const QJsonArray rows = m_gateway->rows();
        return rows.isEmpty() ? QJsonObject() : rows.last().toObject();
    }

    void checkRow(const QByteArray& model)
    {
        QTRY_COMPARE_WITH_TIMEOUT(lastRow()["requested_model"].toString(), QString(model), 5'000);
        const QJsonObject row = lastRow();
        QCOMPARE(row["error"].toObject()["code"].toString(), QString("client_cancelled"));
        QCOMPARE(row["status"].toInt(), 499);
    }

    void checkCancelled(qint64 left)
    {
        QTRY_COMPARE_WITH_TIMEOUT(counts()["cancelled"].toInt(), 1, 5'000);
        const QJsonObject request = m_upstream.requests().at(0).toObject();
        const double after = request["cancelled_ms"].toDouble() - static_cast<double>(left);
        QVERIFY2(after < kWithin, QByteArray::number(after));
    }

private slots:
    void initTestCase()
    {
        QVERIFY(m_upstream.start());
        m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
        const QJsonArray waits{QJsonObject{{"provider", "lab"}, {"model", "mock:status:429:50"}}};
        const QJsonObject retry{{"attempts", 3}, {"max_backoff_ms", 60'000}};
        m_gateway->configure(
            {{"routes", QJsonObject{{"waiting", QJsonObject{{"targets", waits}, {"retry", retry}}}}}});
        QVERIFY(m_gateway->start());
    }

    void init() { m_upstream.reset(); }

    void cancelsTheCall_data()
    {
        QTest::addColumn<QByteArray>("model");
        QTest::addColumn<QByteArray>("seen"); // what the client waits for before it leaves
        QTest::addColumn<bool>("stream");
        QTest::addColumn<bool>("reset");
        for (const bool reset : {false, true}) {
            const char* how = reset ? "RST" : "FIN";
            for (const char* provider : {"lab/", "ant/"}) {
                const auto row = [&](const char* when, const char* scenario, const char* seen, bool stream) {
                    QTest::addRow("%s %s %s", when, provider, how)
                        << QByteArray(provider) + scenario << QByteArray(seen) << stream << reset;
                };
                row("before the head", "mock:silent", "", false);
                row("before a stream's head", "mock:slow-head:20000", "", true);
                row("before the first event", "mock:slow-first:20000", "", true);
                row("within a silent stream", "mock:hang-stream:5", "Hello", true);
                row("within a stream", "mock:paced:2000:20", "w1 ", true);
                row("under back-pressure", "mock:big:40000000", "xxx", true);
            }
        }
    }

    void cancelsTheCall()
    {
        QFETCH(QByteArray, model);
        QFETCH(QByteArray, seen);
        QFETCH(bool, stream);
        QFETCH(bool, reset);
        RawClient client(m_gateway->port());
        client.socket().setReadBufferSize(64 * 1024);
        client.send(bytesOf(m_gateway->port(), {Shape::OpenAi, model, stream}));
        QTRY_COMPARE_WITH_TIMEOUT(counts()["open"].toInt(), 1, 5'000);
        if (!seen.isEmpty()) QVERIFY(client.receiveUntil(seen).contains(seen));
        checkCancelled(leave(client, reset));
        checkRow(model);
        if (model.contains("paced")) QVERIFY(lastRow()["usage"].toObject()["output_tokens"].toInt() > 0);
        // The gateway is well and the next request is served.
        QCOMPARE(ask(m_gateway->port(), {Shape::OpenAi, "lab/mock"}).status, 200);
    }

    /// Anthropic counts the output at the end only and says 1 before.
    void logsTheTokensSoFar()
    {
        for (const Shape shape : {Shape::OpenAi, Shape::Anthropic}) {
            const QByteArray model =
                shape == Shape::OpenAi ? "ant/mock:paced:2000:5" : "ant/mock:paced:2000:6";
            RawClient client(m_gateway->port());
            client.send(bytesOf(m_gateway->port(), {shape, model, true}));
            QVERIFY(client.receiveUntil("w40 ").contains("w40 "));
            leave(client, false);
            checkRow(model);
            const QJsonObject usage = lastRow()["usage"].toObject();
            QCOMPARE(usage["input_tokens"].toInt(), 16);
            QVERIFY2(usage["output_tokens"].toInt() >= 30, QJsonDocument(usage).toJson());
            QVERIFY(usage["output_tokens"].toInt() < 2'000);
        }
    }

    void logsWhatTheSandboxHasSaid()
    {
        RawClient client(m_gateway->port());
        const QByteArray words = QByteArray("word ").repeated(400);
        client.send(support::requestBytes(
            m_gateway->port(), "POST", "/v1/chat/completions", {{"x-api-key", GatewayProcess::kKey}},
            R"({"model":"sandbox/slow","stream":true,"messages":[{"role":"user","content":")" + words +
                R"("}]})"));
        QVERIFY(client.receiveUntil("word ").contains("word "));
        leave(client, false);
        checkRow("sandbox/slow");
        const int said = lastRow()["usage"].toObject()["output_tokens"].toInt();
        QVERIFY2(said > 0 && said < 100, QByteArray::number(said));
    }

    void stopsWaitingForTheNextTry_data()
    {
        QTest::addColumn<bool>("reset");
        QTest::newRow("FIN") << false;
        QTest::newRow("RST") << true;
    }

    void stopsWaitingForTheNextTry()
    {
        QFETCH(bool, reset);
        RawClient client(m_gateway->port());
        client.send(bytesOf(m_gateway->port(), {Shape::OpenAi, "waiting"}));
        QTRY_COMPARE_WITH_TIMEOUT(counts()["done"].toInt(), 1, 5'000);
        leave(client, reset);
        checkRow("waiting");
        QCOMPARE(counts()["count"].toInt(), 1);
    }

    /// Clients that come and go in a crowd leave nothing behind.
    void leavesNothingBehind()
    {
        for (int i = 0; i < 100; ++i) {
            RawClient client(m_gateway->port());
            client.send(
                bytesOf(m_gateway->port(),
                        {Shape::Anthropic, i % 2 ? "lab/mock:paced:2000:20" : "ant/mock:silent", true}));
            leave(client, i % 3 == 0);
        }
        QTRY_COMPARE_WITH_TIMEOUT(counts()["open"].toInt(), 0, 10'000);
        QTRY_VERIFY_WITH_TIMEOUT(m_upstream.openConnections() <= 2, 10'000);
        QCOMPARE(ask(m_gateway->port(), {Shape::OpenAi, "lab/mock"}).status, 200);
    }
};

QTEST_GUILESS_MAIN(CancelTest)
#include "cancel_test.moc"
