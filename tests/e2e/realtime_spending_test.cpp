// SPDX-License-Identifier: GPL-3.0-or-later
// Budgets, pauses and limits of Realtime connections: when they are opened, and while they are open.
#include <memory>
#include <optional>
#include <vector>

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "e2e/model_call.h"
#include "e2e/started_gateway.h"
#include "support/socket_client.h"
#include "support/socket_upstream.h"

using namespace support;
using namespace e2e;
using gateway::BudgetState;
using gateway::SpendQuestion;

namespace {

// Every answer is 100 tokens in and 50 out, at 1000 dollars a million.
constexpr std::int64_t kEach = 150'000'000;

QJsonObject order(const QJsonArray& events)
{
    return {{"test", "send"}, {"events", events}};
}

QJsonObject created()
{
    return {{"type", "response.created"}, {"response", QJsonObject{{"id", "resp_1"}}}};
}

QJsonObject done()
{
    const QJsonObject usage{{"total_tokens", 150}, {"input_tokens", 100}, {"output_tokens", 50}};
    return {{"type", "response.done"},
            {"response", QJsonObject{{"id", "resp_1"}, {"status", "completed"}, {"usage", usage}}}};
}

QJsonObject budget(double usd, const QJsonObject& scope = {}, const char* atLimit = "block")
{
    return {{"usd", usd}, {"per", "day"}, {"scope", scope}, {"at_limit", atLimit}};
}

HeaderList withKey(HeaderList more = {})
{
    more.emplaceBack("Authorization", QByteArray("Bearer ") + GatewayProcess::kKey);
    return more;
}

QByteArray pathOf(const QByteArray& model)
{
    return "/v1/realtime?model=" + model;
}

QString codeOf(const HttpReply& reply)
{
    return jsonOf(reply.body)["error"].toObject()["code"].toString();
}

} // namespace

class RealtimeSpendingTest : public QObject {
    Q_OBJECT

private:
    SocketUpstream m_upstream;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<gateway::Gateway> m_gateway;

    /// `one` and `two` at the same price, `own` for nothing; the route `voice` to the first two.
    void begin(const QJsonObject& more, const QJsonObject& limits = {}, const QJsonObject& keyLimits = {})
    {
        m_gateway.reset();
        m_folder = std::make_unique<QTemporaryDir>();
        const QJsonObject models{
            {"mock", QJsonObject{{"price", QJsonObject{{"input", 1000}, {"output", 1000}}}}}};
        const QJsonObject paid{
            {"kind", "openai-compatible"}, {"base_url", m_upstream.url() + "/v1"}, {"models", models}};
        QJsonObject one = paid;
        one["limits"] = limits;
        const QJsonObject own{
            {"kind", "openai-compatible"}, {"base_url", m_upstream.url() + "/v1"}, {"local", true}};
        const QJsonArray targets{QJsonObject{{"provider", "one"}, {"model", "mock"}},
                                 QJsonObject{{"provider", "two"}, {"model", "mock"}}};
        QJsonObject config{{"providers", QJsonObject{{"one", one}, {"two", paid}, {"own", own}}},
                           {"routes", QJsonObject{{"voice", QJsonObject{{"targets", targets}}}}},
                           {"keys", QJsonObject{{"test", virtualKey({{"limits", keyLimits}})}}}};
        for (auto each = more.begin(); each != more.end(); ++each)
            config[each.key()] = each.value();
        m_gateway = startedGateway(*m_folder, config);
        QVERIFY(m_gateway);
    }

