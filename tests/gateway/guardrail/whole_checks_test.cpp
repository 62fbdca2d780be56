// SPDX-License-Identifier: GPL-3.0-or-later
// Checks that judge a whole by more than its text, and what they know: schemas, broken JSON, tools.
#include <nlohmann/json.hpp>

#include <QTest>

#include "base/json_scan.h"
#include "guardrail/check_kind.h"
#include "guardrail/json_mend.h"
#include "guardrail/json_schema.h"

using namespace gateway;
using namespace gateway::guardrail;

namespace {

struct Held {
    const char* schema;
    const char* value;
    const char* fault; // empty: it fits
};

// Meanings from the drafts' own text: JSON Schema Core and Validation, 2020-12.
const Held kHeld[] = {
    {R"({"type":"object","required":["a"]})", R"({"a":1})", ""},
    {R"({"type":"object","required":["a"]})", R"({"b":1})", "/a: is missing"},
    {R"({"type":["string","null"]})", "null", ""},
    {R"({"type":["string","null"]})", "1", ": is no string or null"},
    {R"({"type":"integer"})", "1.0", ""},
    {R"({"type":"integer"})", "1.5", ": is no integer"},
    {R"({"properties":{"a":{"type":"array","items":{"type":"number"}}}})", R"({"a":[1,"x"]})",
     "/a/1: is no number"},
    {R"({"properties":{"a":{}},"additionalProperties":false})", R"({"a":1,"b":2})", "/b: must not be there"},
    {R"({"patternProperties":{"^x-":{"type":"string"}},"additionalProperties":false})", R"({"x-a":"y"})", ""},
    {R"({"patternProperties":{"^x-":{"type":"string"}},"additionalProperties":false})", R"({"x-a":1})",
     "/x-a: is no string"},
    {R"({"enum":["a",1,null]})", "1", ""},
    {R"({"enum":["a",1,null]})", "2", ": is none of the allowed values"},
    {R"({"const":{"a":[1]}})", R"({"a":[1]})", ""},
    {R"({"const":{"a":[1]}})", R"({"a":[2]})", ": is not the one allowed value"},
    {R"({"minimum":1,"maximum":2})", "1", ""},
    {R"({"minimum":1,"maximum":2})", "0.9", ": is too small"},
    {R"({"exclusiveMinimum":1})", "1", ": is too small"},
    {R"({"exclusiveMaximum":2})", "2", ": is too large"},
    {R"({"exclusiveMaximum":2})", "1.9", ""},
    {R"({"multipleOf":0.1})", "0.3", ""},
    {R"({"multipleOf":0.1})", "0.35", ": is no multiple of the step"},
    {R"({"minLength":2,"maxLength":3})", R"("äöü")", ""},
    {R"({"minLength":2,"maxLength":3})", R"("a")", ": is too short"},
    {R"({"maxLength":3})", R"("abcd")", ": is too long"},
    {R"({"pattern":"b+"})", R"("abbc")", ""},
    {R"({"pattern":"^b+$"})", R"("abbc")", ": is not of the wanted form"},
    {R"({"prefixItems":[{"type":"string"}],"items":{"type":"number"}})", R"(["a",1,2])", ""},
    {R"({"prefixItems":[{"type":"string"}],"items":false})", R"(["a",1])", "/1: must not be there"},
    {R"({"contains":{"const":1},"minContains":2})", "[1,2,1]", ""},
    {R"({"contains":{"const":1}})", "[2]", ": lacks a wanted item"},
    {R"({"contains":{"const":1},"maxContains":1})", "[1,1]", ": is too long"},
    {R"({"uniqueItems":true})", R"([{"a":1},{"a":1}])", ": has the same item twice"},
    {R"({"minItems":1})", "[]", ": is too short"},
    {R"({"maxProperties":1})", R"({"a":1,"b":2})", ": is too long"},
    {R"({"anyOf":[{"type":"string"},{"minimum":5}]})", "7", ""},
    {R"({"anyOf":[{"type":"string"},{"minimum":5}]})", "3", ": fits none of the alternatives"},
    {R"({"oneOf":[{"type":"integer"},{"minimum":5}]})", "7",
     ": does not fit exactly one of the alternatives"},
    {R"({"oneOf":[{"type":"integer"},{"minimum":5}]})", "3", ""},
    {R"({"allOf":[{"minimum":1},{"maximum":3}]})", "4", ": is too large"},
    {R"({"not":{"type":"string"}})", R"("x")", ": is what it must not be"},
    {R"({"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}})", R"({"a":1})",
     "/b: is missing"},
    {R"({"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}})", R"({"c":1})", ""},
    {R"({"dependentRequired":{"a":["b"]}})", R"({"a":1})", "/b: is missing"},
    {R"({"dependentSchemas":{"a":{"minProperties":2}}})", R"({"a":1})", ": is too short"},
    {R"({"propertyNames":{"maxLength":1}})", R"({"ab":1})", "/ab: has a name that is not allowed"},
    {R"({"$defs":{"n":{"type":"number"}},"items":{"$ref":"#/$defs/n"}})", R"([1,"a"])", "/1: is no number"},
    {R"({"properties":{"next":{"$ref":"#"}},"additionalProperties":false})", R"({"next":{"next":{"x":1}}})",
     "/next/next/x: must not be there"},
    {R"({"$ref":"#"})", "1", ": is too much to be checked"},
    {"false", "1", ": must not be there"},
    {"true", "1", ""},
};

struct Mended {
    const char* text;
    const char* json; // null: it cannot be
};
const Mended kMended[] = {
    {R"({"a":1})", R"({"a":1})"},
    {"Here: {a: 1, 'b': [True, None,],} Bye", R"({"a":1,"b":[true,null]})"},
    {"```json\n{\"a\": \"x\ny\"}\n```", R"({"a":"x\ny"})"},
    {R"({"a": "it's", 'b': "say \"hi\"", 'c': 'it\'s "so"'})",
     R"({"a":"it's","b":"say \"hi\"","c":"it's \"so\""})"},
    {"{\"a\": 1 // one\n, /* two */ \"b\": 2}", R"({"a":1,"b":2})"},
    {R"({"a": {"b": [1, 2)", R"({"a":{"b":[1,2]}})"},
    {R"({"a": 1, "b":)", R"({"a":1})"},
    {R"({"a": "cut o)", R"({"a":"cut o"})"},
    {R"([{"a":1} {"a":2}])", R"([{"a":1},{"a":2}])"},
    {R"({"a": .5, "b": +1, "c": 2.})", R"({"a":0.5,"b":1,"c":2.0})"},
    {R"({"a": 1,, "b": 2})", R"({"a":1,"b":2})"},
    {"no JSON", nullptr},
    {"{a b}", nullptr},
    {"{\"a\": hello}", nullptr},
    {R"({"a":1,"a":2})", nullptr}, // which of the two is meant?
};

