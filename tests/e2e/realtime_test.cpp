// SPDX-License-Identifier: GPL-3.0-or-later
// OpenAI's Realtime API through the gateway: messages pass both ways, keys do not.
#include <memory>

#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include "e2e/model_call.h"
#include "e2e/self_signed.h"
#include "support/connect_proxy.h"
#include "support/socket_client.h"
#include "support/socket_upstream.h"

using namespace support;
using namespace e2e;

namespace {

const QByteArray kPath = "/v1/realtime?model=";

HeaderList withKey(HeaderList more = {})
{
    more.emplaceBack("Authorization", QByteArray("Bearer ") + GatewayProcess::kKey);
    return more;
}

/// Makes the provider send these.
QJsonObject order(const QJsonArray& events)
{
    return {{"test", "send"}, {"events", events}};
}

QJsonObject created()
{
    return {{"type", "response.created"}, {"response", QJsonObject{{"id", "resp_1"}}}};
}

QJsonObject done(const QString& status = "completed")
{
    return {{"type", "response.done"},
            {"response",
             QJsonObject{{"id", "resp_1"},
                         {"status", status},
                         {"usage",
                          QJsonObject{{"total_tokens", 150},
                                      {"input_tokens", 100},
                                      {"output_tokens", 50},
                                      {"input_token_details",
                                       QJsonObject{{"text_tokens", 40},
                                                   {"audio_tokens", 60},
                                                   {"cached_tokens", 20},
                                                   {"cached_tokens_details",
                                                    QJsonObject{{"text_tokens", 10}, {"audio_tokens", 10}}}}},
                                      {"output_token_details",
                                       QJsonObject{{"text_tokens", 20}, {"audio_tokens", 30}}}}}}}};
}

} // namespace

class RealtimeTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { begin(60'000); }
    void passesMessagesBothWays();
    void swapsTheKey_data();
    void swapsTheKey();
    void passesParametersOn();
    void resolvesModel_data();
    void resolvesModel();
    void refusesBeforeTheUpgrade_data();
    void refusesBeforeTheUpgrade();
    void logsEachAnswerWithItsCost();
    void logsTranscripts_data();
    void logsTranscripts();
    void goesOnToTheNextKey_data();
    void goesOnToTheNextKey();
    void opensWithinTheWholeTime();
    void logsConnectionWithoutAnswer();
    void logsAnswerThatWasLeft_data();
    void logsAnswerThatWasLeft();
    void passesCloseCodesOn_data();
    void passesCloseCodesOn();
    void endsWhenTheProviderBreaksOff();
    void endsProviderWhenClientDrops();
    void holdsTheProviderBackForASlowClient();
    void speaksTls();
    void goesThroughAProxy();
    void closesIdleConnection();
    void finishesAnswerWhenItShutsDown();

private:
    void begin(int idleMilliseconds);
    [[nodiscard]] quint16 port() const { return m_gateway->port(); }
    bool open(SocketClient& client, const QByteArray& model = "own/mock") const
    {
        return client.open(port(), kPath + model, withKey()).status == 101;
    }
    [[nodiscard]] QJsonObject provider(const char* id) const
    {
        return m_gateway->configuration()["providers"].toObject()[QLatin1String(id)].toObject();
    }
    /// Everything as here but for the provider `own`, and with more of them.
    void configureWith(GatewayProcess& gateway, const QJsonObject& own, const QJsonObject& more = {}) const
    {
        QJsonObject providers = m_gateway->configuration()["providers"].toObject();
        for (auto each = more.begin(); each != more.end(); ++each)
            providers[each.key()] = each.value();
        providers["own"] = own;
        gateway.configure(m_gateway->configuration());
        gateway.configure({{"providers", providers}});
    }
    [[nodiscard]] QJsonObject upgrade() const { return m_upstream.requests().last().toObject(); }

    SocketUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void RealtimeTest::initTestCase()
{
    GatewayProcess::measureMemory();
    QVERIFY(m_upstream.start());
}

void RealtimeTest::begin(int idleMilliseconds)
{
    m_upstream.forget();
    m_gateway = std::make_unique<GatewayProcess>();
    const QJsonArray keys{QJsonObject{{"id", "main"}, {"secret", "env:TURNPIKE_TEST_PROVIDER_KEY"}}};
    const auto provider = [&](const QString& kind, const QString& url) {
        return QJsonObject{{"kind", kind}, {"base_url", url}, {"keys", keys}};
    };
    QJsonObject own = provider("openai", m_upstream.url() + "/v1");
    own["models"] = QJsonObject{{"mock", QJsonObject()}};
    const QJsonObject dead = provider("openai", "http://127.0.0.1:1/v1");
    m_gateway->configure(
        {{"providers", QJsonObject{{"own", own},
                                   {"az", provider("azure", m_upstream.url())},
                                   {"dead", dead},
                                   {"ant", provider("anthropic", m_upstream.url())}}},
         {"routes",
          QJsonObject{
              {"voice",
               QJsonObject{
                   {"targets", QJsonArray{QJsonObject{{"provider", "dead"}, {"model", "gpt-realtime"}},
                                          QJsonObject{{"provider", "own"}, {"model", "gpt-realtime"}}}}}}}},
         {"server", QJsonObject{{"limits", QJsonObject{{"websocket_idle_ms", idleMilliseconds}}}}}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void RealtimeTest::passesMessagesBothWays()
{
    SocketClient client;
    QVERIFY(open(client));
    const QByteArray odd = R"({"type":"session.update", "n":[1, 2.50],"s":"\u00e9"})";
    QVERIFY(client.send(odd));
    QVERIFY(client.send(QByteArray::fromHex("00ff10"), true));
    QVERIFY(client.send(QByteArray(300'000, 'x')));
    QTRY_COMPARE(m_upstream.messages().size(), 3);
    QCOMPARE(m_upstream.messages()[0].toObject()["text"].toString().toUtf8(), odd);
    QCOMPARE(m_upstream.messages()[1].toObject()["binary"].toString(), QString("AP8Q"));
    QCOMPARE(m_upstream.messages()[2].toObject()["text"].toString().size(), 300'000);
    QVERIFY(client.send(order({QJsonObject{{"type", "session.updated"}}, QJsonObject{{"type", "other"}}})));
    QCOMPARE(client.receiveObject().value_or(QJsonObject())["type"].toString(), QString("session.updated"));
    QCOMPARE(client.receiveObject().value_or(QJsonObject())["type"].toString(), QString("other"));
}

void RealtimeTest::swapsTheKey_data()
{
    QTest::addColumn<HeaderList>("headers");
    const QByteArray key = GatewayProcess::kKey;
    QTest::newRow("Bearer") << HeaderList{{"Authorization", "Bearer " + key}};
    QTest::newRow("api-key") << HeaderList{{"api-key", key}};
    QTest::newRow("subprotocol of a page") << HeaderList{
        {"Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key." + key + ", openai-beta.realtime-v1"}};
    QTest::newRow("both") << HeaderList{
        {"Authorization", "Bearer " + key},
        {"Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key." + key}};
}

void RealtimeTest::swapsTheKey()
{
    QFETCH(HeaderList, headers);
    SocketClient client;
    const HttpReply reply = client.open(port(), kPath + "own/mock", headers);
    QCOMPARE(reply.status, 101);
    const bool offered = headers.last().first == "Sec-WebSocket-Protocol";
    QCOMPARE(reply.header("Sec-WebSocket-Protocol"), offered ? QByteArray("realtime") : QByteArray());
    const QByteArray seen = QJsonDocument(upgrade()).toJson();
    QVERIFY2(!seen.contains(GatewayProcess::kKey), seen);
    const QJsonObject sent = upgrade()["headers"].toObject();
    QCOMPARE(sent["authorization"].toString(), QString("Bearer ") + GatewayProcess::kProviderKey);
    QCOMPARE(sent["sec-websocket-protocol"].toString(), offered ? QString("realtime") : QString());
    QVERIFY(!sent.contains("sec-websocket-extensions"));
}

void RealtimeTest::passesParametersOn()
{
    SocketClient client;
    QCOMPARE(client
                 .open(port(), kPath + "own/mock&intent=transcription&key=abc",
                       withKey({{"OpenAI-Beta", "realtime=v1"}}))
                 .status,
             101);
    QCOMPARE(upgrade()["target"].toString(), QString("/v1/realtime?model=mock&intent=transcription"));
    QCOMPARE(upgrade()["headers"].toObject()["openai-beta"].toString(), QString("realtime=v1"));
}

void RealtimeTest::resolvesModel_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QString>("target");
    QTest::newRow("provider/model") << QByteArray("own/gpt%2Drealtime") << "/v1/realtime?model=gpt-realtime";
    QTest::newRow("bare name") << QByteArray("mock") << "/v1/realtime?model=mock";
    QTest::newRow("route with a dead first target")
        << QByteArray("voice") << "/v1/realtime?model=gpt-realtime";
    QTest::newRow("Azure") << QByteArray("az/my-voice") << "/openai/v1/realtime?model=my-voice";
}

void RealtimeTest::resolvesModel()
{
    QFETCH(QByteArray, model);
    QFETCH(QString, target);
    SocketClient client;
    QVERIFY(open(client, model));
    QCOMPARE(upgrade()["target"].toString(), target);
    const QJsonObject headers = upgrade()["headers"].toObject();
    if (model.startsWith("az/"))
        QCOMPARE(headers["api-key"].toString(), QString(GatewayProcess::kProviderKey));
}

void RealtimeTest::refusesBeforeTheUpgrade_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<HeaderList>("headers");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    QTest::newRow("no key") << kPath + "own/mock" << HeaderList() << 401 << "invalid_api_key";
    QTest::newRow("wrong subprotocol key")
        << kPath + "own/mock"
        << HeaderList{{"Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.tp-wrong"}} << 401
        << "invalid_api_key";
    QTest::newRow("foreign origin") << kPath + "own/mock" << withKey({{"Origin", "http://evil.example"}})
                                    << 403 << "origin_not_allowed";
    QTest::newRow("no model") << QByteArray("/v1/realtime") << withKey() << 400 << "invalid_request";
    QTest::newRow("unknown model") << kPath + "nope" << withKey() << 404 << "model_not_found";
    QTest::newRow("data policy") << kPath + "own/mock" << withKey({{"x-turnpike-data-policy", "local"}})
                                 << 403 << "data_policy";
    QTest::newRow("provider without it") << kPath + "ant/claude" << withKey() << 400 << "invalid_request";
    QTest::newRow("dead provider") << kPath + "dead/mock" << withKey() << 502 << "upstream_connect_error";
    QTest::newRow("refused key") << kPath + "own/mock&refuse=401" << withKey() << 502
                                 << "provider_auth_failed";
    QTest::newRow("refused model") << kPath + "own/mock&refuse=404" << withKey() << 404 << "x";
    QTest::newRow("no WebSocket there")
        << kPath + "own/mock&refuse=200" << withKey() << 502 << "upstream_error";
}

void RealtimeTest::refusesBeforeTheUpgrade()
{
    QFETCH(QByteArray, target);
    QFETCH(HeaderList, headers);
    QFETCH(int, status);
    QFETCH(QString, code);
    SocketClient client;
    const HttpReply reply = client.open(port(), target, headers);
    QCOMPARE(reply.status, status);
    QCOMPARE(jsonOf(reply.body)["error"].toObject()["code"].toString(), code);
    QVERIFY(!reply.body.contains(GatewayProcess::kProviderKey));
    const QJsonArray rows = m_gateway->rows(1);
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows[0].toObject()["status"].toInt(), status);
    QCOMPARE(http(port(), "GET", "/v1/realtime?model=own/mock", withKey()).status, 426);
}

void RealtimeTest::logsEachAnswerWithItsCost()
{
    SocketClient client;
    QVERIFY(open(client, "own/gpt-realtime"));
    const QJsonObject delta{{"type", "response.output_audio.delta"}, {"delta", "AAAA"}};
    QVERIFY(client.send(order({created(), delta, done()})));
    for (int i = 0; i < 3; ++i)
        QVERIFY(client.receive());
    // The row is there before the message that ends the answer.
    QJsonArray rows = m_gateway->rows(1);
    QCOMPARE(rows.size(), 1);
    QVERIFY(client.send(order({created(), done("failed")})));
    QVERIFY(client.receive() && client.receive());
    rows = m_gateway->rows(2);
    QCOMPARE(rows.size(), 2);
    const QJsonObject good = rows[0].toObject();
    QCOMPARE(good["status"].toInt(), 200);
    QCOMPARE(good["provider"].toString(), QString("own"));
    QCOMPARE(good["model"].toString(), QString("gpt-realtime"));
    QCOMPARE(good["usage"]["input_tokens"].toInt(), 100);
    QCOMPARE(good["usage"]["output_tokens"].toInt(), 50);
    QCOMPARE(good["usage"]["cache_read_tokens"].toInt(), 20);
    QCOMPARE(good["key"].toString(), QString("test"));
    // gpt-realtime, dollars a million: text 4 in and 16 out, cached 0.4, sound 32 in and 64 out.
    const double cost = (30 * 4 + 50 * 32 + 20 * 0.4 + 20 * 16 + 30 * 64) / 1e6;
    QVERIFY2(qAbs(good["cost_usd"].toDouble() - cost) < 1e-9, QJsonDocument(good).toJson());
    const QJsonObject failed = rows[1].toObject();
    QCOMPARE(failed["error"]["code"].toString(), QString("upstream_error"));
    QVERIFY(!good["session"].toString().isEmpty());
    QCOMPARE(failed["session"], good["session"]);
    client.close();
    QTRY_COMPARE(m_upstream.messages().last().toObject()["closed"].toInt(), 1000);
    QCOMPARE(m_gateway->rows(2).size(), 2);
}

void RealtimeTest::logsTranscripts_data()
{
    QTest::addColumn<QJsonObject>("session");
    QTest::addColumn<QJsonObject>("usage");
    QTest::addColumn<QString>("model");
    QTest::addColumn<double>("cost");
    const QJsonObject gpt{{"model", "gpt-4o-mini-transcribe"}};
    const QJsonObject now{{"audio", QJsonObject{{"input", QJsonObject{{"transcription", gpt}}}}}};
    const QJsonObject beta{{"input_audio_transcription", QJsonObject{{"model", "whisper-1"}}}};
    const QJsonObject tokens{{"type", "tokens"},
                             {"total_tokens", 120},
                             {"input_tokens", 100},
                             {"input_token_details", QJsonObject{{"text_tokens", 0}, {"audio_tokens", 100}}},
                             {"output_tokens", 20}};
    // Dollars a million: 1.25 in and 5 out; whisper-1: 0.0001 a second.
    QTest::newRow("tokens") << QJsonObject{{"type", "session.updated"}, {"session", now}} << tokens
                            << "gpt-4o-mini-transcribe" << 0.000225;
    QTest::newRow("seconds, as the beta says it")
        << QJsonObject{{"type", "transcription_session.updated"}, {"session", beta}}
        << QJsonObject{{"type", "duration"}, {"seconds", 30}} << "whisper-1" << 0.003;
}

/// Sessions may only transcribe; what that costs is told beside the answers.
void RealtimeTest::logsTranscripts()
{
    QFETCH(QJsonObject, session);
    QFETCH(QJsonObject, usage);
    QFETCH(QString, model);
    QFETCH(double, cost);
    SocketClient client;
    QVERIFY(open(client, "own/gpt-realtime"));
    const QJsonObject heard{{"type", "conversation.item.input_audio_transcription.completed"},
                            {"transcript", "hello"},
                            {"usage", usage}};
    QVERIFY(client.send(order({session, heard})));
    QVERIFY(client.receive() && client.receive());
    client.close();
    const QJsonArray rows = m_gateway->rows(1);
    QCOMPARE(rows.size(), 1);
    const QJsonObject row = rows[0].toObject();
    QCOMPARE(row["model"].toString(), model);
    // Nobody says how long it took, and what took no time would be the fastest of all.
    QCOMPARE(row["attempts"].toArray()[0].toObject()["total_us"].toInt(-1), 0);
    QCOMPARE(row["usage"]["input_tokens"].toInt(), usage["input_tokens"].toInt());
    QCOMPARE(row["usage"]["output_tokens"].toInt(), usage["output_tokens"].toInt());
    QVERIFY2(qAbs(row["cost_usd"].toDouble() - cost) < 1e-9, QJsonDocument(row).toJson());
}

void RealtimeTest::goesOnToTheNextKey_data()
{
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<int>("tries");
    QTest::newRow("refused") << QByteArray("401") << 2;
    QTest::newRow("out of money") << QByteArray("402") << 2;
    QTest::newRow("over its rate") << QByteArray("429") << 2;
    QTest::newRow("no such model") << QByteArray("404") << 1;
}

void RealtimeTest::goesOnToTheNextKey()
{
    QFETCH(QByteArray, status);
    QFETCH(int, tries);
    QJsonObject own = provider("own");
    own["keys"] = QJsonArray{QJsonObject{{"id", "one"}, {"secret", "env:TURNPIKE_TEST_PROVIDER_KEY"}},
                             QJsonObject{{"id", "two"}, {"secret", "env:TURNPIKE_TEST_PROVIDER_KEY"}}};
    GatewayProcess gateway;
    configureWith(gateway, own);
    QVERIFY2(gateway.start(), gateway.errors());
    SocketClient client;
    QVERIFY(client.open(gateway.port(), kPath + "own/mock&refuse=" + status, withKey()).status != 101);
    QCOMPARE(gateway.rows(1)[0].toObject()["attempts"].toArray().size(), tries);
}

void RealtimeTest::opensWithinTheWholeTime()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    QJsonObject own = provider("own");
    own["base_url"] = QStringLiteral("http://127.0.0.1:%1/v1").arg(silent.serverPort());
    GatewayProcess gateway;
    configureWith(gateway, own);
    QVERIFY2(gateway.start(), gateway.errors());
    SocketClient client;
    const HttpReply reply =
        client.open(gateway.port(), kPath + "own/mock", withKey({{"x-turnpike-timeout-ms", "300"}}));
    QCOMPARE(reply.status, 504);
    QCOMPARE(gateway.rows(1)[0].toObject()["error"].toObject()["code"].toString(),
             QString("upstream_timeout"));
}

void RealtimeTest::logsConnectionWithoutAnswer()
{
    SocketClient client;
    QVERIFY(open(client));
    client.close();
    const QJsonArray rows = m_gateway->rows(1);
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows[0].toObject()["status"].toInt(), 200);
}

void RealtimeTest::logsAnswerThatWasLeft_data()
{
    QTest::addColumn<bool>("byClient");
    QTest::addColumn<QString>("error");
    QTest::newRow("by the client") << true << "client_cancelled";
    QTest::newRow("by the provider") << false << "upstream_connection_closed";
}

void RealtimeTest::logsAnswerThatWasLeft()
{
    QFETCH(bool, byClient);
    QFETCH(QString, error);
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(order({created()})));
    QVERIFY(client.receive());
    if (byClient)
        client.close();
    else
        QVERIFY(client.send(QJsonObject{{"test", "drop"}}));
    const QJsonArray rows = m_gateway->rows(1);
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows[0]["error"]["code"].toString(), error);
}

void RealtimeTest::passesCloseCodesOn_data()
{
    QTest::addColumn<int>("code");
    for (const int code : {1000, 1001, 1008, 1011, 4003})
        QTest::addRow("%d", code) << code;
}

void RealtimeTest::passesCloseCodesOn()
{
    QFETCH(int, code);
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(QJsonObject{{"test", "close"}, {"code", code}, {"reason", "why"}}));
    QCOMPARE(client.closeCode(), code);
    SocketClient other;
    QVERIFY(open(other));
    other.close(code);
    QTRY_COMPARE(m_upstream.messages().last().toObject()["closed"].toInt(), code);
}

void RealtimeTest::endsWhenTheProviderBreaksOff()
{
    SocketClient client;
    QVERIFY(open(client));
    QVERIFY(client.send(QJsonObject{{"test", "drop"}}));
    const QJsonObject error = client.receiveObject().value_or(QJsonObject());
    QCOMPARE(error["type"].toString(), QString("error"));
    QCOMPARE(error["error"].toObject()["code"].toString(), QString("upstream_connection_closed"));
    QCOMPARE(client.closeCode(), 1011);
}

void RealtimeTest::endsProviderWhenClientDrops()
{
    SocketClient client;
    QVERIFY(open(client));
    client.drop();
    QTRY_COMPARE_WITH_TIMEOUT(m_upstream.messages().size(), 1, 2000);
    QCOMPARE(m_upstream.messages()[0].toObject()["closed"].toInt(), 1001);
}

void RealtimeTest::holdsTheProviderBackForASlowClient()
{
    SocketClient client;
    QVERIFY(open(client));
    // 64 MiB, of which the client reads nothing at first: the gateway must not take them all in.
    const int count = 256;
    QVERIFY(client.send(QJsonObject{{"test", "flood"}, {"count", count}, {"bytes", 256 * 1024}}));
    const auto mostMiB = [this] { return m_gateway->memory("VmHWM") / 1024; };
    const qint64 before = mostMiB();
    int came = 0;
    while (came < count && client.receive())
        ++came;
    QCOMPARE(came, count);
    if (before >= 0) QVERIFY2(mostMiB() < before + 32, QByteArray::number(mostMiB()));
}

void RealtimeTest::speaksTls()
{
    QTemporaryDir folder;
    const QString certificate = folder.filePath("cert.pem");
    const QString key = folder.filePath("key.pem");
    QVERIFY(writeSelfSigned(certificate, key));
    SocketUpstream secure;
    QVERIFY(secure.start(certificate, key));
    QJsonObject own = provider("own");
    own["base_url"] = secure.url("https") + "/v1";
    const QJsonObject untrusted = own;
    own["ca_file"] = certificate;
    GatewayProcess gateway;
    configureWith(gateway, own, {{"untrusted", untrusted}});
    QVERIFY2(gateway.start(), gateway.errors());
    SocketClient refused;
    const HttpReply reply = refused.open(gateway.port(), kPath + "untrusted/mock", withKey());
    QCOMPARE(reply.status, 502);
    QVERIFY2(reply.body.contains("upstream_tls_error"), reply.body);
    SocketClient client;
    QCOMPARE(client.open(gateway.port(), kPath + "own/mock", withKey()).status, 101);
    QVERIFY(client.send(order({QJsonObject{{"type", "session.updated"}}})));
    QCOMPARE(client.receiveObject().value_or(QJsonObject())["type"].toString(), QString("session.updated"));
    client.close();
    QTRY_COMPARE(secure.messages().last().toObject()["closed"].toInt(), 1000);
}

void RealtimeTest::goesThroughAProxy()
{
    ConnectProxy proxy(m_upstream.port());
    QJsonObject own = provider("own");
    own["base_url"] = "http://provider.test/v1"; // a name that the proxy alone knows
    own["proxy"] = proxy.url();
    GatewayProcess gateway;
    configureWith(gateway, own);
    QVERIFY2(gateway.start(), gateway.errors());
    // The client blocks, and the proxy lives in this thread's event loop.
    int status = 0;
    std::unique_ptr<QThread> asking(QThread::create([&] {
        SocketClient client;
        status = client.open(gateway.port(), kPath + "own/mock", withKey()).status;
    }));
    asking->start();
    QTRY_VERIFY(asking->isFinished());
    QCOMPARE(status, 101);
    QVERIFY2(proxy.asked().startsWith("CONNECT provider.test:80 "), proxy.asked());
    QVERIFY(!proxy.asked().contains(GatewayProcess::kProviderKey));
}

void RealtimeTest::closesIdleConnection()
{
    begin(300);
    SocketClient client;
    QVERIFY(open(client));
    QCOMPARE(client.closeCode(), 1001);
    QTRY_COMPARE(m_upstream.messages().last().toObject()["closed"].toInt(), 1001);
}

void RealtimeTest::finishesAnswerWhenItShutsDown()
{
    SocketClient idle;
    QVERIFY(open(idle));
    SocketClient busy;
    QVERIFY(open(busy));
    QVERIFY(busy.send(order({created()})));
    QVERIFY(busy.receive());
    m_gateway->process().terminate();
    QCOMPARE(idle.closeCode(), 1001);
    QVERIFY(busy.send(order({done()})));
    QCOMPARE(busy.receiveObject().value_or(QJsonObject())["type"].toString(), QString("response.done"));
    QCOMPARE(busy.closeCode(), 1001);
    QCOMPARE(m_gateway->terminate(), 0);
}

QTEST_GUILESS_MAIN(RealtimeTest)
#include "realtime_test.moc"
