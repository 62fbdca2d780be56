// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>

#include <QtTest/QtTest>

#include "base/json_scan.h"

using namespace gateway;

namespace {

std::optional<JsonProblem> problemOf(std::string_view text)
{
    JsonDocument document;
    return scanJson(text, document);
}

JsonFault faultOf(std::string_view text)
{
    const auto problem = problemOf(text);
    return problem ? problem->fault : JsonFault::Undecided;
}

std::string repeatedText(std::string_view part, size_t count)
{
    std::string text;
    for (size_t i = 0; i < count; ++i) {
        text += part;
    }
    return text;
}

std::string nested(size_t depth)
{
    return std::string(depth, '[') + std::string(depth, ']');
}

/// An object with `count` keys; the last is `last`.
std::string wideObject(size_t count, const std::string& last)
{
    std::string text = "{";
    for (size_t i = 0; i + 1 < count; ++i) {
        text += "\"key" + std::to_string(i) + "\":" + std::to_string(i) + ",";
    }
    return text + "\"" + last + "\":0}";
}

void addTexts(std::initializer_list<const char*> texts)
{
    QTest::addColumn<QByteArray>("text");
    int row = 0;
    for (const char* text : texts) {
        QTest::addRow("%d", row++) << QByteArray(text);
    }
}

} // namespace

class JsonScanTest : public QObject {
    Q_OBJECT

private slots:
    void acceptsValidText_data();
    void acceptsValidText();
    void refusesBrokenText_data();
    void refusesBrokenText();
    void refusesEveryCutOfAText();
    void refusesEmptyText();
    void refusesBadUtf8WhereverItStands();
    void acceptsUtf8WhereverItStands();
    void refusesControlBytesWhereverTheyStand();
    void refusesHalfSurrogates();
    void limitsTheDepth();
    void refusesDuplicateKeys();
    void findsDuplicatesInWideObjects();
    void takesKeysAgainInAnotherObject();
    void listsTheRootMembers();
    void findsMembersByTheirDecodedName();
    void tellsTheRootKind();
    void isLeftEmptyByAProblem();
    void namesLineAndColumn();
    void namesADuplicateKeyOnlyWhenItIsPlain();
    void takesNumbersOfAnyLength();
};

void JsonScanTest::acceptsValidText_data()
{
    addTexts({"{}",
              "[]",
              "null",
              "true",
              "false",
              "0",
              "-0",
              "1",
              "-1",
              "10",
              "0.5",
              "-0.0",
              "1e5",
              "1E+5",
              "1e-5",
              "1.25e10",
              "\"\"",
              "\"a\"",
              " [ ] ",
              "\t\r\n{ }\r\n",
              "[1,2]",
              "[ 1 , 2 ]",
              "[[],[[]]]",
              "{\"a\":1}",
              "{ \"a\" : { \"b\" : [ null , true , false ] } , \"c\" : \"d\" }",
              "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
              "\"\\u0000\"",
              "\"\\uD83D\\uDE00\"",
              "\"\\ud83d\\ude00x\"",
              "\"\\uE000\\uffff\"",
              "\"\x7f\"",
              "\"/\"",
              "{\"\":0}",
              "\"\xC3\xA9\"",
              "\"\xE2\x82\xAC\"",
              "\"\xF0\x9F\x98\x80\"",
              "\"\xF4\x8F\xBF\xBF\"",
              "{\"a\":{\"a\":{\"a\":1}}}",
              "[{\"a\":1},{\"a\":1}]",
              "1e9999",
              "123456789012345678901234567890"});
}

void JsonScanTest::acceptsValidText()
{
    QFETCH(QByteArray, text);
    const auto problem = problemOf(text.toStdString());
    QVERIFY2(!problem, problem ? problem->message.c_str() : "");
}

