// SPDX-License-Identifier: GPL-3.0-or-later
// Guardrails as clients and providers see them, in every dialect, streamed or not.
#include <functional>
#include <memory>

#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include "e2e/every_dialect.h"
#include "e2e/model_call.h"
#include "support/error_reply.h"

using namespace support;
using namespace e2e;

namespace {

constexpr const char* kMail = "jane.doe@acme-corp.com";
constexpr const char* kCard = "4111 1111 1111 1111";
const QByteArray kSaid = QByteArray("Mail <<to ") + kMail + " about card " + kCard + " today, please>> now";

const HeaderList kHeaders{{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey},
                          {"Content-Type", "application/json"}};

QJsonObject route(const char* provider, const QString& model, const QJsonArray& guardrails)
{
    return {{"targets", QJsonArray{QJsonObject{{"provider", provider}, {"model", model}}}},
            {"guardrails", guardrails},
            {"retry", QJsonObject{{"attempts", 0}}}};
}

/// A question with those words in place of "hi".
QByteArray bodyWith(const Question& question, const QByteArray& words)
{
    return e2e::bodyOf(question).replace("\"hi\"", "\"" + words + "\"");
}

/// All texts of an answer in any dialect, streamed or not, as one.
QByteArray saidIn(const QByteArray& reply)
{
    QByteArray all;
    for (const QByteArray& line : reply.split('\n')) {
        const QByteArray json = line.startsWith("data: ") ? line.mid(6) : line;
        const QJsonObject event = jsonOf(json.trimmed());
        // Events that repeat what was said before.
        const QString type = event["type"].toString();
        if (type.endsWith(".done") || type == "response.completed" || type.startsWith("response.output_item"))
            continue;
        const std::function<void(const QJsonValue&)> collect = [&](const QJsonValue& value) {
            for (const QJsonValue& each : value.toArray())
                collect(each);
            const QJsonObject object = value.toObject();
            for (auto at = object.begin(); at != object.end(); ++at) {
                const bool isText = at.key() == "text" || at.key() == "content" || at.key() == "delta" ||
                                    at.key() == "response";
                if (isText && at->isString())
                    all += at->toString().toUtf8();
                else
                    collect(*at);
            }
        };
        collect(event);
    }
    return all;
}

} // namespace

Q_DECLARE_METATYPE(Words)

class GuardrailTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_upstream.reset(); }
    void masksAndRestoresInEveryDialect_data();
    void masksAndRestoresInEveryDialect();
    void masksAnswersHoweverTheyCome_data();
    void masksAnswersHoweverTheyCome();
    void restoresInArguments_data();
    void restoresInArguments();
    void refusesInTheClientsWords_data();
    void refusesInTheClientsWords();
    void refusesAnAnswer();
    void observesWithoutATouch();
    void staysLocal();
    void goesOnFromWhatIsKept();
    void judgesAWhole();
    void keepsWhatItFindsOutOfTheLog();
    void guardsPicturesAndForms();
    void hidesLongFilesThatAreNone();
    void holdsByItsScope();
    void takesToolsResultsAlone();

