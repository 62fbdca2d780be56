// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

using namespace gateway;
using namespace gateway::dialect::testing;

namespace {

const std::string kBody =
    R"({"model":"m", "messages":[{"role":"developer","content":"Be brief."},)"
    R"({"role":"user","content":"the developer says"}], "max_completion_tokens":9,)"
    R"( "seed":3, "logit_bias":{}, "stream_options":{"include_usage":true}, "own":[1]})";

Json fitted(const std::string& body, const Quirks& quirks, std::vector<std::string>* dropped = nullptr)
{
    dialect::BodyEdit edit;
    edit.quirks = &quirks;
    edit.dropped = dropped;
    const auto result = openAi().edit(body, scanned(body), edit);
    if (!result) return "error";
    // What was mended once suits, and the other way round.
    if (!openAi().suits(scanned(result.value()), quirks)) return "unfit";
    return Json::parse(result.value());
}

} // namespace

class OpenAiQuirksTest : public QObject {
    Q_OBJECT

private slots:
    void leavesWhatSuits()
    {
        QVERIFY(openAi().suits(scanned(kBody), {}));
        QCOMPARE(fitted(kBody, {}).dump(), Json::parse(kBody).dump());
        Quirks quirks;
        quirks.noDeveloperRole = true;
        quirks.noJsonSchema = true;
        quirks.maxTokensField = "max_tokens";
        const std::string plain =
            R"({"model":"m","messages":[{"role":"user","content":"x","name":"developer"}],)"
            R"("max_tokens":1,"response_format":{"type":"json_object"}})";
        QVERIFY(openAi().suits(scanned(plain), quirks));
    }

    void renames()
    {
        Quirks quirks;
        quirks.maxTokensField = "max_tokens";
        quirks.seedField = "random_seed";
        QVERIFY(!openAi().suits(scanned(kBody), quirks));
        const Json body = fitted(kBody, quirks);
        QCOMPARE(int(body["max_tokens"]), 9);
        QCOMPARE(int(body["random_seed"]), 3);
        QVERIFY(!body.contains("max_completion_tokens") && !body.contains("seed"));
        quirks.maxTokensField = "max_completion_tokens";
        QCOMPARE(int(fitted(kBody, quirks)["max_completion_tokens"]), 9);
    }

    void namesTheirOwnLimitOnce()
    {
        Quirks quirks;
        quirks.maxTokensField = "max_tokens";
        const Json body = fitted(R"({"messages":[],"max_tokens":5,"max_completion_tokens":9})", quirks);
        QCOMPARE(int(body["max_tokens"]), 5);
        QVERIFY(!body.contains("max_completion_tokens"));
    }

    void tellsDevelopersAsTheSystem()
    {
        Quirks quirks;
        quirks.noDeveloperRole = true;
        Json expected = Json::parse(kBody);
        expected["messages"][0]["role"] = "system";
        QCOMPARE(fitted(kBody, quirks).dump(), expected.dump());
    }

    void takesOutWhatIsRefused()
    {
        Quirks quirks;
        quirks.noStreamOptions = true;
        quirks.drop = {"logit_bias", "user"};
        std::vector<std::string> dropped;
        const Json body = fitted(kBody, quirks, &dropped);
        QVERIFY(!body.contains("stream_options") && !body.contains("logit_bias"));
        QCOMPARE(body["own"].dump(), std::string("[1]"));
        QCOMPARE(dropped, std::vector<std::string>{"logit_bias"});
    }

    void wishesForASchemaInWords_data()
    {
        QTest::addColumn<QByteArray>("messages");
        QTest::addColumn<int>("count");
        QTest::newRow("no system") << QByteArray(R"([{"role":"user","content":"x"}])") << 2;
        QTest::newRow("system")
            << QByteArray(R"([ {"role":"system","content":"Be brief."},{"role":"user","content":"x"}])") << 2;
        QTest::newRow("developer")
            << QByteArray(R"([{"role":"developer","content":"Be brief."},{"role":"user","content":"x"}])")
            << 2;
        QTest::newRow("parts") << QByteArray(R"([{"role":"system","content":[{"type":"text","text":"B"}]}])")
                               << 2;
        QTest::newRow("none") << QByteArray("[]") << 1;
    }

    void wishesForASchemaInWords()
    {
        QFETCH(QByteArray, messages);
        QFETCH(int, count);
        Quirks quirks;
        quirks.noJsonSchema = true;
        quirks.noDeveloperRole = true;
        const Json body = fitted(
            R"({"messages":)" + messages.toStdString() +
                R"(,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}}})",
            quirks);
        QCOMPARE(body["response_format"].dump(), std::string(R"({"type":"json_object"})"));
        QCOMPARE(int(body["messages"].size()), count);
        const Json& first = body["messages"][0];
        QCOMPARE(first["role"].get<std::string>(), std::string("system"));
        QVERIFY(first["content"].get<std::string>().find(R"({"type":"object"})") != std::string::npos);
        const bool brief = messages.contains("Be brief.");
        QCOMPARE(first["content"].get<std::string>().starts_with("Be brief."), brief);
    }

    void sendsThinkingBackWhereItIsRead_data()
    {
        QTest::addColumn<QByteArray>("field");
        QTest::newRow("reasoning_content") << QByteArray("reasoning_content");
        QTest::newRow("reasoning") << QByteArray("reasoning");
        QTest::newRow("nowhere") << QByteArray();
    }

    void sendsThinkingBackWhereItIsRead()
    {
        QFETCH(QByteArray, field);
        Quirks quirks;
        quirks.reasoningField = field.toStdString();
        Request request;
        request.model = "deepseek-chat";
        request.quirks = &quirks;
        request.messages = {{Role::User, {TextPart{"x", {}}}},
                            {Role::Assistant, {ThinkingPart{"hm", {}, {}}, TextPart{"y", {}}}}};
        const Json body = Json::parse(openAi().encodeRequest(request));
        for (const char* name : {"reasoning_content", "reasoning"})
            QCOMPARE(body["messages"][1].contains(name), field == name);
    }
};

QTEST_APPLESS_MAIN(OpenAiQuirksTest)
#include "openai_quirks_test.moc"
