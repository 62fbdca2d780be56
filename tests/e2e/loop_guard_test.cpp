// SPDX-License-Identifier: GPL-3.0-or-later
// Agents that go round in circles, as their clients meet the guard.
#include <memory>
#include <vector>

#include <QFile>
#include <QJsonArray>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "e2e/canned_chat.h"
#include "e2e/model_call.h"
#include "e2e/started_gateway.h"

using namespace support;
using namespace e2e;
using gateway::Alert;
using gateway::LogRow;
using gateway::SpendQuestion;

class LoopGuardE2eTest : public QObject {
    Q_OBJECT

private:
    FakeUpstream m_upstream;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<gateway::Gateway> m_gateway;
    std::vector<Alert> m_alerts;

    void begin(const QJsonObject& guard)
    {
        m_gateway.reset();
        m_alerts.clear();
        m_folder = std::make_unique<QTemporaryDir>();
        const QJsonObject price{{"input", 1000}, {"output", 1000}};
        const QJsonObject models{{"mock", QJsonObject{{"price", price}}}};
        QJsonObject lab{
            {"kind", "openai-compatible"}, {"base_url", m_upstream.url() + "/v1"}, {"models", models}};
        QJsonObject ant = lab;
        ant["kind"] = "anthropic";
        ant["base_url"] = m_upstream.url();
        QFile keyFile(m_folder->filePath("key"));
        QVERIFY(keyFile.open(QIODevice::WriteOnly));
        QVERIFY(keyFile.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        keyFile.write(GatewayProcess::kProviderKey);
        keyFile.close();
        ant["keys"] = QJsonArray{QJsonObject{{"id", "k"}, {"secret", "file:" + keyFile.fileName()}}};
        const QJsonObject config{{"providers", QJsonObject{{"lab", lab}, {"ant", ant}}},
                                 {"keys", QJsonObject{{"test", virtualKey()}}},
                                 {"loop_guard", guard}};
        m_gateway = startedGateway(*m_folder, config);
        QVERIFY(m_gateway);
        connect(m_gateway.get(), &gateway::Gateway::alerted, m_gateway.get(),
                [this](const Alert& alert) { m_alerts.push_back(alert); });
    }

    /// A conversation in which the agent has called its tool so often already.
    [[nodiscard]] static QByteArray chat(int calls)
    {
        QByteArray body =
            quoted("{'model':'lab/mock','tools':[{'type':'function','function':{'name':'read',"
                   "'parameters':{'type':'object'}}}],'messages':[{'role':'user','content':'go'}");
        for (int i = 0; i < calls; ++i) {
            const QByteArray id = "call_" + QByteArray::number(i);
            body += quoted(",{'role':'assistant','content':null,'tool_calls':[{'id':'") + id +
                    quoted("','type':'function','function':{'name':'read','arguments':'{\\'secret\\':1}'}}]}"
                           ",{'role':'tool','tool_call_id':'") +
                    id + quoted("','content':'") + id + quoted("'}");
        }
        return body + "]}";
    }
    [[nodiscard]] static QByteArray messages(int calls)
    {
        QByteArray body = quoted("{'model':'ant/mock','max_tokens':50,'tools':[{'name':'read','input_schema':"
                                 "{'type':'object'}}],'messages':[{'role':'user','content':'go'}");
        for (int i = 0; i < calls; ++i) {
            const QByteArray id = "toolu_" + QByteArray::number(i);
            body += quoted(",{'role':'assistant','content':[{'type':'tool_use','id':'") + id +
                    quoted("','name':'read','input':{'secret':1}}]},{'role':'user','content':[{'type':"
                           "'tool_result','tool_use_id':'") +
                    id + quoted("','content':'same'},{'type':'text','text':'reminder'}]}");
        }
        return body + "]}";
    }

    [[nodiscard]] std::unique_ptr<RawClient> sent(const char* path, const QByteArray& body,
                                                  const char* session = "s1") const
    {
        const quint16 port = m_gateway->activity().port;
        auto client = std::make_unique<RawClient>(port);
        HeaderList headers{{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey},
                           {"anthropic-version", "2023-06-01"}};
        if (session) headers.emplaceBack("x-turnpike-session", session);
        client->send(requestBytes(port, "POST", path, headers, body));
        return client;
    }
    [[nodiscard]] static HttpReply answered(RawClient& client)
    {
        static_cast<void>(
            QTest::qWaitFor([&client] { return client.socket().bytesAvailable() > 0; }, 20'000));
        return client.receive(20'000);
    }
    [[nodiscard]] HttpReply asked(int calls, const char* session = "s1") const
    {
        return answered(*sent("/v1/chat/completions", chat(calls), session));
    }
    [[nodiscard]] std::vector<LogRow> rows() const
    {
        const auto page = m_gateway->requests({});
        return QTest::qWaitFor([&page] { return page.isFinished(); }, 20'000) ? page.result().rows
                                                                              : std::vector<LogRow>();
    }

private slots:
    void initTestCase() { QVERIFY(m_upstream.start()); }
    void init() { m_upstream.reset(); }
    void cleanup() { m_gateway.reset(); }

    void warnsAndLetsGoOn()
    {
        begin({{"same_calls", 4}});
        QCOMPARE(asked(3).status, 200);
        QCOMPARE(asked(4).status, 200);
        QTRY_COMPARE(m_alerts.size(), 1U);
        QVERIFY(m_alerts[0].kind == Alert::Kind::AgentLoop);
        QCOMPARE(m_alerts[0].subject, std::string("s1"));
        QVERIFY(m_alerts[0].text.find("`read` was called 4 times") != std::string::npos);
        QVERIFY(m_alerts[0].text.find("secret") == std::string::npos);
        QCOMPARE(asked(5).status, 200); // told already
        QCOMPARE(asked(5, "s2").status, 200);
        QTRY_COMPARE(m_alerts.size(), 2U);
        QCOMPARE(m_alerts[1].subject, std::string("s2"));
        QCOMPARE(m_upstream.requests().size(), 4);
    }

    void tagsWhatItKnowsInTime()
    {
        begin({{"same_calls", 4}});
        QByteArray body = chat(4);
        body.replace("lab/mock", "lab/mock:slow-head:400"); // the look is over long before the answer
        QCOMPARE(answered(*sent("/v1/chat/completions", body)).status, 200);
        QTRY_COMPARE(rows().size(), 1U);
        QCOMPARE(rows().front().tags, std::vector<std::string>{"agent-loop"});
    }

    void stopsBeforeAnybodyIsAsked()
    {
        begin({{"action", "stop"}, {"same_calls", 4}, {"idle_turns", 3}});
        QCOMPARE(asked(3).status, 200);
        const HttpReply refused = asked(4);
        QCOMPARE(refused.status, 400);
        QCOMPARE(refused.header("x-should-retry"), QByteArray("false"));
        const QJsonObject error = jsonOf(refused.body)["error"].toObject();
        QCOMPARE(error["code"].toString(), QString("guardrail_blocked"));
        QVERIFY2(error["message"].toString().contains("`read` was called 4 times"), refused.body);
        QVERIFY(!refused.body.contains("secret"));
        // Its own words, in another dialect: all results are the same.
        QCOMPARE(answered(*sent("/v1/messages", messages(3))).status, 200);
        const HttpReply idle = answered(*sent("/v1/messages", messages(4)));
        QCOMPARE(idle.status, 400);
        QCOMPARE(jsonOf(idle.body)["type"].toString(), QString("error"));
        QCOMPARE(m_upstream.requests().size(), 2);
        QTRY_COMPARE(m_alerts.size(), 1U); // of the same kind, in the same session
        QTRY_COMPARE(rows().size(), 4U);
        QCOMPARE(rows()[2].errorCode, std::string("guardrail_blocked"));
        QCOMPARE(rows()[2].tags, std::vector<std::string>{"agent-loop"});
    }

    void stopsAtWhatASessionMaySpend()
    {
        // 0.023 an answer.
        begin({{"action", "stop"}, {"session_usd", 0.04}});
        QCOMPARE(asked(1, nullptr).status, 200);
        QCOMPARE(asked(2, nullptr).status, 200);
        const HttpReply refused = asked(3, nullptr);
        QCOMPARE(refused.status, 402);
        QCOMPARE(jsonOf(refused.body)["error"].toObject()["code"].toString(), QString("budget_exceeded"));
        QVERIFY2(refused.body.contains("has spent $0.046"), refused.body);
        QCOMPARE(asked(0, nullptr).status, 200); // the user has spoken
        QCOMPARE(asked(3, "another").status, 200);
    }

    void asksAndGoesOnUntilTwiceAsMany()
    {
        begin({{"action", "ask"}, {"same_calls", 3}});
        const auto client = sent("/v1/chat/completions", chat(3));
        QTRY_COMPARE(m_gateway->activity().questions.size(), 1U);
        const SpendQuestion question = m_gateway->activity().questions.front();
        QVERIFY(question.kind == SpendQuestion::Kind::AgentLoop);
        QCOMPARE(question.subject, std::string("s1"));
        QCOMPARE(question.moreNanos, 0);
        QCOMPARE(m_upstream.requests().size(), 0);
        static_cast<void>(m_gateway->answerQuestion(question.id, true));
        QCOMPARE(answered(*client).status, 200);
        QCOMPARE(asked(5).status, 200);
        QTRY_VERIFY(m_gateway->activity().questions.empty());
        const auto again = sent("/v1/chat/completions", chat(6));
        QTRY_COMPARE(m_gateway->activity().questions.size(), 1U);
        static_cast<void>(m_gateway->answerQuestion(m_gateway->activity().questions.front().id, false));
        QCOMPARE(answered(*again).status, 400);
        QCOMPARE(asked(6).status, 400); // without asking
    }

    void looksAtConversationsThatAreKeptHere_data()
    {
        QTest::addColumn<QString>("action");
        QTest::addColumn<int>("status");
        QTest::newRow("warn") << "warn" << 200;
        QTest::newRow("stop") << "stop" << 400;
    }
    void looksAtConversationsThatAreKeptHere()
    {
        QFETCH(QString, action);
        QFETCH(int, status);
        begin({{"action", action}, {"same_calls", 1}});
        const QByteArray head = quoted("{'model':'sandbox/tools','tools':[{'type':'function','name':'read',"
                                       "'parameters':{'type':'object'}}],");
        const HttpReply first = answered(*sent("/v1/responses", head + quoted("'input':'go'}")));
        QCOMPARE(first.status, 200);
        const QJsonObject made = jsonOf(first.body);
        QByteArray call;
        for (const QJsonValue& item : made["output"].toArray()) {
            if (item.toObject()["type"] == QLatin1String("function_call"))
                call = item.toObject()["call_id"].toString().toUtf8();
        }
        QVERIFY2(!call.isEmpty(), first.body);
        QVERIFY(m_alerts.empty());
        // The call itself is not in what comes next.
        const QByteArray next = head + quoted("'previous_response_id':'") + made["id"].toString().toUtf8() +
                                quoted("','input':[{'type':'function_call_output','call_id':'") + call +
                                quoted("','output':'x'}]}");
        QCOMPARE(answered(*sent("/v1/responses", next)).status, status);
        QTRY_COMPARE(m_alerts.size(), 1U);
        QVERIFY(m_alerts[0].text.find("`read` was called 1 times") != std::string::npos);
    }

    void looksAtNothingWhereItIsOff()
    {
        begin({{"action", "off"}, {"same_calls", 1}});
        QCOMPARE(asked(9).status, 200);
        begin({{"action", "stop"}, {"same_calls", 0}, {"idle_turns", 0}});
        QCOMPARE(asked(30).status, 200);
        QVERIFY(m_alerts.empty());
    }
};

QTEST_GUILESS_MAIN(LoopGuardE2eTest)
#include "loop_guard_test.moc"