void JsonScanTest::refusesBrokenText_data()
{
    addTexts({"{",
              "}",
              "[",
              "]",
              "[1",
              "[1,",
              "[1,]",
              "[,1]",
              "[1 2]",
              "[1,,2]",
              "{]",
              "[}",
              "{\"a\"",
              "{\"a\":",
              "{\"a\":1",
              "{\"a\":1,",
              "{\"a\":1,}",
              "{,}",
              "{a:1}",
              "{'a':1}",
              "{1:1}",
              "{\"a\" 1}",
              "{\"a\"::1}",
              "{\"a\":1 \"b\":2}",
              "{\"a\":1,,\"b\":2}",
              "{null:1}",
              "nul",
              "nulL",
              "nullx",
              "truefalse",
              "True",
              "NaN",
              "Infinity",
              "-Infinity",
              "undefined",
              "+1",
              "01",
              "-01",
              "00",
              "-",
              "--1",
              "1.",
              ".5",
              "1.e5",
              "1e",
              "1e+",
              "1e5.5",
              "0x10",
              "1_000",
              "1 1",
              "{} {}",
              "{}x",
              "[]]",
              "\"",
              "\"a",
              "\"\\\"",
              "\"\\",
              "\"\\x41\"",
              "\"\\U0041\"",
              "\"\\u\"",
              "\"\\u12\"",
              "\"\\u123\"",
              "\"\\u123g\"",
              "\"\\u 123\"",
              "\"\\u+123\"",
              "'a'",
              "\"a\nb\"",
              "\"a\tb\"",
              "\"a\x1f\"",
              "// c\n1",
              "/* c */1",
              "1//c",
              "\xEF\xBB\xBF{}",
              "\xEF\xBB\xBF\xEF\xBB\xBF{}",
              "\xFF\xFE{\x01}",
              "[1]\f",
              "\v1",
              "\xC2\xA0"
              "1",
              "a",
              "#",
              ":",
              ",",
              "\\"});
}

void JsonScanTest::refusesBrokenText()
{
    QFETCH(QByteArray, text);
    const auto problem = problemOf(text.toStdString());
    QVERIFY(problem);
    QCOMPARE(problem->fault, JsonFault::Syntax);
    QVERIFY(!problem->message.empty());
    QVERIFY(problem->offset <= static_cast<size_t>(text.size()));
}

