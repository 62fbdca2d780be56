// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that hold personal data go where their route says, and with personal_local nowhere else.
#include <memory>

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include "e2e/model_call.h"
#include "support/error_reply.h"

using namespace support;
using namespace e2e;

namespace {

QJsonObject target(const char* provider, const char* model = "mock")
{
    return {{"provider", provider}, {"model", model}};
}

QJsonObject target(const char* provider, const char* model, const QJsonObject& when)
{
    QJsonObject made = target(provider, model);
    made["when"] = when;
    return made;
}

} // namespace

class PersonalTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_upstream.reset(); }
    void goesByWhatIsInIt_data();
    void goesByWhatIsInIt();
    void asksForASort();
    void looksIntoToolsAndOldWords();
    void looksIntoLargeRequests();
    void looksIntoAllThatIsPassedOn();
    void keepsFilesHere();
    void letsNothingOut_data();
    void letsNothingOut();
    void refusesWhereNobodyIsLocal();
    void tellsItBefore();

private:
    [[nodiscard]] HttpReply said(const QByteArray& model, const QByteArray& text) const
    {
        return sent(model, "[{\"role\":\"user\",\"content\":\"" + text + "\"}]");
    }
    [[nodiscard]] HttpReply sent(const QByteArray& model, const QByteArray& messages) const
    {
        const HeaderList headers{{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey}};
        const QByteArray body = "{\"model\":\"" + model + "\",\"messages\":" + messages + "}";
        return http(m_gateway->port(), "POST", "/v1/chat/completions", headers, body);
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void PersonalTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    QJsonObject providers = m_gateway->configuration()["providers"].toObject();
    QJsonObject here = providers["lab"].toObject();
    here["local"] = true;
    providers["here"] = here;
    const auto route = [](const QJsonArray& targets) {
        return QJsonObject{
            {"strategy", "conditional"}, {"targets", targets}, {"retry", QJsonObject{{"attempts", 0}}}};
    };
    const auto held = [&route](const QJsonArray& targets) {
        QJsonObject made = route(targets);
        made["data_policy"] = QJsonObject{{"personal_local", true}};
        return made;
    };
    const QJsonObject personal{{"pii", true}};
    QJsonObject falling = held({target("here", "mock:status:429")});
    falling["fallbacks"] = QJsonObject{{"rate_limit", "lab/mock"}};
    m_gateway->configure(
        {{"providers", providers},
         {"routes",
          QJsonObject{{"open", route({target("here", "mock", personal), target("lab")})},
                      {"cards", route({target("here", "mock",
                                              {{"pii.kinds", QJsonObject{{"$contains", "payment_card"}}}}),
                                       target("lab")})},
                      {"held", held({target("here", "mock", personal), target("lab")})},
                      {"broken", held({target("here", "mock:status:500", personal), target("lab")})},
                      {"falling", falling},
                      {"far", held({target("lab")})}}}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void PersonalTest::goesByWhatIsInIt_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("provider");
    QTest::newRow("nothing") << QByteArray("What is a mutex?") << QByteArray("lab");
    QTest::newRow("e-mail") << QByteArray("Write to anna@example.com") << QByteArray("here");
    QTest::newRow("card") << QByteArray("4111 1111 1111 1111") << QByteArray("here");
    QTest::newRow("nobody's") << QByteArray("Co-Authored-By: A <noreply@example.com>") << QByteArray("lab");
    QTest::newRow("in a page's address")
        << QByteArray("see https://crm.example.com/?mail=anna@example.com") << QByteArray("here");
    QTest::newRow("behind an escape") << QByteArray(R"(card:\n4111 1111 1111 1111\n)") << QByteArray("here");
    QTest::newRow("address of a machine") << QByteArray("ping 203.0.113.9") << QByteArray("lab");
}

void PersonalTest::goesByWhatIsInIt()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, provider);
    for (const char* model : {"open", "held"}) {
        const HttpReply reply = said(model, text);
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.header("x-turnpike-provider"), provider);
    }
}

void PersonalTest::asksForASort()
{
    QCOMPARE(said("cards", "anna@example.com").header("x-turnpike-provider"), QByteArray("lab"));
    QCOMPARE(said("cards", "anna@example.com 4111111111111111").header("x-turnpike-provider"),
             QByteArray("here"));
}

