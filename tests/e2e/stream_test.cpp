// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <memory>
#include <vector>

#include <QElapsedTimer>
#include <QtTest/QtTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

constexpr const char* kTools =
    R"(,"tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object"}}}])";
constexpr const char* kAnthropicTools = R"(,"tools":[{"name":"weather","input_schema":{"type":"object"}}])";

constexpr int kHastyIdle = 300; // milliseconds

} // namespace

/// Streams: whose bytes they are, how many at once, and what a slow reader costs.
class StreamTest : public QObject {
    Q_OBJECT

private:
    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;

    HttpReply askGateway(Shape shape, const QByteArray& scenario, bool usage = false,
                         const QByteArray& extra = {})
    {
        const QByteArray provider = shape == Shape::Anthropic ? "ant/" : "lab/";
        return ask(m_gateway->port(), {shape, provider + scenario, true, usage, {}, extra});
    }

    QByteArray fromProvider(Shape shape, const QByteArray& scenario, bool usage = false,
                            const QByteArray& extra = {})
    {
        return askDirectly(m_upstream.port(), {shape, scenario, true, usage, {}, extra}).body;
    }

    QJsonObject counts() const { return jsonOf(http(m_upstream.port(), "GET", "/__count").body); }

private slots:
    void initTestCase()
    {
        QVERIFY(m_upstream.start());
        GatewayProcess::measureMemory();
        m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
        QJsonObject providers = m_gateway->configuration()["providers"].toObject();
        const QJsonObject price{{"input", 1}, {"output", 1000}};
        for (const char* name : {"lab", "ant"}) {
            QJsonObject provider = providers[QLatin1String(name)].toObject();
            provider["models"] = QJsonObject{{"mock:priced", QJsonObject{{"price", price}}}};
            providers[QLatin1String(name)] = provider;
        }
        QJsonObject hasty = providers["lab"].toObject();
        hasty["timeout"] = QJsonObject{{"idle_ms", kHastyIdle}};
        providers["hasty"] = hasty;
        m_gateway->configure({{"providers", providers}});
        QVERIFY(m_gateway->start());
    }

    void init() { m_upstream.reset(); }

    void passesTheProvidersBytesOn_data()
    {
        QTest::addColumn<QByteArray>("scenario");
        for (const char* name :
             {"plain", "paced:5:5", "burst:300", "crlf", "comments", "cut:1", "cut:7", "cut:1000",
              "split-utf8", "unknown-fields", "thinking", "refusal", "length", "big:300000"})
            QTest::newRow(name) << QByteArray("mock:") + name;
    }

    void passesTheProvidersBytesOn()
    {
        QFETCH(QByteArray, scenario);
        for (const Shape shape : {Shape::OpenAi, Shape::Anthropic}) {
            const HttpReply reply = askGateway(shape, scenario, shape == Shape::OpenAi);
            QCOMPARE(reply.status, 200);
            QVERIFY(reply.complete);
            QVERIFY(reply.header("content-type").startsWith("text/event-stream"));
            QCOMPARE(reply.body, fromProvider(shape, scenario, shape == Shape::OpenAi));
        }
    }

    void passesToolCallsOnUnchanged()
    {
        for (const QByteArray scenario : {"mock", "mock:tools-parallel"}) {
            QCOMPARE(askGateway(Shape::OpenAi, scenario, true, kTools).body,
                     fromProvider(Shape::OpenAi, scenario, true, kTools));
            QCOMPARE(askGateway(Shape::Anthropic, scenario, false, kAnthropicTools).body,
                     fromProvider(Shape::Anthropic, scenario, false, kAnthropicTools));
        }
    }