private:
    [[nodiscard]] HttpReply sent(const Question& question, const QByteArray& body) const
    {
        return http(m_gateway->port(), "POST", e2e::pathOf(question), kHeaders, body);
    }
    [[nodiscard]] HttpReply chat(const QByteArray& model, const QByteArray& text, bool stream = false) const
    {
        const Question question{Words::Chat, model, stream};
        return sent(question, bodyWith(question, text));
    }
    /// In a file of the gateway's.
    [[nodiscard]] bool isOnDisk(const QByteArray& text) const;
    [[nodiscard]] QByteArray lastBody() const
    {
        return m_upstream.requests().last().toObject()["body"].toString().toUtf8();
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void GuardrailTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    QJsonObject providers = m_gateway->configuration()["providers"].toObject();
    QJsonObject here = providers["lab"].toObject();
    here["local"] = true;
    providers["here"] = here;
    const QJsonObject pii{{"check", "pii"}};
    const auto rule = [&pii](QJsonObject members) {
        for (auto at = pii.begin(); at != pii.end(); ++at)
            members.insert(at.key(), at.value());
        return members;
    };
    QJsonObject routes;
    for (const int piece : {1, 3, 7, 20, 1000}) {
        const QString model = QStringLiteral("mock:repeat:%1").arg(piece);
        routes[QStringLiteral("restore-%1").arg(piece)] = route("lab", model, {"restore"});
        routes[QStringLiteral("ant-%1").arg(piece)] = route("ant", model, {"restore"});
        routes[QStringLiteral("out-%1").arg(piece)] = route("lab", model, {"out"});
        routes[QStringLiteral("out-ant-%1").arg(piece)] = route("ant", model, {"out"});
        routes[QStringLiteral("call-%1").arg(piece)] =
            route("lab", QStringLiteral("mock:repeat-call:%1").arg(piece), {"restore"});
    }
    routes["no"] = route("lab", "mock", {"no"});
    routes["no-out"] = route("lab", "mock:repeat:5", {"no-out"});
    routes["watch"] = route("lab", "mock:repeat:5", {"watch", "watch-out"});
    routes["local"] =
        QJsonObject{{"targets", QJsonArray{QJsonObject{{"provider", "lab"}, {"model", "mock"}},
                                           QJsonObject{{"provider", "here"}, {"model", "mock"}}}},
                    {"guardrails", QJsonArray{"stay"}}};
    routes["far"] = route("lab", "mock", {"stay"});
    routes["led"] = route("lab", "mock", {"stay-led"});
    routes["home"] = route("here", "mock", {});
    routes["broken"] = route("lab", "mock:status:400", {"watch"});
    routes["judged"] = route("lab", "mock:repeat:2", {"says-well"});
    routes["unlisted"] = route("lab", "mock", {"listed"});
    routes["results"] = route("lab", "mock", {"results"});
    m_gateway->configure(
        {{"providers", providers},
         {"routes", routes},
         {"guardrails",
          QJsonObject{{"restore", rule({{"on", "request"}, {"action", "mask"}, {"restore", true}})},
                      {"out", rule({{"on", "response"}, {"action", "mask"}})},
                      {"no", rule({{"action", "block"}})},
                      {"no-out", rule({{"on", "response"}, {"action", "block"}})},
                      {"watch", rule({{"action", "block"}, {"mode", "observe"}})},
                      {"watch-out", rule({{"on", "response"}, {"action", "flag"}})},
                      {"stay", rule({{"action", "reroute"}})},
                      {"stay-led", rule({{"action", "reroute"}, {"route", "home"}})},
                      {"says-well", QJsonObject{{"check", "contains"},
                                                {"on", "response"},
                                                {"action", "block"},
                                                {"params", QJsonObject{{"words", QJsonArray{"well"}}}}}},
                      {"listed", QJsonObject{{"check", "model_whitelist"},
                                             {"action", "block"},
                                             {"params", QJsonObject{{"models", QJsonArray{"gpt-*"}}}}}},
                      {"results", rule({{"action", "mask"}, {"on", "tool_results"}})},
                      {"scoped", rule({{"action", "block"},
                                       {"scope", QJsonObject{{"clients", QJsonArray{"strict*"}}}}})}}}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void GuardrailTest::masksAndRestoresInEveryDialect_data()
{
    QTest::addColumn<Words>("words");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<QByteArray>("model");
    for (const Words words : kAllWords) {
        for (const bool stream : {false, true}) {
            for (const char* provider : {"restore", "ant"}) {
                for (const int piece : {1, 7, 1000}) {
                    const QByteArray model = QByteArray(provider) + "-" + QByteArray::number(piece);
                    QTest::addRow("%d %s %s", static_cast<int>(words), stream ? "streamed" : "whole",
                                  model.constData())
                        << words << stream << model;
                }
            }
        }
    }
}

void GuardrailTest::masksAndRestoresInEveryDialect()
{
    QFETCH(Words, words);
    QFETCH(bool, stream);
    QFETCH(QByteArray, model);
    const Question question{words, model, stream};
    const HttpReply reply = sent(question, bodyWith(question, kSaid));
    QCOMPARE(reply.status, 200);
    const QByteArray body = lastBody();
    QVERIFY2(!body.contains("jane.doe") && !body.contains("4111"), body.constData());
    QVERIFY2(body.contains("[EMAIL_") && body.contains("[PAYMENT_CARD_"), body.constData());
    const QByteArray said = saidIn(reply.body);
    QVERIFY2(said.contains(QByteArray("to ") + kMail + " about card " + kCard + " today, please"),
             (said + "\n" + reply.body).constData());
}

void GuardrailTest::masksAnswersHoweverTheyCome_data()
{
    QTest::addColumn<Words>("words");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<QByteArray>("model");
    for (const Words words : kAllWords) {
        for (const bool stream : {false, true}) {
            for (const char* model : {"out-1", "out-3", "out-20", "out-ant-7"})
                QTest::addRow("%d %s %s", static_cast<int>(words), stream ? "streamed" : "whole", model)
                    << words << stream << QByteArray(model);
        }
    }
}

void GuardrailTest::masksAnswersHoweverTheyCome()
{
    QFETCH(Words, words);
    QFETCH(bool, stream);
    QFETCH(QByteArray, model);
    const Question question{words, model, stream};
    const HttpReply reply = sent(question, bodyWith(question, kSaid));
    QCOMPARE(reply.status, 200);
    QVERIFY(lastBody().contains(kMail)); // it is for answers
    QVERIFY2(!reply.body.contains("jane.doe") && !reply.body.contains("acme-corp") &&
                 !reply.body.contains("1111"),
             reply.body.constData());
    const QByteArray said = saidIn(reply.body);
    QVERIFY2(said.contains("to [EMAIL] about card [PAYMENT_CARD] today, please"),
             (said + "\n" + reply.body).constData());
}

void GuardrailTest::restoresInArguments_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<bool>("stream");
    for (const char* model : {"call-1", "call-7", "call-1000"}) {
        QTest::addRow("%s whole", model) << QByteArray(model) << false;
        QTest::addRow("%s streamed", model) << QByteArray(model) << true;
    }
}

void GuardrailTest::restoresInArguments()
{
    QFETCH(QByteArray, model);
    QFETCH(bool, stream);
    const QByteArray body = "{\"model\":\"" + model + "\",\"stream\":" + (stream ? "true" : "false") +
                            ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"send\","
                            "\"parameters\":{\"type\":\"object\"}}}],"
                            "\"messages\":[{\"role\":\"user\",\"content\":\"" +
                            kSaid + "\"}]}";
    const HttpReply reply = http(m_gateway->port(), "POST", "/v1/chat/completions", kHeaders, body);
    QCOMPARE(reply.status, 200);
    QVERIFY(!lastBody().contains(kMail));
    QByteArray arguments;
    for (const QByteArray& line : reply.body.split('\n')) {
        const QByteArray json = line.startsWith("data: ") ? line.mid(6) : line;
        const QJsonObject choice = jsonOf(json)["choices"].toArray().first().toObject();
        const QJsonObject message = choice[stream ? "delta" : "message"].toObject();
        const QJsonObject call = message["tool_calls"].toArray().first().toObject();
        arguments += call["function"].toObject()["arguments"].toString().toUtf8();
    }
    const QJsonObject given = jsonOf(arguments);
    QCOMPARE(given["said"].toString().toUtf8(),
             QByteArray("to ") + kMail + " about card " + kCard + " today, please");
}

void GuardrailTest::refusesInTheClientsWords_data()
{
    QTest::addColumn<Words>("words");
    for (const Words words : kAllWords)
        QTest::addRow("%d", static_cast<int>(words)) << words;
}

void GuardrailTest::refusesInTheClientsWords()
{
    QFETCH(Words, words);
    const Question question{words, "no", false};
    const HttpReply reply = sent(question, bodyWith(question, kSaid));
    QCOMPARE(reply.status, 400);
    QVERIFY2(reply.body.contains("guardrail_blocked"), reply.body.constData());
    QVERIFY2(reply.body.contains("`no`") && reply.body.contains("email"), reply.body.constData());
    QVERIFY(!reply.body.contains("jane.doe") && !reply.body.contains("4111"));
    QCOMPARE(reply.header("x-should-retry"), QByteArray("false"));
    QVERIFY(m_upstream.requests().isEmpty());
}

void GuardrailTest::refusesAnAnswer()
{
    const HttpReply whole = chat("no-out", kSaid);
    QCOMPARE(whole.status, 400);
    QVERIFY(whole.body.contains("guardrail_blocked"));
    QVERIFY(!whole.body.contains("jane.doe"));
    const HttpReply stream = chat("no-out", kSaid, true);
    QCOMPARE(stream.status, 200);
    QVERIFY2(stream.body.contains("guardrail_blocked"), stream.body.constData());
    QVERIFY(!stream.body.contains("jane") && !stream.body.contains("[DONE]"));
    QVERIFY(saidIn(stream.body).startsWith("to "));
    const QJsonArray rows = m_gateway->rows();
    QVERIFY(rows.last().toObject()["usage"].toObject()["output_tokens"].toInt() > 0 ||
            rows.last().toObject()["output_tokens"].toInt() > 0);
}

void GuardrailTest::observesWithoutATouch()
{
    for (const bool stream : {false, true}) {
        const HttpReply reply = chat("watch", kSaid, stream);
        QCOMPARE(reply.status, 200);
        QVERIFY(lastBody().contains(kMail));
        QVERIFY(saidIn(reply.body).contains(kMail));
        const QByteArray id = reply.header("x-request-id");
        QJsonArray found;
        QTRY_VERIFY([&] {
            for (const QJsonValue& row : m_gateway->rows()) {
                if (row["id"].toString().toUtf8() == id) found = row["guardrails"].toArray();
            }
            return !found.isEmpty();
        }());
        QCOMPARE(found.size(), 2);
        const QJsonObject asked = found.at(0).toObject(), answered = found.at(1).toObject();
        QCOMPARE(asked["guardrail"].toString(), QStringLiteral("watch"));
        QCOMPARE(asked["mode"].toString(), QStringLiteral("observe"));
        QCOMPARE(asked["found"].toObject()["email"].toInt(), 1);
        QCOMPARE(answered["guardrail"].toString(), QStringLiteral("watch-out"));
        QCOMPARE(answered["found"].toObject()["payment_card"].toInt(), 1);
        QCOMPARE(answered["spots"].toArray().first().toObject()["stage"].toString(),
                 QStringLiteral("response"));
    }
}

void GuardrailTest::staysLocal()
{
    QCOMPARE(chat("local", "hello").header("x-turnpike-provider"), QByteArray("lab"));
    QCOMPARE(chat("local", kSaid).header("x-turnpike-provider"), QByteArray("here"));
    const HttpReply refused = chat("far", kSaid);
    QCOMPARE(refused.status, 403);
    QVERIFY2(refused.body.contains("`stay`"), refused.body.constData());
    QCOMPARE(chat("led", kSaid).header("x-turnpike-provider"), QByteArray("here"));
    QCOMPARE(chat("led", "hello").header("x-turnpike-provider"), QByteArray("lab"));
}

void GuardrailTest::goesOnFromWhatIsKept()
{
    const HttpReply first = http(m_gateway->port(), "POST", "/v1/responses", kHeaders,
                                 "{\"model\":\"restore-7\",\"input\":\"" + kSaid + "\"}");
    QCOMPARE(first.status, 200);
    QVERIFY(saidIn(first.body).contains(kMail));
    const QByteArray id = jsonOf(first.body)["id"].toString().toUtf8();
    const QByteArray mark = lastBody().mid(lastBody().indexOf("[EMAIL_"), 14);
    const HttpReply next = http(m_gateway->port(), "POST", "/v1/responses", kHeaders,
                                "{\"model\":\"restore-7\",\"previous_response_id\":\"" + id +
                                    "\",\"input\":\"<<again " + kMail + ">>\"}");
    QCOMPARE(next.status, 200);
    const QByteArray body = lastBody();
    QVERIFY2(!body.contains("jane.doe") && !body.contains("4111"), body.constData());
    QVERIFY2(body.count(mark) >= 3, body.constData()); // the same in both turns and in the answer between
    QVERIFY(saidIn(next.body).contains(QByteArray("again ") + kMail));
}

void GuardrailTest::judgesAWhole()
{
    QCOMPARE(chat("judged", "<<all well>>").status, 200);
    const HttpReply whole = chat("judged", "<<all ill>>");
    QCOMPARE(whole.status, 400);
    QVERIFY2(whole.body.contains("guardrail_blocked") && whole.body.contains("`says-well`"),
             whole.body.constData());
    const HttpReply good = chat("judged", "<<all well>>", true);
    QVERIFY(good.body.contains("[DONE]"));
    const HttpReply stream = chat("judged", "<<all ill>>", true);
    QVERIFY2(stream.body.contains("guardrail_blocked") && !stream.body.contains("[DONE]"),
             stream.body.constData());
    const HttpReply asked = chat("unlisted", "hello");
    QCOMPARE(asked.status, 400);
    QVERIFY2(asked.body.contains("the model is not allowed"), asked.body.constData());
}

void GuardrailTest::keepsWhatItFindsOutOfTheLog()
{
    const HttpReply reply = chat("broken", "I am mark.twain@acme-corp.com, a writer");
    QCOMPARE(reply.status, 400);
    const QByteArray id = reply.header("x-request-id");
    QJsonObject row;
    QTRY_VERIFY([&] {
        for (const QJsonValue& each : m_gateway->rows()) {
            if (each["id"].toString().toUtf8() == id) row = each.toObject();
        }
        return !row.isEmpty();
    }());
    const QByteArray all = QJsonDocument(row).toJson();
    QVERIFY2(!all.contains("mark.twain"), all.constData());
    // Nor in its body, which is kept of what fails.
    QTRY_VERIFY(isOnDisk(", a writer"));
    QVERIFY(!isOnDisk("mark.twain"));
}

bool GuardrailTest::isOnDisk(const QByteArray& text) const
{
    QDirIterator files(m_gateway->folder(), QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(text)) return true;
    }
    return false;
}

void GuardrailTest::guardsPicturesAndForms()
{
    const QByteArray path = "/v1/images/generations";
    QCOMPARE(http(m_gateway->port(), "POST", path, kHeaders,
                  QByteArray("{\"model\":\"restore-1\",\"prompt\":\"a card for ") + kMail + "\"}")
                 .status,
             200);
    QVERIFY2(!lastBody().contains("jane.doe") && lastBody().contains("a card for [EMAIL_"),
             lastBody().constData());
    // Long ones are read beside the thread that all requests share.
    QCOMPARE(
        http(m_gateway->port(), "POST", path, kHeaders,
             QByteArray("{\"model\":\"restore-1\",\"prompt\":\"") + QByteArray(20'000, ' ') + kMail + "\"}")
            .status,
        200);
    QVERIFY(!lastBody().contains("jane.doe"));
    const HeaderList form{kHeaders.first(), {"Content-Type", "multipart/form-data; boundary=b"}};
    const QByteArray fields =
        QByteArray("--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nrestore-1\r\n"
                   "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nfor ") +
        kMail + "\r\n--b--\r\n";
    const HttpReply refused = http(m_gateway->port(), "POST", "/v1/images/edits", form, fields);
    QCOMPARE(refused.status, 400);
    QVERIFY2(refused.body.contains("guardrail_blocked"), refused.body.constData());
}

void GuardrailTest::hidesLongFilesThatAreNone()
{
    // It begins as a file does, and is a text all the same.
    const QByteArray text = "data:" + QByteArray(3000, 'a') + " " + kMail;
    QCOMPARE(chat("restore-1000", text).status, 200);
    QVERIFY(!lastBody().contains("jane.doe"));
}

void GuardrailTest::holdsByItsScope()
{
    const Question question{Words::Chat, "lab/mock", false};
    const QByteArray body = bodyWith(question, kSaid);
    QCOMPARE(sent(question, body).status, 200);
    HeaderList strict = kHeaders;
    strict.emplaceBack("X-Title", "strict-tool");
    QCOMPARE(http(m_gateway->port(), "POST", "/v1/chat/completions", strict, body).status, 400);
}

void GuardrailTest::takesToolsResultsAlone()
{
    const QByteArray body =
        QByteArray("{\"model\":\"results\",\"messages\":[{\"role\":\"user\",\"content\":\"I am ") + kMail +
        "\"},{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{"
        "\"name\":\"f\",\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":"
        "\"found "
        "bob@example.net\"}]}";
    QCOMPARE(http(m_gateway->port(), "POST", "/v1/chat/completions", kHeaders, body).status, 200);
    QVERIFY(lastBody().contains(kMail));
    QVERIFY(lastBody().contains("found [EMAIL]"));
}

QTEST_GUILESS_MAIN(GuardrailTest)
#include "guardrail_test.moc"
