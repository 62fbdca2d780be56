// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "listener/request_head.h"
#include "pipeline/kept_ids.h"
#include "pipeline/native_call.h"
#include "pipeline/passed_fields.h"

using namespace gateway;
using namespace gateway::pipeline;

namespace {

const provider::Kind& kind(const char* id)
{
    return *provider::findKind(id);
}

} // namespace

class NativeCallTest : public QObject {
    Q_OBJECT

private slots:
    void goesBelowTheBase_data()
    {
        QTest::addColumn<QString>("kindId");
        QTest::addColumn<QString>("base");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("target");
        const auto row = [](const char* kindId, const char* base, const char* path, const char* target) {
            QTest::addRow("%s %s %s", kindId, base, path) << kindId << base << path << target;
        };
        row("openai", "/v1", "/models", "/v1/models");
        row("openai", "/v1", "/v1/models", "/v1/models");
        row("openai", "/v1", "/v1beta/models", "/v1/v1beta/models");
        row("openai-compatible", "/openai/v1", "/openai/v1/models", "/openai/v1/models");
        row("openai-compatible", "/openai/v1", "/v1/models", "/openai/v1/models");
        row("openai-compatible", "", "/models/", "/models/");
        row("anthropic", "/v1", "/v1/messages", "/v1/messages");
        row("anthropic", "", "/v1/messages", "/v1/messages");
        row("gemini", "/v1beta", "/upload/v1beta/files", "/upload/v1beta/files");
        row("gemini", "", "/v1beta/models/m:generateContent", "/v1beta/models/m:generateContent");
    }

    void goesBelowTheBase()
    {
        QFETCH(QString, kindId);
        QFETCH(QString, base);
        QFETCH(QString, path);
        QFETCH(QString, target);
        const std::string basePath = base.toStdString();
        const std::string asked = path.toStdString();
        const auto call = nativeCall(kind(kindId.toUtf8().constData()), basePath, asked, {});
        QVERIFY(call.ok());
        QCOMPARE(QString::fromStdString(call.value().target), target);
    }

    void knowsTheModelAndTheDialect()
    {
        const auto gemini =
            nativeCall(kind("gemini"), "", "/v1beta/models/m-1:streamGenerateContent", "alt=sse");
        QCOMPARE(gemini.value().model, std::string("m-1"));
        QCOMPARE(gemini.value().dialect, DialectId::Gemini);
        QVERIFY(gemini.value().stream);
        const auto bedrock = nativeCall(kind("bedrock"), "", "/model/a.b%3A0/converse", "");
        QCOMPARE(bedrock.value().model, std::string("a.b:0"));
        const auto azure = nativeCall(kind("azure"), "", "/openai/deployments/mine/chat/completions", "");
        QCOMPARE(azure.value().model, std::string("mine"));
        const auto responses = nativeCall(kind("openai"), "/v1", "/v1/responses", "");
        QCOMPARE(responses.value().dialect, DialectId::OpenAiResponses);
    }

    void takesKeysOutOfTheQuery()
    {
        const auto target = [](std::string_view query) {
            return nativeCall(kind("openai"), "", "/a", query).value().target;
        };
        QCOMPARE(target("key=tp-1"), std::string("/a"));
        QCOMPARE(target("x=1&k%65y=tp-1&keys=2"), std::string("/a?x=1&keys=2"));
    }

    void passesFieldsThatAreForTheProvider()
    {
        listener::RequestHead head;
        head.fields = {{"Content-Type", "a/b"}, {"X-Own", "1"},    {"x-own", "2"},
                       {"Connection", "X-Hop"}, {"x-hop", "1"},    {"AUTHORIZATION", "Bearer tp"},
                       {"Sec-Fetch-Site", "x"}, {"cf-aig-x", "1"}, {"Accept-Encoding", "gzip"},
                       {"Host", "127.0.0.1"},   {"Cookie", "c=1"}};
        const auto passed = passedRequestFields(head);
        QCOMPARE(passed.size(), 2u);
        QCOMPARE(passed[0].first, std::string("Content-Type"));
        QCOMPARE(passed[1].second, std::string("1, 2"));
    }

    void passesAnswerFieldsWithoutSecrets()
    {
        upstream::ReplyHead reply;
        reply.fields = {{"x-ratelimit-left", "1"},
                        {"Set-Cookie", "a=b"},
                        {"Access-Control-Allow-Origin", "*"},
                        {"x-echo", "Bearer sk-secret-key"},
                        {"Content-Range", "bytes 0-1/2"},
                        {"Connection", "x-hop"},
                        {"x-hop", "1"}};
        const auto passed = passedAnswerFields(reply, {"sk-secret-key"});
        QCOMPARE(passed.size(), 2u);
        QCOMPARE(passed[0].first, std::string_view("x-ratelimit-left"));
        QCOMPARE(passed[1].first, std::string_view("Content-Range"));
    }

    void readsTheIdsItGave()
    {
        const auto id = readKeptId(keptId("file-a_1.x", "lab.2"));
        QVERIFY(id);
        QCOMPARE(id->native, std::string("file-a_1.x"));
        QCOMPARE(id->provider, std::string("lab.2"));
        QVERIFY(readKeptId("file-1") && readKeptId("file-1")->provider.empty());
        for (const char* bad : {"", "~lab", "a~", "a~b~c", "../x", "a/b", "a b", "a..b"})
            QVERIFY2(!readKeptId(bad), bad);
    }

    void marksIdsInAnswersOnly()
    {
        const std::string json = R"({"id":"a","object":"list","first_id":"a","last_id":null,)"
                                 R"("data":[{"id":"a","x":{"id":"b"}},7],"x":1.50})";
        JsonDocument document;
        QVERIFY(!scanJson(json, document));
        QCOMPARE(withKeptIds(json, document, "lab", ""),
                 std::string(R"({"id":"a~lab","object":"list","first_id":"a~lab","last_id":null,)"
                             R"("data":[{"id":"a~lab","x":{"id":"b"}},7],"x":1.50})"));
    }
};

QTEST_GUILESS_MAIN(NativeCallTest)
#include "native_call_test.moc"
