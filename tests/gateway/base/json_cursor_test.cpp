// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits>
#include <string>
#include <vector>

#include <QtTest/QtTest>

#include "base/json_cursor.h"
#include "base/json_scan.h"

using namespace gateway;

class JsonCursorTest : public QObject {
    Q_OBJECT

private slots:
    void walksTheMembersInOrder();
    void walksTheElementsInOrder();
    void stopsWhenTheVisitSaysSo();
    void findsNothingInOtherKinds();
    void findsValuesByDecodedKeys();
    void agreesWithTheScan();
    void staysInsideBrokenText();
    void readsWholeNumbers();
    void refusesNumbersThatAreNotWhole();
    void readsDoubles();
    void tellsKinds();
};

void JsonCursorTest::walksTheMembersInOrder()
{
    const std::string text = R"({ "a" : 1 , "b":"x,}]\"\\" ,"c":[1,{"d":"]"}], "e":{} ,"f\n":null})";
    std::vector<std::string> seen;
    forEachMember(text, [&](const JsonMember& member) {
        seen.push_back(std::string(member.key) + "=" + std::string(member.value) +
                       (member.keyEscaped ? "!" : ""));
    });
    const std::vector<std::string> expected = {"a=1", R"(b="x,}]\"\\")", R"(c=[1,{"d":"]"}])", "e={}",
                                               "f\\n=null!"};
    QCOMPARE(seen, expected);
}

void JsonCursorTest::walksTheElementsInOrder()
{
    std::vector<std::string> seen;
    std::vector<JsonKind> kinds;
    forEachElement(R"([ 1 , "a" , [ ] , {"b":[1,2]},true,false,null ])",
                   [&](std::string_view value, JsonKind kind) {
                       seen.emplace_back(value);
                       kinds.push_back(kind);
                   });
    const std::vector<std::string> expected = {"1",    "\"a\"", "[ ]", R"({"b":[1,2]})",
                                               "true", "false", "null"};
    QCOMPARE(seen, expected);
    const std::vector<JsonKind> expectedKinds = {JsonKind::Number, JsonKind::String, JsonKind::Array,
                                                 JsonKind::Object, JsonKind::True,   JsonKind::False,
                                                 JsonKind::Null};
    QCOMPARE(kinds, expectedKinds);
    forEachElement("[]", [](std::string_view, JsonKind) { QFAIL("an empty array has no elements"); });
}

void JsonCursorTest::stopsWhenTheVisitSaysSo()
{
    int visits = 0;
    forEachElement("[1,2,3,4]", [&](std::string_view value, JsonKind) {
        ++visits;
        return value != "2";
    });
    QCOMPARE(visits, 2);
    forEachMember(R"({"a":1,"b":2})", [&](const JsonMember&) {
        ++visits;
        return false;
    });
    QCOMPARE(visits, 3);
}

void JsonCursorTest::findsNothingInOtherKinds()
{
    for (const char* text : {"", "  ", "1", "\"a\"", "[\"a\",1]", "null"}) {
        QVERIFY(memberValue(text, "a").empty());
    }
    forEachElement(R"({"a":1})", [](std::string_view, JsonKind) { QFAIL("an object has no elements"); });
    forEachMember({}, [](const JsonMember&) { QFAIL("nothing has no members"); });
}

void JsonCursorTest::findsValuesByDecodedKeys()
{
    const std::string text = R"({"x":{"model":"inner"},"m\u006fdel":"outer","usage": {"n" : 3} })";
    QCOMPARE(memberValue(text, "model"), std::string_view("\"outer\""));
    QCOMPARE(memberValue(memberValue(text, "usage"), "n"), std::string_view("3"));
    QVERIFY(memberValue(text, "absent").empty());
}

void JsonCursorTest::agreesWithTheScan()
{
    JsonDocument document;
    const std::string text = "\n{\"a\":[[],{}],\"\xC3\xA9\":\"\\\\\",\"\\t\":-1e5 , \"z\":{\"a\":\"}\"}}\t";
    QVERIFY(!scanJson(text, document));
    size_t index = 0;
    forEachMember(text, [&](const JsonMember& member) {
        QVERIFY(index < document.members.size());
        const auto& expected = document.members[index++];
        QCOMPARE(member.key.data(), expected.key.data());
        QCOMPARE(member.key, expected.key);
        QCOMPARE(member.value, expected.value);
        QCOMPARE(member.kind, expected.kind);
        QCOMPARE(member.keyEscaped, expected.keyEscaped);
    });
    QCOMPARE(index, document.members.size());
}

