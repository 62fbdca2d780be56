// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <QTest>

#include "base/json_scan.h"
#include "base/json_text.h"
#include "base/utf8.h"
#include "pipeline/inline_plan.h"
#include "pipeline/request_notes.h"

using namespace gateway;
using namespace gateway::pipeline;

namespace {

using Fields = std::vector<HeaderField>; // views into texts that outlive the head

struct Read {
    RequestWishes wishes;
    std::optional<Error> error;
};

Read wishesOf(const Fields& fields)
{
    listener::RequestHead head;
    head.fields = fields;
    Read read;
    read.error = readWishes(head, read.wishes);
    return read;
}

LogRow notesOf(const Fields& fields)
{
    listener::RequestHead head;
    head.fields = fields;
    LogRow row;
    noteClient(head, row);
    return row;
}

} // namespace

class RequestNotesTest : public QObject {
    Q_OBJECT

private slots:
    void wishesForNothingByItself()
    {
        const Read read = wishesOf({{"user-agent", "curl/8"}, {"x-turnpike-timeout-ms", ""}});
        QVERIFY(!read.error);
        QVERIFY(read.wishes.route.empty() && !read.wishes.totalTimeoutMs && !read.wishes.attempts);
        QVERIFY(read.wishes.data == DataRules());
    }

    void readsTheRoute()
    {
        QCOMPARE(wishesOf({{"X-Turnpike-Route", "cheap"}}).wishes.route, std::string("cheap"));
    }

    void readsTimeoutsInEachPeersUnit_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<qint64>("milliseconds"); // -1: none
        const auto row = [](const char* name, const char* value, qint64 wanted) {
            QTest::addRow("%s: %s", name, value) << QByteArray(name) << QByteArray(value) << wanted;
        };
        row("x-turnpike-timeout-ms", "1500", 1500);
        row("cf-aig-request-timeout", "250", 250);
        row("x-litellm-timeout", "30", 30'000);
        row("x-litellm-timeout", "2.5", 2500);
        row("x-litellm-timeout", "0.0005", 1);
        row("x-litellm-timeout", "0", -1);
        row("x-turnpike-timeout-ms", "0", -1);
        for (const char* name : {"x-turnpike-timeout-ms", "cf-aig-request-timeout", "x-litellm-timeout"}) {
            for (const char* value : {"-1", "x", "1s", "1 2", "0x10", "nan", "inf"})
                row(name, value, -1);
        }
        row("x-turnpike-timeout-ms", "1.5", -1);
        row("x-turnpike-timeout-ms", "99999999999999999999999", -1);
    }