    [[nodiscard]] quint16 port() const { return m_gateway->activity().port; }
    [[nodiscard]] HttpReply opened(SocketClient& client, const QByteArray& model = "one/mock",
                                   const HeaderList& headers = {}) const
    {
        return client.open(port(), pathOf(model), withKey(headers));
    }
    [[nodiscard]] HttpReply refused(const QByteArray& model = "one/mock") const
    {
        SocketClient client;
        return opened(client, model);
    }
    /// A client that asks for a connection and can be left waiting for the answer.
    [[nodiscard]] std::unique_ptr<RawClient> asking(const QByteArray& headers = {}) const
    {
        auto client = std::make_unique<RawClient>(port());
        client->send("GET " + pathOf("one/mock") +
                     " HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(port()) +
                     "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer " +
                     GatewayProcess::kKey + "\r\n" + headers + "\r\n");
        return client;
    }
    /// The socket's own waiting delivers no events of the gateway's owner, who lives here.
    [[nodiscard]] static QByteArray statusLine(RawClient& client)
    {
        static_cast<void>(
            QTest::qWaitFor([&client] { return client.socket().bytesAvailable() > 0; }, 20'000));
        return client.receiveUntil("\r\n").left(12);
    }
    [[nodiscard]] const std::vector<SpendQuestion>& questions() const
    {
        return m_gateway->activity().questions;
    }
    template <class T>
    [[nodiscard]] static T resultOf(const QFuture<T>& future)
    {
        return QTest::qWaitFor([&future] { return future.isFinished(); }, 20'000) ? future.result() : T();
    }
    /// One whole answer comes.
    static bool answers(SocketClient& client)
    {
        return client.send(order({created(), done()})) && client.receive() && client.receive();
    }
    static QString typeOf(SocketClient& client)
    {
        return client.receiveObject().value_or(QJsonObject())["type"].toString();
    }
    /// It is told why, and ended on both sides.
    void isEnded(SocketClient& client, const char* code, const QByteArray& word) const
    {
        const QJsonObject event = client.receiveObject().value_or(QJsonObject());
        QCOMPARE(event["type"].toString(), QString("error"));
        const QJsonObject error = event["error"].toObject();
        QCOMPARE(error["code"].toString(), QString(code));
        QVERIFY2(error["message"].toString().toUtf8().contains(word), QJsonDocument(event).toJson());
        if (qstrcmp(code, "budget_exceeded") == 0)
            QCOMPARE(error["type"].toString(), QString("insufficient_quota"));
        QCOMPARE(client.closeCode(), 1008);
        QTRY_COMPARE(m_upstream.messages().last().toObject()["closed"].toInt(), 1008);
    }

private slots:
    void initTestCase() { QVERIFY(m_upstream.start()); }
    void init() { m_upstream.forget(); }
    void cleanup() { m_gateway.reset(); }

    void goesOnFromATargetWhoseBudgetIsUsedUp()
    {
        begin({{"budgets", QJsonObject{{"first", budget(0.1, {{"provider", "one"}})}}}});
        SocketClient client;
        QCOMPARE(opened(client).status, 101);
        QVERIFY(answers(client));
        isEnded(client, "budget_exceeded", "`first`");
        const HttpReply full = refused();
        QCOMPARE(full.status, 402);
        QCOMPARE(codeOf(full), QString("budget_exceeded"));
        SocketClient next;
        const HttpReply reply = opened(next, "voice");
        QCOMPARE(reply.status, 101);
        QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("two"));
    }

    void allTargetsMayBeUsedUp()
    {
        begin({{"budgets", QJsonObject{{"route", budget(0.1, {{"route", "voice"}})}}}});
        SocketClient client;
        QCOMPARE(opened(client, "voice").status, 101);
        QVERIFY(answers(client));
        isEnded(client, "budget_exceeded", "`route`");
        QCOMPARE(refused("voice").status, 402);
        SocketClient other;
        QCOMPARE(opened(other).status, 101); // by no route
    }

    void endsAfterTheAnswerThatUsesItUp()
    {
        begin({{"budgets", QJsonObject{{"day", budget(0.2)}}}});
        SocketClient client;
        QCOMPARE(opened(client).status, 101);
        QVERIFY(answers(client)); // 0.15
        QVERIFY(client.send(order({created(), done()})));
        QCOMPARE(typeOf(client), QString("response.created"));
        QCOMPARE(typeOf(client), QString("response.done"));
        isEnded(client, "budget_exceeded", "begins anew at");
        QTRY_COMPARE(m_gateway->activity().budgets.front().spentNanos, 2 * kEach);
    }

    void finishesTheAnswerUnderWay()
    {
        begin({{"budgets", QJsonObject{{"day", budget(0.1)}}}});
        SocketClient slow;
        QCOMPARE(opened(slow).status, 101);
        QVERIFY(slow.send(order({created()})));
        QCOMPARE(typeOf(slow), QString("response.created"));
        SocketClient quick;
        QCOMPARE(opened(quick).status, 101);
        QVERIFY(answers(quick));
        isEnded(quick, "budget_exceeded", "`day`");
        const QJsonObject delta{{"type", "response.output_text.delta"}, {"delta", "x"}};
        QVERIFY(slow.send(order({delta})));
        QCOMPARE(typeOf(slow), QString("response.output_text.delta"));
        QVERIFY(slow.send(order({done()})));
        QCOMPARE(typeOf(slow), QString("response.done"));
        isEnded(slow, "budget_exceeded", "`day`");
    }

    void passesOnNoFurtherWish()
    {
        begin({{"budgets", QJsonObject{{"day", budget(0.1)}}}});
        SocketClient waiting;
        QCOMPARE(opened(waiting).status, 101);
        SocketClient quick;
        QCOMPARE(opened(quick).status, 101);
        QVERIFY(answers(quick));
        isEnded(quick, "budget_exceeded", "`day`");
        const auto wishes = [this] {
            return QJsonDocument(m_upstream.messages()).toJson().count("response.create\\\"");
        };
        // What costs nothing goes on.
        QVERIFY(waiting.send(order({QJsonObject{{"type", "session.updated"}}})));
        QCOMPARE(typeOf(waiting), QString("session.updated"));
        QVERIFY(waiting.send(QByteArray(R"({"event_id":"e1","type":"response.create"})")));
        isEnded(waiting, "budget_exceeded", "`day`");
        QCOMPARE(wishes(), 0);
        // The one had its answer; of the other the log says why it had none.
        QTRY_COMPARE(m_gateway->activity().failures, 1U);
        QCOMPARE(m_gateway->activity().requests, 2U);
    }

    void passesOnWishesWhileThereIsSomeLeft()
    {
        begin({{"budgets", QJsonObject{{"day", budget(1)}}}});
        SocketClient client;
        QCOMPARE(opened(client).status, 101);
        QVERIFY(client.send(QByteArray(R"({"type":"response.create"})")));
        QTRY_COMPARE(m_upstream.messages().size(), 1);
        QVERIFY(answers(client));
    }

    void pauseRefusesAndEnds()
    {
        begin({});
        SocketClient busy;
        QCOMPARE(opened(busy).status, 101);
        QVERIFY(busy.send(order({created()})));
        QCOMPARE(typeOf(busy), QString("response.created"));
        QVERIFY(resultOf(m_gateway->pauseSpending(true)).empty());
        QTRY_COMPARE(refused().status, 503);
        QCOMPARE(codeOf(refused()), QString("gateway_paused"));
        SocketClient own;
        QCOMPARE(opened(own, "own/mock").status, 101); // costs nothing
        QVERIFY(answers(own));
        QVERIFY(answers(own));
        QVERIFY(busy.send(order({done()})));
        QCOMPARE(typeOf(busy), QString("response.done"));
        isEnded(busy, "gateway_paused", "paused");
    }

    void pauseEndsWhoIsHeardWithoutAsking()
    {
        begin({});
        SocketClient client;
        QCOMPARE(opened(client).status, 101);
        const QByteArray sound = R"({"type":"input_audio_buffer.append","audio":"AAAA"})";
        QVERIFY(client.send(sound));
        QTRY_COMPARE(m_upstream.messages().size(), 1);
        QVERIFY(resultOf(m_gateway->pauseSpending(true)).empty());
        QTRY_COMPARE(refused().status, 503);
        std::optional<QByteArray> told;
        const QDeadlineTimer deadline(10'000);
        while (!told && !deadline.hasExpired() && client.send(sound))
            told = client.receive(100);
        QVERIFY2(told && told->contains("gateway_paused"), told.value_or("nothing"));
        QCOMPARE(client.closeCode(), 1008);
    }

    void asksForItInOtherWordsAsWell_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("escaped") << QByteArray(R"({"type":"response\u002ecreate"})");
        QTest::newRow("named like sound")
            << QByteArray(R"({"event_id":"input_audio_buffer.append","type":"response.create"})");
    }
    void asksForItInOtherWordsAsWell()
    {
        QFETCH(QByteArray, message);
        begin({});
        SocketClient client;
        QCOMPARE(opened(client).status, 101);
        QVERIFY(resultOf(m_gateway->pauseSpending(true)).empty());
        QTRY_COMPARE(refused().status, 503);
        QVERIFY(client.send(message));
        isEnded(client, "gateway_paused", "paused");
        QVERIFY(!QJsonDocument(m_upstream.messages()).toJson().contains("create"));
    }

    void asksBeforeItOpens()
    {
        QJsonObject day = budget(0.1, {}, "ask");
        day["ask_more_usd"] = 0.5;
        begin({{"budgets", QJsonObject{{"day", day}}}});
        SocketClient client;
        QCOMPARE(opened(client).status, 101);
        QVERIFY(answers(client));
        isEnded(client, "budget_exceeded", "`day`"); // nobody is asked within a connection
        const auto first = asking();
        QTRY_COMPARE(questions().size(), 1U);
        const SpendQuestion question = questions().front();
        QCOMPARE(question.subject, std::string("day"));
        QCOMPARE(question.key, std::string("test"));
        QCOMPARE(question.model, std::string("one/mock"));
        QCOMPARE(question.spentNanos, kEach);
        QCOMPARE(question.moreNanos, 500'000'000);
        QCOMPARE(first->socket().bytesAvailable(), 0);
        QCOMPARE(resultOf(m_gateway->answerQuestion(question.id, true)), QString());
        QCOMPARE(statusLine(*first), QByteArray("HTTP/1.1 101"));
        QTRY_VERIFY(questions().empty());
        SocketClient next;
        QCOMPARE(opened(next).status, 101);
        QVERIFY(answers(next));
    }

    void aNoRefuses()
    {
        begin({{"budgets", QJsonObject{{"day", budget(0, {}, "ask")}}}});
        const auto client = asking();
        QTRY_COMPARE(questions().size(), 1U);
        QCOMPARE(resultOf(m_gateway->answerQuestion(questions().front().id, false)), QString());
        QCOMPARE(statusLine(*client), QByteArray("HTTP/1.1 402"));
    }

    void theWholeTimeHoldsWhileItAsks()
    {
        begin({{"budgets", QJsonObject{{"day", budget(0, {}, "ask")}}}});
        const auto client = asking("x-turnpike-timeout-ms: 1500\r\n");
        QTRY_COMPARE(questions().size(), 1U);
        QCOMPARE(statusLine(*client), QByteArray("HTTP/1.1 402"));
        QTRY_VERIFY(questions().empty());
    }

    void whoLeavesTakesItsQuestionBack()
    {
        begin({{"budgets", QJsonObject{{"day", budget(0, {}, "ask")}}}});
        auto client = asking();
        QTRY_COMPARE(questions().size(), 1U);
        client.reset();
        QTRY_VERIFY(questions().empty());
        QTRY_COMPARE(m_gateway->activity().activeRequests, 0U);
    }

    void countsAsOneRequest()
    {
        begin({}, {}, {{"rpm", 2}});
        SocketClient first;
        SocketClient second;
        QCOMPARE(opened(first).status, 101);
        QVERIFY(answers(first) && answers(first) && answers(first));
        QCOMPARE(opened(second).status, 101);
        const HttpReply full = refused();
        QCOMPARE(full.status, 429);
        QCOMPARE(codeOf(full), QString("rate_limit_exceeded"));
        QVERIFY(full.header("retry-after").toInt() >= 1);
    }

    void isOneAtATimeWhileItIsOpen()
    {
        begin({}, {{"concurrent", 1}});
        SocketClient first;
        QCOMPARE(opened(first).status, 101);
        QCOMPARE(refused().status, 429);
        SocketClient next;
        QCOMPARE(opened(next, "voice").header("x-turnpike-provider"), QByteArray("two"));
        first.close();
        const auto isFree = [this] {
            SocketClient client;
            return opened(client).status == 101;
        };
        QVERIFY(QTest::qWaitFor(isFree, 10'000));
    }

    void countsTheTokensOfAnswers_data()
    {
        QTest::addColumn<QJsonObject>("ofProvider");
        QTest::addColumn<QJsonObject>("ofKey");
        QTest::addColumn<QJsonObject>("ofRoute");
        QTest::addColumn<QByteArray>("who");
        const QJsonObject few{{"tpm", 200}};
        QTest::newRow("provider") << few << QJsonObject() << QJsonObject() << QByteArray("`one`");
        QTest::newRow("key") << QJsonObject() << few << QJsonObject() << QByteArray("`test`");
        QTest::newRow("route") << QJsonObject() << QJsonObject() << few << QByteArray("`voice`");
    }

    void countsTheTokensOfAnswers()
    {
        QFETCH(QJsonObject, ofProvider);
        QFETCH(QJsonObject, ofKey);
        QFETCH(QJsonObject, ofRoute);
        QFETCH(QByteArray, who);
        const QJsonArray targets{QJsonObject{{"provider", "one"}, {"model", "mock"}}};
        const QJsonObject voice{{"targets", targets}, {"limits", ofRoute}};
        begin({{"routes", QJsonObject{{"voice", voice}}}}, ofProvider, ofKey);
        SocketClient client;
        QCOMPARE(opened(client, "voice").status, 101);
        QVERIFY(answers(client)); // 150
        QVERIFY(answers(client));
        isEnded(client, "rate_limit_exceeded", who);
        QCOMPARE(refused("voice").status, 429);
        const int other = refused("two/mock").status;
        QCOMPARE(other, ofKey.isEmpty() ? 101 : 429);
    }

    void waitsUntilTheRepositoryIsKnown()
    {
        const QString before = QDir::currentPath();
        const QTemporaryDir place;
        QVERIFY(QDir(place.path()).mkpath("api/.git"));
        QFile head(place.filePath("api/.git/HEAD"));
        QVERIFY(head.open(QIODevice::WriteOnly));
        head.write("ref: refs/heads/main\n");
        head.close();
        begin({{"budgets", QJsonObject{{"api", budget(0, {{"repository", "api"}})}}}});
        SocketClient elsewhere;
        QCOMPARE(opened(elsewhere).status, 101);
        QVERIFY(QDir::setCurrent(place.filePath("api")));
        const int status = refused().status;
        QVERIFY(QDir::setCurrent(before));
        QCOMPARE(status, 402);
    }
};

QTEST_GUILESS_MAIN(RealtimeSpendingTest)
#include "realtime_spending_test.moc"