void PersonalTest::looksIntoToolsAndOldWords()
{
    const QByteArray call =
        R"([{"role":"user","content":"Who is it?"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1",)"
        R"("type":"function","function":{"name":"find","arguments":"{\"who\":\"x\"}"}}]},)"
        R"({"role":"tool","tool_call_id":"c1","content":"TOLD"}])";
    QCOMPARE(sent("held", call).header("x-turnpike-provider"), QByteArray("lab"));
    QByteArray result = call;
    result.replace("TOLD", "IBAN DE89370400440532013000");
    QCOMPARE(sent("held", result).header("x-turnpike-provider"), QByteArray("here"));
    QByteArray arguments = call;
    arguments.replace(R"(\"x\")", R"(\"anna\\u0040example.com\")");
    QCOMPARE(sent("held", arguments).header("x-turnpike-provider"), QByteArray("here"));
    result.replace("IBAN DE89370400440532013000", R"({\"note\":\"Card:\\n4111 1111 1111 1111\"})");
    QCOMPARE(sent("held", result).header("x-turnpike-provider"), QByteArray("here"));
    const QByteArray old = R"([{"role":"system","content":"The user is anna@example.com"},)"
                           R"({"role":"user","content":"hi"}])";
    QCOMPARE(sent("held", old).header("x-turnpike-provider"), QByteArray("here"));
}

void PersonalTest::looksIntoLargeRequests()
{
    const QByteArray filling = QByteArray("The quick brown fox. ").repeated(30'000);
    QCOMPARE(said("held", filling).header("x-turnpike-provider"), QByteArray("lab"));
    QCOMPARE(said("held", filling + "anna@example.com").header("x-turnpike-provider"), QByteArray("here"));
}

void PersonalTest::looksIntoAllThatIsPassedOn()
{
    const HeaderList headers{{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey}};
    // Members that the gateway itself has no use for go to the provider all the same.
    QByteArray body = R"({"model":"held","messages":[{"role":"user","content":"hi"}],"prediction":)"
                      R"({"type":"content","content":"anna@example.com"}})";
    HttpReply reply = http(m_gateway->port(), "POST", "/v1/chat/completions", headers, body);
    QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("here"));
    body = R"({"model":"held","input":["hello","DE89370400440532013000"]})";
    reply = http(m_gateway->port(), "POST", "/v1/embeddings", headers, body);
    QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("here"));
    body.replace("DE89370400440532013000", "goodbye");
    reply = http(m_gateway->port(), "POST", "/v1/embeddings", headers, body);
    QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("lab"));
    // A picture in base64 may look like anything.
    body = R"({"model":"held","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":)"
           R"("data:image/png;base64,)" +
           QByteArray("Ab4111111111111111").repeated(60) + R"("}}]}]})";
    reply = http(m_gateway->port(), "POST", "/v1/chat/completions", headers, body);
    QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("lab"));
}

void PersonalTest::keepsFilesHere()
{
    const HeaderList headers{{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey},
                             {"Content-Type", "multipart/form-data; boundary=b"},
                             {"x-turnpike-route", "held"}};
    const QByteArray form =
        "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nuser_data\r\n--b\r\n"
        "Content-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n"
        "--b--\r\n";
    // Nobody reads them: whatever they hold, they go to a local provider.
    const HttpReply reply = http(m_gateway->port(), "POST", "/v1/files", headers, form);
    QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("here"));
    HeaderList far = headers;
    far.last().second = "far";
    QCOMPARE(errorCode(http(m_gateway->port(), "POST", "/v1/files", far, form)), QByteArray("data_policy"));
}

void PersonalTest::letsNothingOut_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::newRow("when the local one fails") << QByteArray("broken");
    QTest::newRow("by a fallback") << QByteArray("falling");
}

void PersonalTest::letsNothingOut()
{
    QFETCH(QByteArray, model);
    const HttpReply reply = said(model, "Write to anna@example.com");
    QVERIFY(reply.status >= 400);
    QCOMPARE(reply.header("x-turnpike-provider") == "lab", false);
    QCOMPARE(said(model, "Write a poem").status, 200);
}

void PersonalTest::refusesWhereNobodyIsLocal()
{
    const HttpReply reply = said("far", "Write to anna@example.com");
    QCOMPARE(reply.status, 403);
    QCOMPARE(errorCode(reply), QByteArray("data_policy"));
    QVERIFY(errorMessage(reply).contains("personal_local"));
    QVERIFY(!reply.body.contains("anna"));
    QCOMPARE(m_upstream.requests().size(), 0);
    QCOMPARE(said("far", "Write a poem").status, 200);
}

void PersonalTest::tellsItBefore()
{
    const auto dry = [this](const char* text) {
        const QString file = m_gateway->dataDir() + "/request.json";
        QFile into(file);
        if (!into.open(QIODevice::WriteOnly)) return QJsonObject();
        into.write(QByteArray("{\"model\":\"held\",\"messages\":[{\"role\":\"user\",\"content\":\"") + text +
                   "\"}]}");
        into.close();
        return jsonOf(m_gateway->run({"dry-run", file, "--json"}));
    };
    const auto first = [](const QJsonObject& told) {
        return told["targets"].toArray().at(0).toObject()["provider"].toString();
    };
    QCOMPARE(first(dry("Write to anna@example.com")), QString("here"));
    QCOMPARE(first(dry("Write a poem")), QString("lab"));
}

QTEST_GUILESS_MAIN(PersonalTest)
#include "personal_test.moc"