    void readsTimeoutsInEachPeersUnit()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        QFETCH(qint64, milliseconds);
        const std::string key = name.toStdString(), text = value.toStdString();
        const Read read = wishesOf({{key, text}});
        QVERIFY(!read.error);
        QCOMPARE(static_cast<qint64>(read.wishes.totalTimeoutMs.value_or(-1)), milliseconds);
    }

    void boundsTimeoutsThatNoClockCanHold()
    {
        // Added to a time in nanoseconds they must not run over.
        for (const char* name : {"x-turnpike-timeout-ms", "cf-aig-request-timeout", "x-litellm-timeout"}) {
            for (const char* value : {"9223372036854775807", "9223372036854775", "99999999999999"}) {
                const auto wish = wishesOf({{name, value}}).wishes.totalTimeoutMs;
                QVERIFY(wish && *wish > 0);
                QVERIFY2(*wish <= 1'000'000'000, value);
            }
        }
    }

    void takesOurOwnHeaderBeforeAPeers()
    {
        const Read read = wishesOf(
            {{"x-litellm-timeout", "3"}, {"cf-aig-request-timeout", "2"}, {"x-turnpike-timeout-ms", "1"}});
        QVERIFY(read.wishes.totalTimeoutMs == 1);
    }

    void countsAttemptsAsEachPeerDoes_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<int>("tries"); // after the first; -1: none
        const auto row = [](const char* name, const char* value, int tries) {
            QTest::addRow("%s: %s", name, value) << QByteArray(name) << QByteArray(value) << tries;
        };
        row("cf-aig-max-attempts", "1", 0); // all tries
        row("cf-aig-max-attempts", "5", 4);
        row("cf-aig-max-attempts", "0", -1);
        row("cf-aig-max-attempts", "99999999999", 9);
        row("x-litellm-num-retries", "0", 0); // tries after the first
        row("x-litellm-num-retries", "3", 3);
        row("x-litellm-num-retries", "99999999999", 10);
        row("x-litellm-num-retries", "-1", -1);
        row("x-litellm-num-retries", "many", -1);
    }

    void countsAttemptsAsEachPeerDoes()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        QFETCH(int, tries);
        const std::string key = name.toStdString(), text = value.toStdString();
        const auto wish = wishesOf({{key, text}}).wishes.attempts;
        QCOMPARE(wish ? static_cast<int>(*wish) : -1, tries);
    }

    void readsTheDataPolicyOrRefusesIt()
    {
        const auto policy = [](const char* text) { return wishesOf({{"x-turnpike-data-policy", text}}); };
        QVERIFY(policy("local").wishes.data == (DataRules{true, false, false, {}}));
        QVERIFY(policy("no-training").wishes.data == (DataRules{false, true, false, {}}));
        QVERIFY(policy(" zero-retention ,local").wishes.data == (DataRules{true, false, true, {}}));
        QVERIFY(policy("region=eu").wishes.data == (DataRules{false, false, false, {"eu"}}));
        QVERIFY(policy("no-training, region=eu | ch").wishes.data ==
                (DataRules{false, true, false, {"eu", "ch"}}));
        // Not understood must not mean not obeyed.
        for (const char* text : {"Local", "none", "local; no-training", "zero_retention", "local,", "region",
                                 "region=", "region=eu|", "region=eu,region=us"}) {
            const Read read = policy(text);
            QVERIFY2(read.error, text);
            QCOMPARE(httpStatus(*read.error), 400);
            QCOMPARE(read.error->param, std::string("x-turnpike-data-policy"));
            QVERIFY(read.error->message.find("region=REGION") != std::string::npos);
        }
    }

    void readsTheConfiguration()
    {
        QCOMPARE(wishesOf({{"X-Portkey-Config", " {\"provider\":\"openai\"} "}}).wishes.config,
                 std::string("{\"provider\":\"openai\"}"));
        const Read twice = wishesOf({{"X-Portkey-Config", "{}"}, {"x-portkey-config", "{}"}});
        QCOMPARE(twice.error->param, std::string("x-portkey-config"));
    }

    void placesAConfiguration()
    {
        Config config;
        config.routes.emplace_back().id = RouteId("pc-smart");
        RequestWishes wishes;
        QVERIFY(!placeConfig(wishes, config, false));
        wishes.config = "{}";
        QVERIFY(!placeConfig(wishes, config, true));
        QCOMPARE(wishes.config, std::string("{}"));
        QCOMPARE(placeConfig(wishes, config, false)->param, std::string("x-portkey-config"));
        wishes.config = "pc-smart";
        QVERIFY(!placeConfig(wishes, config, false));
        QCOMPARE(wishes.route, std::string("pc-smart"));
        QVERIFY(wishes.config.empty());
        wishes.config = "{}"; // and a route
        QCOMPARE(placeConfig(wishes, config, true)->code, Code::InvalidRequest);
        wishes.route.clear();
        wishes.config = "pc-gone";
        const auto gone = placeConfig(wishes, config, true);
        QCOMPARE(gone->code, Code::InvalidRequest);
        QVERIFY(gone->message.find("pc-gone") != std::string::npos);
    }

    void namesTheClient()
    {
        QCOMPARE(notesOf({{"User-Agent", "claude-cli/2.1.0 (external, cli)"}}).client,
                 std::string("claude-cli"));
        QCOMPARE(notesOf({{"User-Agent", "OpenAI/Python 1.2"}}).client, std::string("OpenAI"));
        QCOMPARE(notesOf({{"User-Agent", "curl"}}).client, std::string("curl"));
        QCOMPARE(notesOf({{"User-Agent", "curl/8"}, {"X-Title", "My App"}}).client, std::string("My App"));
        QVERIFY(notesOf({}).client.empty());
        const std::string longTitle(500, 'a');
        QVERIFY(notesOf({{"X-Title", longTitle}}).client.size() < 70);
    }

    void readsSessionAndTrace()
    {
        const LogRow row = notesOf({{"x-session-id", "3"},
                                    {"x-claude-code-session-id", "2"},
                                    {"x-turnpike-session", "1"},
                                    {"traceparent", "t"},
                                    {"x-portkey-trace-id", "p"}});
        QCOMPARE(row.session, std::string("1"));
        QCOMPARE(row.trace, std::string("p"));
        QCOMPARE(notesOf({{"x-claude-code-session-id", "2"}}).session, std::string("2"));
        QCOMPARE(notesOf({{"traceparent", "t"}}).trace, std::string("t"));
        QCOMPARE(notesOf({{"session-id", "codex"}}).session, std::string("codex"));
        QCOMPARE(notesOf({{"session_id", "pi"}}).session, std::string("pi"));
        QCOMPARE(notesOf({{"x-session-affinity", "opencode"}}).session, std::string("opencode"));
    }

    void readsTheSessionInTheBody()
    {
        const auto sessionOf = [](const std::string& body, const std::string& before = {}) {
            gateway::JsonDocument document;
            if (gateway::scanJson(body, document)) return std::string("no JSON");
            LogRow row;
            row.session = before;
            gateway::pipeline::noteSession(document, row);
            return row.session;
        };
        const auto bodyOf = [](const std::string& userId) {
            return "{\"metadata\":{\"user_id\":" + gateway::jsonQuoted(userId) + "}}";
        };
        const std::string today = bodyOf("{\"device_id\":\"d\",\"session_id\":\"s-1\"}");
        QCOMPARE(sessionOf(today), std::string("s-1"));
        QCOMPARE(sessionOf(today, "by header"), std::string("by header"));
        QCOMPARE(sessionOf(bodyOf("user_a_account_b_session_0f-3c")), std::string("0f-3c"));
        for (const char* none : {"me", "{\"session_id\":7}", "{broken _session_x", ""})
            QCOMPARE(sessionOf(bodyOf(none)), std::string());
        for (const char* none : {"{\"metadata\":{\"user_id\":5}}", "{\"metadata\":[]}", "{}"})
            QCOMPARE(sessionOf(none), std::string());
    }

    void collectsTags()
    {
        const LogRow row = notesOf({{"x-turnpike-tags", " team a ,, b,"}, {"x-litellm-tags", "c"}});
        QCOMPARE(row.tags, (std::vector<std::string>{"team a", "b", "c"}));
        std::string many;
        for (int i = 0; i < 1000; ++i)
            many += "tag" + std::to_string(i) + ",";
        QCOMPARE(notesOf({{"x-turnpike-tags", many}, {"x-litellm-tags", many}}).tags.size(), std::size_t{32});
    }

    void takesMetadataThatIsAnObject()
    {
        QCOMPARE(notesOf({{"x-turnpike-metadata", R"({"user":"a"})"}}).metadataJson,
                 std::string(R"({"user":"a"})"));
        QCOMPARE(
            notesOf({{"cf-aig-metadata", R"({"b":1})"}, {"x-portkey-metadata", R"({"a":1})"}}).metadataJson,
            std::string(R"({"a":1})"));
        QCOMPARE(notesOf({{"x-turnpike-metadata", "broken"}, {"cf-aig-metadata", R"({"b":1})"}}).metadataJson,
                 std::string(R"({"b":1})"));
        const std::string deep(200, '['), large = "{\"a\":\"" + std::string(5000, 'x') + "\"}";
        for (const std::string& text :
             {std::string("[1]"), std::string("\"a\""), std::string("{"), deep, large,
              std::string(R"({"a":1,"a":2})"), std::string("{\"a\":\"\xff\"}")})
            QVERIFY(notesOf({{"x-turnpike-metadata", text}}).metadataJson.empty());
    }

    void keepsNoControlBytesAndCutsAtACharacter()
    {
        std::string text = "a\tb";
        for (int i = 0; i < 300; ++i)
            text += "ü";
        const LogRow row =
            notesOf({{"x-turnpike-session", text}, {"x-title", text}, {"x-turnpike-tags", text}});
        for (const std::string& note : {row.session, row.client, row.tags.at(0)}) {
            QVERIFY(isUtf8(note));
            QVERIFY(note.starts_with("a?b") && note.size() < 270);
        }
    }
};

QTEST_GUILESS_MAIN(RequestNotesTest)
#include "request_notes_test.moc"
