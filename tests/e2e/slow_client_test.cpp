// SPDX-License-Identifier: GPL-3.0-or-later
// Clients that are slow, silent or many: each is told so or dropped in its time, the others notice nothing.
#include <algorithm>
#include <memory>
#include <vector>

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QJsonObject>
#include <QTest>

#include "support/error_reply.h"
#include "support/http_client.h"
#include "support/processes.h"

using support::anthropicFault;
using support::GatewayProcess;
using support::HeaderList;
using support::http;
using support::HttpReply;
using support::openAiFault;
using support::RawClient;
using support::requestBytes;

namespace {

const QByteArray kBody = R"({"model":"sandbox/echo","messages":[{"role":"user","content":"hi"}]})";
const HeaderList kKey{{"x-api-key", GatewayProcess::kKey}};
constexpr int kConnections = 340;

} // namespace

class SlowClientTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanup();
    void timesOutSilentHead();
    void timesOutDrippingHead();
    void timesOutEmptyLines();
    void timesOutSilentBody_data();
    void timesOutSilentBody();
    void timesOutDrippingBody_data();
    void timesOutDrippingBody();
    void takesBodyThatComesInPieces();
    void closesIdleConnection();
    void tellsTheConnectionOverTheLimit();
    void servesBesideIdleConnections();
    void servesBesideHalfHeads();
    void clientsThatLeaveHalfWayAreForgotten();

private:
    [[nodiscard]] quint16 port() const { return m_gateway.port(); }
    [[nodiscard]] QByteArray request() const
    {
        return requestBytes(port(), "POST", "/v1/chat/completions", kKey, kBody);
    }
    [[nodiscard]] int openConnections() const;
    /// Sends `byte` after `byte` until an answer comes.
    [[nodiscard]] static HttpReply drip(RawClient& client, const QByteArray& piece);
    /// The slowest of some good requests, in milliseconds.
    [[nodiscard]] qint64 slowestRequest() const;

    GatewayProcess m_gateway;
};