    void stripsUsageThatOnlyTheGatewayAskedFor()
    {
        for (const QByteArray scenario : {"mock", "mock:burst:100", "mock:crlf", "mock:cut:1"}) {
            const HttpReply reply = askGateway(Shape::OpenAi, scenario);
            QVERIFY(reply.complete);
            QByteArray body = reply.body;
            // "usage":null in each chunk comes with the asking; it says nothing and is left to the provider.
            body.replace(",\"usage\":null", "");
            QCOMPARE(body, fromProvider(Shape::OpenAi, scenario));
        }
        // The gateway itself did see it.
        QTRY_VERIFY_WITH_TIMEOUT(([&] {
                                     const QJsonArray rows = m_gateway->rows(1);
                                     const QJsonObject usage = rows.last().toObject()["usage"].toObject();
                                     return usage["output_tokens"].toInt() == 7;
                                 })(),
                                 5'000);
    }

    void putsTheCostIntoUsageThatWasAskedFor()
    {
        for (const Shape shape : {Shape::OpenAi, Shape::Anthropic}) {
            QByteArray body = askGateway(shape, "mock:priced", true).body;
            const QByteArray direct = fromProvider(shape, "mock:priced", true);
            const qsizetype at = body.indexOf(",\"cost\":");
            QVERIFY2(at > 0, body);
            QCOMPARE(body.count("\"cost\""), 1);
            const qsizetype end = body.indexOf('}', at);
            QVERIFY(body.mid(at + 8, end - at - 8).toDouble() > 0);
            QCOMPARE(body.remove(at, end - at), direct);
        }
    }

    void addsAnEndThatIsMissing()
    {
        const QByteArray openAi = askGateway(Shape::OpenAi, "mock:no-done", true).body;
        QCOMPARE(openAi, fromProvider(Shape::OpenAi, "mock:no-done", true) + "data: [DONE]\n\n");
        const QByteArray anthropic = askGateway(Shape::Anthropic, "mock:no-done").body;
        QVERIFY(anthropic.startsWith(fromProvider(Shape::Anthropic, "mock:no-done")));
        QVERIFY(anthropic.endsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"));
        QCOMPARE(anthropic.count("event: message_stop"), 1);
    }

    void translatesEveryWayOfWriting_data()
    {
        QTest::addColumn<QByteArray>("scenario");
        for (const char* name :
             {"plain", "crlf", "comments", "cut:1", "split-utf8", "unknown-fields", "no-done", "burst:300"})
            QTest::newRow(name) << QByteArray("mock:") + name;
    }

    void translatesEveryWayOfWriting()
    {
        QFETCH(QByteArray, scenario);
        for (const Shape client : {Shape::OpenAi, Shape::Anthropic}) {
            const Shape provider = client == Shape::OpenAi ? Shape::Anthropic : Shape::OpenAi;
            const ModelCall call{client, (provider == Shape::Anthropic ? "ant/" : "lab/") + scenario, true};
            const HttpReply reply = ask(m_gateway->port(), call);
            QVERIFY2(reply.status == 200 && reply.complete, reply.body);
            QCOMPARE(reply.body.count(endMarker(client)), 1);
            const ModelCall direct{provider, scenario, true};
            QCOMPARE(textOf(call, reply.body), textOf(direct, askDirectly(m_upstream.port(), direct).body));
        }
    }

    void servesManyStreamsAtOnce()
    {
        constexpr int kStreams = 256;
        constexpr int kPieces = 60;
        QString whole;
        for (int i = 0; i < kPieces; ++i)
            whole += QStringLiteral("w%1 ").arg(i);
        std::vector<std::unique_ptr<RawClient>> clients;
        std::vector<ModelCall> calls;
        for (int i = 0; i < kStreams; ++i) {
            const Shape client = i % 2 ? Shape::OpenAi : Shape::Anthropic;
            const QByteArray provider = i % 4 < 2 ? "lab/" : "ant/";
            calls.push_back({client, provider + "mock:paced:" + QByteArray::number(kPieces) + ":60", true});
            clients.push_back(std::make_unique<RawClient>(m_gateway->port()));
            QVERIFY(clients.back()->connected());
            clients.back()->send(bytesOf(m_gateway->port(), calls.back()));
        }
        QTRY_COMPARE_WITH_TIMEOUT(counts()["count"].toInt(), kStreams, 10'000);
        for (int i = 0; i < kStreams; ++i) {
            const HttpReply reply = clients[i]->receive(60'000);
            QVERIFY2(reply.status == 200 && reply.complete, reply.body.right(500));
            QCOMPARE(textOf(calls[i], reply.body), whole);
            QCOMPARE(reply.body.count(endMarker(calls[i].shape)), 1);
        }
        QCOMPARE(counts()["done"].toInt(), kStreams);
    }

    void refusesAWholeAnswerThatIsTooLarge()
    {
        for (const QByteArray provider : {"lab/", "ant/"}) {
            const HttpReply reply =
                ask(m_gateway->port(), {Shape::OpenAi, provider + "mock:big:70000000"}, 60'000);
            QCOMPARE(reply.status, 502);
            QCOMPARE(errorProblem(Shape::OpenAi, reply.body, "upstream_response_too_large"), QByteArray());
        }
    }

    /// The provider is held back and cannot send; that is not its silence.
    void blamesNoProviderForASlowReader()
    {
        QTcpSocket client;
        client.setReadBufferSize(64 * 1024);
        client.connectToHost(QHostAddress::LocalHost, m_gateway->port());
        QVERIFY(client.waitForConnected());
        client.write(bytesOf(m_gateway->port(), {Shape::OpenAi, "hasty/mock:burst:100000", true}));
        QVERIFY(client.waitForReadyRead(10'000));
        QElapsedTimer pause;
        pause.start();
        QTRY_VERIFY_WITH_TIMEOUT(pause.elapsed() > 4 * kHastyIdle, 10'000);
        QByteArray end;
        while (!end.contains("data: [DONE]") && !end.contains("upstream_timeout") &&
               (client.bytesAvailable() > 0 || client.waitForReadyRead(10'000)))
            end = (end + client.readAll()).right(1000);
        QVERIFY2(end.contains("data: [DONE]"), end);
    }

    /// A client that reads slowly slows its provider down; nothing piles up in between.
    void holdsAFastProviderBack()
    {
        constexpr qint64 kSize = 48'000'000;
        constexpr qint64 kStep = 64 * 1024;
        constexpr qint64 kMostKiB = 16 * 1024; // a third of what could pile up
        for (const QByteArray provider : {"lab/", "ant/"}) {
            m_upstream.reset();
            const qint64 before = m_gateway->memory("VmRSS");
            QTcpSocket client;
            client.setReadBufferSize(kStep);
            client.connectToHost("127.0.0.1", m_gateway->port());
            QVERIFY(client.waitForConnected(5'000));
            const ModelCall call{Shape::OpenAi, provider + "mock:big:" + QByteArray::number(kSize), true};
            client.write(bytesOf(m_gateway->port(), call));
            qint64 read = 0;
            qint64 most = 0;
            QByteArray last;
            const auto step = [&] {
                if (client.bytesAvailable() == 0 && !client.waitForReadyRead(60'000)) return false;
                last = last.right(64) + client.read(kStep);
                read += kStep;
                most = std::max(most, m_gateway->memory("VmRSS"));
                return true;
            };
            // Each question is a round trip in which an unchecked gateway would run ahead.
            for (int i = 0; i < 100; ++i) {
                QVERIFY(step());
                QCOMPARE(counts()["open"].toInt(), 1);
            }
            QVERIFY2(most - before < kMostKiB, QByteArray::number(most - before) + " KiB more");
            while (!last.endsWith("\r\n0\r\n\r\n"))
                QVERIFY2(step(), last);
            QVERIFY(last.contains("[DONE]"));
            QVERIFY(read > kSize);
            QVERIFY2(most - before < kMostKiB, QByteArray::number(most - before) + " KiB more");
        }
    }
};

QTEST_GUILESS_MAIN(StreamTest)
#include "stream_test.moc"