struct ToolCase {
    const char* rules;
    const char* tool;
    const char* arguments; // null: it is offered
    bool allowed;
};
const char* const kFiles =
    R"({"rules":[{"tool":"mcp__files__delete","decision":"deny"},)"
    R"({"tool":"mcp__files__*","decision":"allow","arguments":{"path":"/home/me/.*","edits[*].name":"[a-z]+"}},)"
    R"({"tool":"shell","decision":"deny","arguments":{"command":".*\\brm\\b.*"}}],"default":"allow"})";
const char* const kOnly = R"({"rules":[{"tool":"search","decision":"allow"}]})";
const ToolCase kTools[] = {
    {kFiles, "mcp__files__delete", nullptr, false},
    {kFiles, "mcp__files__read", nullptr, true},
    {kFiles, "mcp__files__read", R"({"path":"/home/me/a"})", true},
    {kFiles, "mcp__files__read", R"({"path":"/etc/passwd"})", false},
    {kFiles, "mcp__files__read", "{\"path\":\"/home/me/a\\n/etc\"}", true},
    {kFiles, "mcp__files__read", R"({"path":"x/home/me/a"})", false},
    {kFiles, "mcp__files__edit", R"({"path":"/home/me/a","edits":[{"name":"ab"},{"name":"A"}]})", false},
    {kFiles, "mcp__files__edit", R"({"path":"/home/me/a","edits":[{"name":"ab"}]})", true},
    {kFiles, "mcp__files__read", "{\"path\":", false},
    {kFiles, "mcp__files__read", R"({"Path":"/etc/passwd"})", false},
    {kFiles, "mcp__files__read", R"({"path":"/home/me/a","path":"/etc/passwd"})", false},
    {kFiles, "mcp__files__read", R"({"path":["/home/me/a"]})", false},
    {kFiles, "shell", R"({"command":"ls"})", true},
    {kFiles, "shell", R"({"command":"rm -rf /"})", false},
    {kFiles, "shell", nullptr, true},
    {kFiles, "other", R"({})", true},
    {kOnly, "search", R"({})", true},
    {kOnly, "searches", R"({})", false},
};