void JsonScanTest::refusesEveryCutOfAText()
{
    const std::string text =
        R"({"model":"gpt","n":[1,-2.5e3,true,null],"s":"a\n\u00e9\ud83d\ude00 long enough for blocks"})";
    QVERIFY(!problemOf(text));
    for (size_t size = 0; size < text.size(); ++size) {
        // A copy of just that size lets the address sanitizer see a read behind it.
        const std::vector<char> cut(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
        QVERIFY2(problemOf({cut.data(), cut.size()}), std::to_string(size).c_str());
    }
}

void JsonScanTest::refusesEmptyText()
{
    QCOMPARE(faultOf({}), JsonFault::Empty);
    QCOMPARE(faultOf(""), JsonFault::Empty);
    QCOMPARE(faultOf(" \r\n\t"), JsonFault::Empty);
    QCOMPARE(faultOf(std::string(100, ' ')), JsonFault::Empty);
    QCOMPARE(faultOf(std::string_view("\0", 1)), JsonFault::Syntax);
}

void JsonScanTest::refusesBadUtf8WhereverItStands()
{
    for (const char* bad :
         {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC3", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xE2\x82",
          "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF0\x9F\x98",
          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF"}) {
        for (size_t before = 0; before < 40; ++before) {
            const std::string text = "\"" + std::string(before, 'x') + bad + "tail\"";
            const auto problem = problemOf(text);
            QVERIFY(problem);
            QCOMPARE(problem->fault, JsonFault::InvalidUtf8);
            QCOMPARE(problem->offset, before + 1);
        }
        QCOMPARE(faultOf("{\"" + std::string(bad) + "\":1}"), JsonFault::InvalidUtf8);
        QCOMPARE(faultOf("\"" + std::string(bad)), JsonFault::InvalidUtf8);
    }
}

void JsonScanTest::acceptsUtf8WhereverItStands()
{
    for (const char* good : {"\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                             "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
        for (size_t before = 0; before < 40; ++before) {
            QVERIFY(!problemOf("\"" + std::string(before, 'x') + good + good + "tail\""));
        }
    }
}

void JsonScanTest::refusesControlBytesWhereverTheyStand()
{
    for (char byte = 0; byte < 0x20; ++byte) {
        for (size_t before = 0; before < 40; ++before) {
            const auto problem =
                problemOf("\"" + std::string(before, 'x') + byte + std::string(20, 'y') + "\"");
            QVERIFY(problem);
            QCOMPARE(problem->fault, JsonFault::Syntax);
            QCOMPARE(problem->offset, before + 1);
        }
    }
}

void JsonScanTest::refusesHalfSurrogates()
{
    for (const char* bad :
         {R"("\ud83d")", R"("\ude00")", R"("\ud83d\ud83d")", R"("\ude00\ud83d")", R"("\ud83dx")",
          R"("\ud83d\n")", R"("\ud83d\u0041")", R"("\ud83d\ude0")", R"("\udfff")", R"("\ud83d)"}) {
        QCOMPARE(faultOf(bad), JsonFault::Syntax);
    }
}

void JsonScanTest::limitsTheDepth()
{
    QVERIFY(!problemOf(nested(128)));
    QCOMPARE(faultOf(nested(129)), JsonFault::TooDeep);
    QCOMPARE(faultOf(std::string(1'000'000, '[')), JsonFault::TooDeep);
    QVERIFY(!problemOf(repeatedText("{\"a\":", 128) + "1" + std::string(128, '}')));
    QCOMPARE(faultOf(repeatedText("{\"a\":", 129) + "1" + std::string(129, '}')), JsonFault::TooDeep);
    QVERIFY(!problemOf("[" + repeatedText(nested(127) + ",", 5) + "1]"));
    JsonDocument document;
    QVERIFY(!scanJson(nested(3), document, 3));
    QCOMPARE(scanJson(nested(4), document, 3)->fault, JsonFault::TooDeep);
    QCOMPARE(scanJson(nested(4), document, 3)->offset, size_t(3));
}

void JsonScanTest::refusesDuplicateKeys()
{
    for (const char* bad :
         {R"({"a":1,"a":2})", R"({"a":1,"b":2,"a":3})", R"({"":1,"":2})", R"({"a":1,"\u0061":2})",
          R"({"\u0061":1,"a":2})", R"({"\n":1,"\u000a":2})", R"({"\/":1,"/":2})", R"([{"x":{"b":1,"b":1}}])",
          "{\"\xC3\xA9\":1,\"\\u00e9\":2}", "{\"\xF0\x9F\x98\x80\":1,\"\\ud83d\\ude00\":2}",
          R"({"12345678":1,"12345678":2})", R"({"a":{"c":1},"b":[{"d":1}],"a":2})"}) {
        QCOMPARE(faultOf(bad), JsonFault::DuplicateKey);
    }
    for (const char* good :
         {R"({"a":1,"A":2})", R"({"a":1,"aa":2})", R"({"a":1,"a\u0000":2})", R"({"a":1," a":2})",
          R"({"ab":1,"ba":2})", R"({"aab":1,"abb":2,"aba":3})", R"({"a":"a","b":"a"})"}) {
        QVERIFY2(!problemOf(good), good);
    }
}

void JsonScanTest::findsDuplicatesInWideObjects()
{
    for (const size_t count : {2, 15, 16, 17, 18, 33, 100, 5000}) {
        QVERIFY(!problemOf(wideObject(count, "other")));
        const auto text = wideObject(count, "key0");
        const auto problem = problemOf(text);
        QVERIFY(problem);
        QCOMPARE(problem->fault, JsonFault::DuplicateKey);
        QCOMPARE(problem->offset, text.rfind("\"key0\""));
        QCOMPARE(faultOf("[" + wideObject(count, "other") + "," + wideObject(count, "k\\u0065y0") + "]"),
                 JsonFault::DuplicateKey);
    }
}

void JsonScanTest::takesKeysAgainInAnotherObject()
{
    const std::string inner = wideObject(40, "inner");
    QVERIFY(
        !problemOf("{\"key0\":" + inner + ",\"key1\":" + inner + ",\"key2\":[" + inner + "," + inner + "]}"));
    QCOMPARE(faultOf("{\"key0\":" + inner + ",\"key0\":" + inner + "}"), JsonFault::DuplicateKey);
}

void JsonScanTest::listsTheRootMembers()
{
    JsonDocument document;
    const std::string text =
        R"( { "model" : "m" , "n":-1.5 ,"o":{"x":{"y":[]}},"a":[1,{"b":2}] ,"t":true,"f":false,"z":null } )";
    QVERIFY(!scanJson(text, document));
    QCOMPARE(document.members.size(), size_t(7));
    const std::map<std::string_view, std::pair<std::string_view, JsonKind>> expected = {
        {"model", {"\"m\"", JsonKind::String}},
        {"n", {"-1.5", JsonKind::Number}},
        {"o", {R"({"x":{"y":[]}})", JsonKind::Object}},
        {"a", {R"([1,{"b":2}])", JsonKind::Array}},
        {"t", {"true", JsonKind::True}},
        {"f", {"false", JsonKind::False}},
        {"z", {"null", JsonKind::Null}}};
    for (const auto& member : document.members) {
        QVERIFY(expected.contains(member.key));
        QCOMPARE(member.value, expected.at(member.key).first);
        QCOMPARE(member.kind, expected.at(member.key).second);
        QVERIFY(!member.keyEscaped);
    }
    QVERIFY(!scanJson("[{\"a\":1}]", document));
    QVERIFY(document.members.empty());
}

void JsonScanTest::findsMembersByTheirDecodedName()
{
    JsonDocument document;
    const std::string text = R"({"m\u006fdel":"m","stream":true})";
    QVERIFY(!scanJson(text, document));
    QVERIFY(document.find("model"));
    QVERIFY(document.find("model")->keyEscaped);
    QCOMPARE(document.find("model")->value, std::string_view("\"m\""));
    QCOMPARE(document.find("stream")->kind, JsonKind::True);
    QVERIFY(!document.find("m\\u006fdel"));
    QVERIFY(!document.find(""));
}

void JsonScanTest::tellsTheRootKind()
{
    JsonDocument document;
    const std::map<std::string_view, JsonKind> kinds = {
        {"{}", JsonKind::Object}, {" []", JsonKind::Array}, {"\"\"", JsonKind::String},
        {"-1", JsonKind::Number}, {"true", JsonKind::True}, {"false", JsonKind::False},
        {"null", JsonKind::Null}};
    for (const auto& [text, kind] : kinds) {
        QVERIFY(!scanJson(text, document));
        QCOMPARE(document.root, kind);
    }
}

void JsonScanTest::isLeftEmptyByAProblem()
{
    JsonDocument document;
    QVERIFY(!scanJson(R"({"a":1})", document));
    QVERIFY(scanJson(R"({"a":1,"b":2)", document));
    QCOMPARE(document.root, JsonKind::Undecided);
    QVERIFY(document.members.empty());
}

void JsonScanTest::namesLineAndColumn()
{
    const auto problem = problemOf("{\n  \"a\": 1,\n  \"b\": x\n}");
    QVERIFY(problem);
    QCOMPARE(problem->line, size_t(3));
    QCOMPARE(problem->column, size_t(8));
    QCOMPARE(problem->offset, size_t(19));
    QCOMPARE(problemOf("x")->line, size_t(1));
    QCOMPARE(problemOf("x")->column, size_t(1));
}

void JsonScanTest::namesADuplicateKeyOnlyWhenItIsPlain()
{
    QVERIFY(problemOf(R"({"model":1,"model":2})")->message.find("\"model\"") != std::string::npos);
    const std::string escaped = R"({"a\"b":1,"a\"b":2})";
    QCOMPARE(problemOf(escaped)->message, std::string("a key occurs twice in one object"));
    const std::string longKey(100, 'k');
    QCOMPARE(problemOf("{\"" + longKey + "\":1,\"" + longKey + "\":2}")->message,
             std::string("a key occurs twice in one object"));
}

void JsonScanTest::takesNumbersOfAnyLength()
{
    const std::string digits(1'000'000, '9');
    QVERIFY(!problemOf(digits));
    QVERIFY(!problemOf("-0." + digits + "e-" + digits));
}

QTEST_GUILESS_MAIN(JsonScanTest)
#include "json_scan_test.moc"