void JsonCursorTest::staysInsideBrokenText()
{
    const std::string text = R"({"a":[1,{"b":"c\\\""}],"d":"e"})";
    for (size_t begin = 0; begin <= text.size(); ++begin) {
        for (size_t end = begin; end <= text.size(); ++end) {
            const std::vector<char> part(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                         text.begin() + static_cast<std::ptrdiff_t>(end));
            const std::string_view view(part.data(), part.size());
            size_t bytes = 0;
            forEachMember(
                view, [&](const JsonMember& member) { bytes += member.key.size() + member.value.size(); });
            forEachElement(view, [&](std::string_view value, JsonKind) { bytes += value.size(); });
            QVERIFY(bytes <= view.size());
            QVERIFY(memberValue(view, "absent").empty());
        }
    }
}

void JsonCursorTest::readsWholeNumbers()
{
    constexpr auto kMax = std::numeric_limits<int64_t>::max();
    constexpr auto kMin = std::numeric_limits<int64_t>::min();
    const std::vector<std::pair<std::string, int64_t>> table = {{"0", 0},
                                                                {"-0", 0},
                                                                {"12", 12},
                                                                {"12.0", 12},
                                                                {"1.2e1", 12},
                                                                {"1.200E+1", 12},
                                                                {"120e-1", 12},
                                                                {"-7", -7},
                                                                {"0.0000", 0},
                                                                {"0e999999999999999999999", 0},
                                                                {"1e18", 1000000000000000000},
                                                                {"9223372036854775807", kMax},
                                                                {"-9223372036854775808", kMin},
                                                                {"922337203685477580.7e1", kMax},
                                                                {"1000000000000000000000e-20", 10},
                                                                {"0." + std::string(50, '0') + "1e51", 1},
                                                                {"1" + std::string(50, '0') + "e-50", 1}};
    for (const auto& [text, value] : table) {
        QVERIFY2(jsonInteger(text), text.c_str());
        QCOMPARE(*jsonInteger(text), value);
    }
}

void JsonCursorTest::refusesNumbersThatAreNotWhole()
{
    for (const char* text : {"",
                             "-",
                             "1.5",
                             "1e-1",
                             "9223372036854775808",
                             "-9223372036854775809",
                             "18446744073709551616",
                             "1e19",
                             "1e9999",
                             "1e99999999999999999999999",
                             "1e-99999999999999999999999",
                             "\"12\"",
                             "null",
                             "01",
                             "1.",
                             "1e",
                             "+1",
                             " 1",
                             "1 ",
                             "1x",
                             "0x1"}) {
        QVERIFY2(!jsonInteger(text), text);
    }
}

void JsonCursorTest::readsDoubles()
{
    QCOMPARE(jsonNumber("0.1").value(), 0.1);
    QCOMPARE(jsonNumber("-2.5e3").value(), -2500.0);
    QCOMPARE(jsonNumber("1E+2").value(), 100.0);
    QCOMPARE(jsonNumber("12345678901234567890").value(), 12345678901234567890.0);
    for (const char* text :
         {"", "1e9999", "nan", "inf", "Infinity", "-", "0x1p3", ".5", "1.", "\"1\"", "1 "}) {
        QVERIFY2(!jsonNumber(text), text);
    }
}

void JsonCursorTest::tellsKinds()
{
    QCOMPARE(jsonKindOf(" {"), JsonKind::Object);
    QCOMPARE(jsonKindOf("\n["), JsonKind::Array);
    QCOMPARE(jsonKindOf("\""), JsonKind::String);
    QCOMPARE(jsonKindOf("-1"), JsonKind::Number);
    QCOMPARE(jsonKindOf("9"), JsonKind::Number);
    QCOMPARE(jsonKindOf("null"), JsonKind::Null);
    QCOMPARE(jsonKindOf(""), JsonKind::Undecided);
    QCOMPARE(jsonKindOf("x"), JsonKind::Undecided);
}

QTEST_GUILESS_MAIN(JsonCursorTest)
#include "json_cursor_test.moc"