std::unique_ptr<Check> made(const char* id, const std::string& json)
{
    auto check = makeCheck(*findCheckKind(id), json);
    return check ? std::move(check.value()) : nullptr;
}

Opinion judged(const char* id, const char* parameters, const Subject& subject)
{
    const auto check = made(id, parameters);
    return check ? check->judge(subject) : Opinion{true, "not made"};
}

Subject answer(std::string_view text)
{
    Subject subject;
    subject.stage = Stage::Response;
    subject.text = text;
    return subject;
}

} // namespace

class WholeChecksTest : public QObject {
    Q_OBJECT

private slots:
    void holdsValuesAgainstSchemas_data();
    void holdsValuesAgainstSchemas();
    void refusesSchemasThatCannotBe_data();
    void refusesSchemasThatCannotBe();
    void doesNotWorkForEver();
    void bearsAnyDepth();
    void mendsJson_data();
    void mendsJson();
    void mendsAnyBytes();
    void judgesJson_data();
    void judgesJson();
    void knowsTools_data();
    void knowsTools();
    void refusesToolRules_data();
    void refusesToolRules();
    void judgesRequests_data();
    void judgesRequests();
    void judgesTexts_data();
    void judgesTexts();
    void addsAPrefix();
};

void WholeChecksTest::holdsValuesAgainstSchemas_data()
{
    QTest::addColumn<int>("at");
    for (int i = 0; i < static_cast<int>(std::size(kHeld)); ++i)
        QTest::addRow("%s of %s", kHeld[i].value, kHeld[i].schema) << i;
}

void WholeChecksTest::holdsValuesAgainstSchemas()
{
    QFETCH(int, at);
    const auto schema = JsonSchema::parse(nlohmann::json::parse(kHeld[at].schema));
    QVERIFY2(schema.ok(), schema.ok() ? "" : schema.error().message.c_str());
    QCOMPARE(QString::fromStdString(schema->fault(nlohmann::json::parse(kHeld[at].value)).value_or("")),
             QString(kHeld[at].fault));
}