void SlowClientTest::initTestCase()
{
    const QJsonObject limits{{"header_ms", 500},
                             {"body_idle_ms", 400},
                             {"body_ms", 1'200},
                             {"keepalive_idle_ms", 700},
                             {"connections", kConnections}};
    m_gateway.configure({{"server", QJsonObject{{"limits", limits}}}});
    QVERIFY2(m_gateway.start(), m_gateway.errors());
    QTRY_COMPARE(http(port(), "GET", "/ready").status, 200);
}

void SlowClientTest::cleanup()
{
    // Nothing is left of the slow ones, and the next request is served.
    QTRY_COMPARE_WITH_TIMEOUT(openConnections(), 1, 10'000);
    RawClient client(port());
    client.send(request());
    QCOMPARE(client.receive().status, 200);
}

int SlowClientTest::openConnections() const
{
    const QByteArray text = http(port(), "GET", "/metrics", kKey).body;
    const QByteArray name = "\nturnpike_connections_open ";
    const qsizetype at = text.indexOf(name) + name.size();
    return text.mid(at, text.indexOf('\n', at) - at).toInt();
}

HttpReply SlowClientTest::drip(RawClient& client, const QByteArray& piece)
{
    QDeadlineTimer deadline(10'000);
    while (client.connected() && client.socket().bytesAvailable() == 0 && !deadline.hasExpired()) {
        client.send(piece);
        client.socket().waitForReadyRead(50);
    }
    return client.receive();
}

qint64 SlowClientTest::slowestRequest() const
{
    qint64 slowest = 0;
    for (int i = 0; i < 20; ++i) {
        QElapsedTimer time;
        time.start();
        RawClient client(port());
        client.send(request());
        if (client.receive().status != 200) return -1;
        slowest = std::max(slowest, time.elapsed());
    }
    return slowest;
}

void SlowClientTest::timesOutSilentHead()
{
    RawClient client(port());
    client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    QCOMPARE(openAiFault(client.receive(), 408, "request_timeout"), QByteArray());
    QVERIFY(client.closed());
}

void SlowClientTest::timesOutDrippingHead()
{
    RawClient client(port());
    client.send("POST /v1/chat/completions HTTP/1.1\r\nX-A: ");
    QElapsedTimer time;
    time.start();
    QCOMPARE(openAiFault(drip(client, "a"), 408, "request_timeout"), QByteArray());
    QVERIFY2(time.elapsed() < 3'000, QByteArray::number(time.elapsed()));
    QVERIFY(client.closed());
}

void SlowClientTest::timesOutEmptyLines()
{
    RawClient client(port());
    QCOMPARE(openAiFault(drip(client, "\r\n"), 400, "bad_request"), QByteArray());
    QVERIFY(client.closed());
    RawClient half(port());
    half.send("\r");
    QCOMPARE(openAiFault(half.receive(), 408, "request_timeout"), QByteArray());
}

void SlowClientTest::timesOutSilentBody_data()
{
    QTest::addColumn<HeaderList>("framing");
    QTest::newRow("length") << HeaderList{{"Content-Length", "1000"}};
    QTest::newRow("chunked") << HeaderList{{"Transfer-Encoding", "chunked"}};
}

void SlowClientTest::timesOutSilentBody()
{
    QFETCH(HeaderList, framing);
    for (const char* target : {"/v1/chat/completions", "/v1/messages"}) {
        RawClient client(port());
        client.send(requestBytes(port(), "POST", target,
                                 kKey + framing + HeaderList{{"Content-Type", "application/json"}}, {}));
        const HttpReply reply = client.receive();
        const bool isOpenAi = QByteArray(target).endsWith("completions");
        QCOMPARE(isOpenAi ? openAiFault(reply, 408, "request_timeout")
                          : anthropicFault(reply, 408, "request_timeout"),
                 QByteArray());
        QCOMPARE(reply.header("connection"), QByteArray("close"));
        QVERIFY(client.closed());
    }
}

void SlowClientTest::timesOutDrippingBody_data()
{
    QTest::addColumn<HeaderList>("framing");
    QTest::addColumn<QByteArray>("piece");
    QTest::newRow("length") << HeaderList{{"Content-Length", "100000"}} << QByteArray(" ");
    QTest::newRow("chunked") << HeaderList{{"Transfer-Encoding", "chunked"}} << QByteArray("1\r\n \r\n");
}

void SlowClientTest::timesOutDrippingBody()
{
    QFETCH(HeaderList, framing);
    QFETCH(QByteArray, piece);
    RawClient client(port());
    client.send(requestBytes(port(), "POST", "/v1/chat/completions",
                             kKey + framing + HeaderList{{"Content-Type", "application/json"}}, {}));
    QElapsedTimer time;
    time.start();
    QCOMPARE(openAiFault(drip(client, piece), 408, "request_timeout"), QByteArray());
    QVERIFY2(time.elapsed() > 800 && time.elapsed() < 4'000, QByteArray::number(time.elapsed()));
    QVERIFY(client.closed());
}

void SlowClientTest::takesBodyThatComesInPieces()
{
    RawClient client(port());
    const QByteArray bytes = request();
    for (qsizetype at = 0; at < bytes.size(); at += 16) {
        client.send(bytes.mid(at, 16));
        client.socket().flush();
    }
    QCOMPARE(client.receive().status, 200);
}

void SlowClientTest::closesIdleConnection()
{
    RawClient client(port());
    client.send(request());
    QCOMPARE(client.receive().status, 200);
    QElapsedTimer time;
    time.start();
    // Without a word: a 408 would be taken for the answer to a request that is just being sent.
    QCOMPARE(client.receiveUntil("HTTP", 5'000), QByteArray());
    QVERIFY(client.closed());
    QVERIFY2(time.elapsed() > 500 && time.elapsed() < 4'000, QByteArray::number(time.elapsed()));
}

void SlowClientTest::tellsTheConnectionOverTheLimit()
{
    std::vector<std::unique_ptr<RawClient>> idle;
    for (int i = 0; i < kConnections; ++i)
        idle.push_back(std::make_unique<RawClient>(port()));
    RawClient late(port());
    const HttpReply reply = late.receive();
    QCOMPARE(openAiFault(reply, 503, "overloaded"), QByteArray());
    QCOMPARE(reply.header("retry-after"), QByteArray("1"));
    QVERIFY(late.closed());
    // Those inside are served on.
    idle.back()->send(request());
    QCOMPARE(idle.back()->receive().status, 200);
}

void SlowClientTest::servesBesideIdleConnections()
{
    std::vector<std::unique_ptr<RawClient>> idle;
    for (int i = 0; i < 300; ++i)
        idle.push_back(std::make_unique<RawClient>(port()));
    QCOMPARE(openConnections(), 301);
    const qint64 slowest = slowestRequest();
    QVERIFY2(slowest >= 0 && slowest < 1'000, QByteArray::number(slowest));
}

void SlowClientTest::servesBesideHalfHeads()
{
    std::vector<std::unique_ptr<RawClient>> slow;
    for (int i = 0; i < 300; ++i) {
        slow.push_back(std::make_unique<RawClient>(port()));
        slow.back()->send("POST /v1/chat/completions HTTP/1.1\r\nX-A: ");
    }
    const qint64 slowest = slowestRequest();
    QVERIFY2(slowest >= 0 && slowest < 1'000, QByteArray::number(slowest));
    for (const auto& each : slow)
        QCOMPARE(each->receive().status, 408);
}

void SlowClientTest::clientsThatLeaveHalfWayAreForgotten()
{
    const QByteArray bytes = request();
    for (qsizetype size = 0; size < bytes.size(); size += 3) {
        RawClient closing(port());
        closing.send(bytes.left(size));
        closing.close();
        RawClient resetting(port());
        resetting.send(bytes.left(size));
        resetting.abort();
    }
}

QTEST_GUILESS_MAIN(SlowClientTest)
#include "slow_client_test.moc"
