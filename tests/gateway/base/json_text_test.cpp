// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>

#include <QtTest/QtTest>

#include "base/json_scan.h"
#include "base/json_text.h"
#include "base/utf8.h"

using namespace gateway;

namespace {
std::string asJson(std::string_view text)
{
    std::string out;
    appendJsonString(out, text);
    return out;
}
} // namespace

class JsonTextTest : public QObject {
    Q_OBJECT

private slots:
    void writesPureAscii();
    void replacesInvalidBytes();
    void readsBackWhatItWrote();
    void decodesEscapes();
    void refusesWhatIsNoString();
    void writesCompactJson();
    void writesNumbersThatReadBack();
};

void JsonTextTest::writesPureAscii()
{
    QCOMPARE(asJson(""), std::string("\"\""));
    // moc stumbles over an escaped quote in a raw string inside a macro.
    const std::string special = R"("a\"b\\c/")";
    QCOMPARE(asJson("a\"b\\c/"), special);
    QCOMPARE(asJson("\n\r\t\b\f"), std::string(R"("\n\r\t\u0008\u000c")"));
    QCOMPARE(asJson(std::string_view("\0\x1f\x7f", 3)), std::string("\"\\u0000\\u001f\x7f\""));
    QCOMPARE(asJson("\xC3\xA9\xE2\x82\xAC"), std::string(R"("\u00e9\u20ac")"));
    QCOMPARE(asJson("\xF0\x9F\x98\x80"), std::string(R"("\ud83d\ude00")"));
    QCOMPARE(asJson("\xF4\x8F\xBF\xBF"), std::string(R"("\udbff\udfff")"));
}

void JsonTextTest::replacesInvalidBytes()
{
    QCOMPARE(asJson("a\xFFz"), std::string(R"("a\ufffdz")"));
    QCOMPARE(asJson("\xE2\x82"), std::string(R"("\ufffd\ufffd")"));
    QCOMPARE(asJson("\xED\xA0\x80"), std::string(R"("\ufffd\ufffd\ufffd")"));
    QCOMPARE(asJson("\xC3\xA9\xC3"), std::string(R"("\u00e9\ufffd")"));
}

void JsonTextTest::readsBackWhatItWrote()
{
    std::string all;
    for (char32_t point = 0; point < 0x110000; point += point < 0x900 ? 1 : 0x35) {
        if (point < 0xD800 || point > 0xDFFF) {
            appendUtf8(all, point);
        }
    }
    const std::string text = asJson(all);
    JsonDocument document;
    QVERIFY(!scanJson(text, document));
    QVERIFY(std::all_of(text.begin(), text.end(), [](char byte) { return byte >= ' ' && byte <= 0x7F; }));
    QVERIFY(decodeJsonString(text) == all);
}

void JsonTextTest::decodesEscapes()
{
    // moc stumbles over an escaped quote in a raw string inside a macro.
    const std::string letters = R"("\"\\\/\b\f\n\r\t")";
    QCOMPARE(decodeJsonString(letters).value(), std::string("\"\\/\b\f\n\r\t"));
    QCOMPARE(decodeJsonString(R"("\u00E9\u20aC\uD83d\uDe00")").value(),
             std::string("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"));
    QCOMPARE(decodeJsonString(R"("a\u0000b")").value(), std::string("a\0b", 3));
    QCOMPARE(unescapeJson("m\\u006fdel").value(), std::string("model"));
    QCOMPARE(decodeJsonString("\"\xC3\xA9\"").value(), std::string("\xC3\xA9"));
}

void JsonTextTest::refusesWhatIsNoString()
{
    for (const char* text : {"",
                             "\"",
                             "a",
                             "\"a",
                             "a\"",
                             "1",
                             "\"\\\"",
                             "\"\\x\"",
                             "\"\\u12\"",
                             "\"\\u12g4\"",
                             "\"\\ud83d\"",
                             "\"\\ude00\"",
                             "\"\\ud83d\\u0041\"",
                             "\"\\ud83d\\\"",
                             "\"a\nb\"",
                             "\"a\"b\"",
                             "\"\xFF\"",
                             "\"\xC3\"",
                             "\"\\u-123\"",
                             "\"\\u+123\""}) {
        QVERIFY2(!decodeJsonString(text), text);
    }
}

void JsonTextTest::writesCompactJson()
{
    std::string out = "data: ";
    JsonWriter writer(out);
    writer.beginObject()
        .key("a")
        .beginArray()
        .integer(-1)
        .boolean(true)
        .null()
        .string("x")
        .beginArray()
        .endArray();
    writer.beginObject().endObject().endArray().key("b\n").raw("{\"r\":1}").key("c").boolean(false);
    writer.key("d").beginObject().key("e").number(0.5).endObject().endObject();
    QCOMPARE(out,
             std::string(R"(data: {"a":[-1,true,null,"x",[],{}],"b\n":{"r":1},"c":false,"d":{"e":0.5}})"));
}

void JsonTextTest::writesNumbersThatReadBack()
{
    for (const double value : {0.0, -0.0, 0.1, 1e300, 5e-324, 1.7976931348623157e308, 1e21, 123456789.125}) {
        std::string out;
        JsonWriter(out).number(value);
        JsonDocument document;
        QVERIFY2(!scanJson(out, document), out.c_str());
        // Subnormal numbers are below what from_chars() takes for granted.
        if (value == 0 || std::isnormal(value)) QVERIFY(jsonNumber(out) == value);
    }
    std::string out;
    JsonWriter(out)
        .beginArray()
        .number(std::nan(""))
        .number(std::numeric_limits<double>::infinity())
        .endArray();
    QCOMPARE(out, std::string("[null,null]"));
    out.clear();
    JsonWriter(out).beginArray().integer(INT64_MIN).integer(INT64_MAX).endArray();
    QCOMPARE(out, std::string("[-9223372036854775808,9223372036854775807]"));
}

QTEST_GUILESS_MAIN(JsonTextTest)
#include "json_text_test.moc"