void WholeChecksTest::refusesSchemasThatCannotBe_data()
{
    QTest::addColumn<QByteArray>("schema");
    for (const char* schema :
         {R"({"$ref":"#/$defs/none"})", R"({"$ref":"https://example.com/a"})", R"({"pattern":"("})",
          R"({"type":5})", R"({"allOf":{}})", R"({"properties":[]})", R"({"items":3})", R"({"minimum":"1"})",
          R"({"required":"a"})", R"({"patternProperties":{"[":{}}})", R"({"dependentRequired":{"a":"b"}})",
          R"({"enum":1})"})
        QTest::newRow(schema) << QByteArray(schema);
}

void WholeChecksTest::refusesSchemasThatCannotBe()
{
    QFETCH(QByteArray, schema);
    const auto parsed = JsonSchema::parse(nlohmann::json::parse(schema.toStdString()));
    QVERIFY(!parsed.ok());
    QCOMPARE(parsed.error().param, std::string("schema"));
}

void WholeChecksTest::doesNotWorkForEver()
{
    // Each level doubles what there is to be done.
    std::string schema = R"({"$defs":{"d0":{"type":"number"})";
    for (int i = 1; i < 40; ++i) {
        const std::string ref = R"({"$ref":"#/$defs/d)" + std::to_string(i - 1) + "\"}";
        schema += R"(,"d)" + std::to_string(i) + R"(":{"anyOf":[)" + ref + "," + ref + "]}";
    }
    schema += R"(},"$ref":"#/$defs/d39"})";
    const auto parsed = JsonSchema::parse(nlohmann::json::parse(schema));
    QVERIFY(parsed.ok());
    QVERIFY(parsed->fault("x").has_value());
}

void WholeChecksTest::bearsAnyDepth()
{
    const std::string deep = "[" + std::string(200'000, '[') + std::string(200'000, ']') + "," +
                             std::string(200'000, '[') + std::string(200'000, ']') + "]";
    QVERIFY(judged("json_schema", R"({"schema":{"uniqueItems":true}})", answer(deep)).alarm);
}

void WholeChecksTest::mendsJson_data()
{
    QTest::addColumn<int>("at");
    for (int i = 0; i < static_cast<int>(std::size(kMended)); ++i)
        QTest::newRow(kMended[i].text) << i;
}

void WholeChecksTest::mendsJson()
{
    QFETCH(int, at);
    const auto mended = mendedJson(kMended[at].text);
    QCOMPARE(mended.has_value(), kMended[at].json != nullptr);
    if (mended) QCOMPARE(QString::fromStdString(*mended), QString(kMended[at].json));
}

void WholeChecksTest::mendsAnyBytes()
{
    for (const std::string& text : {std::string(), std::string(1'000'000, '['), std::string(1'000'000, '{'),
                                    std::string("{\"\xff\xfe\": 1"), std::string("{\0\"a\":1}", 9),
                                    std::string(200'000, '"'), "{" + std::string(300'000, '\\')}) {
        const auto mended = mendedJson(text);
        JsonDocument document;
        if (mended) QVERIFY(!scanJson(*mended, document));
        QVERIFY(jsonParts(text).size() <= 100);
    }
}

void WholeChecksTest::judgesJson_data()
{
    QTest::addColumn<QByteArray>("parameters");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("alarm");
    QTest::addColumn<QByteArray>("instead");
    const QByteArray schema = R"({"schema":{"type":"object","required":["a"]})";
    const QByteArray plain = schema + "}";
    const QByteArray bare = schema + R"(,"bare":true})";
    const QByteArray other = schema + R"(,"not":true})";
    const auto row = [](const char* name, const QByteArray& parameters, const char* text, bool alarm,
                        const char* instead = "") {
        QTest::newRow(name) << parameters << QByteArray(text) << alarm << QByteArray(instead);
    };
    row("fits", plain, R"({"a":{"b":1}})", false);
    row("in words", plain, R"(So: {"a":{"b":1}}. Fine?)", false);
    row("in a long fence", plain, "Yes.\n````json\n{\"a\":{\"b\":1}}\n````\nOk", false);
    row("in a fence of nothing", plain, "```{\"a\":{\"b\":1}}", false);
    row("in a fence", plain, "Yes.\n```json\n{\"a\":1}\n```\nOk", false);
    row("with a fence in it", plain, R"({"a":"```py\nx\n```"})", false);
    row("nearly, with a fence in it", plain, R"({'a':"```py```"})", true, R"({"a":"```py```"})");
    row("the second of two", plain, R"({"b":1} {"a":1})", false);
    row("does not fit", plain, R"({"b":1})", true);
    row("none", plain, "no", true);
    row("nearly", plain, "{a: 1,}", true, R"({"a":1})");
    row("nearly, but does not fit", plain, "{b: 1,}", true);
    row("bare", bare, R"({"a":1})", false);
    row("not bare", bare, R"(So: {"a":1})", true, R"({"a":1})");
    row("the other way round", other, R"({"a":1})", true);
    row("the other way round, fits not", other, R"({"b":1})", false);
    row("the other way round, none", other, "no", true);
}

void WholeChecksTest::judgesJson()
{
    QFETCH(QByteArray, parameters);
    QFETCH(QByteArray, text);
    QFETCH(bool, alarm);
    QFETCH(QByteArray, instead);
    const Opinion opinion = judged("json_schema", parameters.constData(), answer(text.toStdString()));
    QCOMPARE(opinion.alarm, alarm);
    QCOMPARE(QByteArray::fromStdString(opinion.instead.value_or("")), instead);
}

void WholeChecksTest::knowsTools_data()
{
    QTest::addColumn<int>("at");
    for (int i = 0; i < static_cast<int>(std::size(kTools)); ++i)
        QTest::addRow("%d: %s(%s)", i, kTools[i].tool, kTools[i].arguments ? kTools[i].arguments : "") << i;
}

void WholeChecksTest::knowsTools()
{
    QFETCH(int, at);
    const ToolCase& each = kTools[at];
    Subject subject;
    subject.stage = each.arguments ? Stage::Response : Stage::Request;
    subject.tools.push_back({each.tool, each.arguments ? each.arguments : ""});
    QCOMPARE(!judged("tool_rules", each.rules, subject).alarm, each.allowed);
}

void WholeChecksTest::refusesToolRules_data()
{
    QTest::addColumn<QByteArray>("parameters");
    for (const char* parameters :
         {R"({"rules":{}})", R"({"rules":["a"]})", R"({"rules":[{"decision":"allow"}]})",
          R"({"rules":[{"tool":"a","decision":"maybe"}]})",
          R"({"rules":[{"tool":"a","decision":"allow","args":{}}]})",
          R"({"rules":[{"tool":"a","decision":"allow","arguments":{"p":"("}}]})",
          R"({"rules":[{"tool":"a","decision":"allow","arguments":{"p":"a)|(b"}}]})",
          R"({"rules":[{"tool":"a","decision":"allow","arguments":{"p":1}}]})"})
        QTest::newRow(parameters) << QByteArray(parameters);
}

void WholeChecksTest::refusesToolRules()
{
    QFETCH(QByteArray, parameters);
    const auto check = makeCheck(*findCheckKind("tool_rules"), parameters.toStdString());
    QVERIFY(!check.ok());
    QCOMPARE(check.error().param, std::string("rules"));
}

void WholeChecksTest::judgesRequests_data()
{
    QTest::addColumn<QByteArray>("check");
    QTest::addColumn<QByteArray>("parameters");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("metadata");
    QTest::addColumn<bool>("alarm");
    const auto row = [](const char* check, const char* parameters, const char* type, const char* model,
                        const char* metadata, bool alarm) {
        QTest::addRow("%s %s: %s %s %s", check, parameters, type, model, metadata)
            << QByteArray(check) << QByteArray(parameters) << QByteArray(type) << QByteArray(model)
            << QByteArray(metadata) << alarm;
    };
    row("allowed_request_types", "{}", "images", "m", "", false);
    row("allowed_request_types", R"({"allowed":["chat"]})", "chat", "m", "", false);
    row("allowed_request_types", R"({"allowed":["chatComplete"]})", "chat", "m", "", false);
    row("allowed_request_types", R"({"allowed":["chat"]})", "embeddings", "m", "", true);
    row("allowed_request_types", R"({"blocked":["embed"]})", "embeddings", "m", "", true);
    row("allowed_request_types", R"({"blocked":["embed"]})", "chat", "m", "", false);
    row("allowed_request_types", R"({"allowed":["chat"],"blocked":["images"]})", "rerank", "m", "", true);
    row("required_metadata_pairs", R"({"pairs":{"team":"a","n":1}})", "chat", "m", R"({"team":"a","n":1})",
        false);
    row("required_metadata_pairs", R"({"pairs":{"team":"a","n":1}})", "chat", "m", R"({"team":"a"})", true);
    row("required_metadata_pairs", R"({"pairs":{"team":"a","n":1},"operator":"any"})", "chat", "m",
        R"({"team":"a"})", false);
    row("required_metadata_pairs", R"({"pairs":{"team":"a"},"operator":"none"})", "chat", "m",
        R"({"team":"a"})", true);
    row("required_metadata_pairs", R"({"pairs":{"team":"a"}})", "chat", "m", "", true);
    const char* const rules =
        R"({"rules":{"defaults":["gpt-4o-mini"],"metadata":{"tier":{"pro":["gpt-*"],"free":["gpt-4o-mini"]}}}})";
    row("model_rules", rules, "chat", "gpt-4o-mini", "", false);
    row("model_rules", rules, "chat", "gpt-5", "", true);
    row("model_rules", rules, "chat", "gpt-5", R"({"tier":"pro"})", false);
    row("model_rules", rules, "chat", "gpt-5", R"({"tier":"free"})", true);
    row("model_rules", rules, "chat", "gpt-5", R"({"tier":["free","pro"]})", false);
    const char* const numbers = R"({"rules":{"metadata":{"n":{"1":["a"],"1000":["b"]}}}})";
    row("model_rules", numbers, "chat", "a", R"({"n":1.0})", false);
    row("model_rules", numbers, "chat", "b", R"({"n":1e3})", false);
    row("model_rules", numbers, "chat", "b", R"({"n":1001.0})", true);
    row("model_rules", R"({"rules":{"defaults":["a"]},"not":true})", "chat", "a", "", true);
    row("model_rules", R"({"rules":{"defaults":["a"]},"not":true})", "chat", "b", "", false);
    row("model_rules", R"({"rules":{"metadata":{"t":{"x":["a"]}}}})", "chat", "a", "", true);
}

void WholeChecksTest::judgesRequests()
{
    QFETCH(QByteArray, check);
    QFETCH(QByteArray, parameters);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, metadata);
    QFETCH(bool, alarm);
    Subject subject;
    subject.stage = Stage::Request;
    const std::string kept[] = {type.toStdString(), model.toStdString(), metadata.toStdString()};
    subject.requestType = kept[0];
    subject.model = kept[1];
    subject.metadataJson = kept[2];
    QCOMPARE(judged(check.constData(), parameters.constData(), subject).alarm, alarm);
}

void WholeChecksTest::judgesTexts_data()
{
    QTest::addColumn<QByteArray>("check");
    QTest::addColumn<QByteArray>("parameters");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("alarm");
    const auto row = [](const char* check, const char* parameters, const char* text, bool alarm) {
        QTest::addRow("%s %s: %s", check, parameters, text)
            << QByteArray(check) << QByteArray(parameters) << QByteArray(text) << alarm;
    };
    const char* const python = R"({"format":"Python"})";
    row("contains_code", python, "So:\n```py\nx = 1\n```", false);
    row("contains_code", python, "So:\n```python\nx = 1\n```\n", false);
    row("contains_code", python, "```js\nx\n```", true);
    row("contains_code", python, "```js\nx\n```\nand\n```PY\ny\n```", false);
    row("contains_code", python, "```\nx = 1\n```", true);
    row("contains_code", python, "```py\nx = 1", true);
    row("contains_code", python, "x = 1", true);
    row("contains_code", python, "use ``` so:\n```py\nx\n```", false);
    row("contains_code", python, "```py\n```", true);
    row("contains_code", R"({"format":"Python","not":true})", "", true);
    row("all_uppercase", "{}", "\xc3\x84\xd0\x96 1", false);
    row("all_uppercase", "{}", "\xc3\xa4", true);
    row("all_lowercase", "{}", "\xc3\xa4\xd0\xb6 1", false);
    row("all_lowercase", "{}", "\xd0\x96", true);
    row("contains_code", R"({"format":"Python","not":true})", "```py\nx\n```", true);
    row("contains_code", R"({"format":"C","not":true})", "```cpp\nx\n```", false);
    row("valid_urls", "{}", "none", false);
    row("valid_urls", "{}", "see https://example.com/a?b#c and http://[::1]:80/", false);
    row("valid_urls", "{}", "see https://exa_mple/", true);
    row("valid_urls", "{}", "see https://a..b/", true);
    row("valid_urls", "{}", "see https://example.com:99999/", true);
    row("valid_urls", "{}", "httpd and https are words", false);
    row("valid_urls", R"({"not":true})", "see https://-a.b", false);
}

void WholeChecksTest::judgesTexts()
{
    QFETCH(QByteArray, check);
    QFETCH(QByteArray, parameters);
    QFETCH(QByteArray, text);
    QFETCH(bool, alarm);
    const std::string kept = text.toStdString();
    QCOMPARE(judged(check.constData(), parameters.constData(), answer(kept)).alarm, alarm);
}

void WholeChecksTest::addsAPrefix()
{
    Subject subject;
    subject.stage = Stage::Request;
    subject.requestType = "chat";
    subject.text = "hi";
    QCOMPARE(judged("add_prefix", R"({"prefix":"Be kind: "})", subject).instead.value_or(""),
             std::string("Be kind: hi"));
    subject.requestType = "completions";
    QCOMPARE(judged("add_prefix", R"({"prefix":"Be kind: ","role":"system","only_if_empty":true})", subject)
                 .instead.value_or(""),
             std::string("Be kind: hi"));
    subject.requestType = "embeddings";
    QVERIFY(!judged("add_prefix", R"({"prefix":"Be kind: "})", subject).alarm);
    QVERIFY(!makeCheck(*findCheckKind("add_prefix"), R"({"prefix":"x","add_to_existing":false})"));
    QVERIFY(!makeCheck(*findCheckKind("add_prefix"),
                       R"({"prefix":"x","role":"assistant","only_if_empty":true})"));
}

QTEST_APPLESS_MAIN(WholeChecksTest)
#include "whole_checks_test.moc"
