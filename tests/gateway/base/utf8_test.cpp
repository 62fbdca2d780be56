// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "base/utf8.h"

using namespace gateway;

class Utf8Test : public QObject {
    Q_OBJECT

private slots:
    void acceptsEveryCodePoint();
    void refusesEveryCutSequence();
    void refusesMalformedBytesAnywhere();
    void replacesWhatIsNoCodePoint();
    void countsCodePoints();
};

void Utf8Test::acceptsEveryCodePoint()
{
    for (char32_t point = 0; point < 0x110000; ++point) {
        if (point >= 0xD800 && point <= 0xDFFF) continue;
        std::string text;
        appendUtf8(text, point);
        QCOMPARE(utf8Sequence(text.data(), text.data() + text.size()), text.size());
        QCOMPARE(decodeUtf8(text.data(), text.size()), point);
    }
}

void Utf8Test::refusesEveryCutSequence()
{
    for (const char32_t point : {U'\u00e9', U'\u20ac', U'\U0001F600'}) {
        std::string text;
        appendUtf8(text, point);
        while (text.size() > 1) {
            text.pop_back();
            QVERIFY(!isUtf8(text));
            QVERIFY(!isUtf8(text + "a"));
        }
    }
}

void Utf8Test::refusesMalformedBytesAnywhere()
{
    for (const char* bad : {"\x80", "\xC0\xAF", "\xC1\x81", "\xE0\x9F\xBF", "\xED\xA0\x80",
                            "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
        for (size_t before = 0; before < 40; ++before) {
            QVERIFY(isUtf8(std::string(before, 'x') + "\xC3\xA9" + "tail"));
            QVERIFY(!isUtf8(std::string(before, 'x') + bad + "tail"));
            QVERIFY(!isUtf8(std::string(before, 'x') + "\xC3\xA9" + bad));
        }
    }
    QVERIFY(isUtf8({}));
}

void Utf8Test::replacesWhatIsNoCodePoint()
{
    for (const char32_t point : {char32_t{0xD800}, char32_t{0xDFFF}, char32_t{0x110000}}) {
        std::string text;
        appendUtf8(text, point);
        QCOMPARE(text, std::string("\xEF\xBF\xBD"));
    }
}

void Utf8Test::countsCodePoints()
{
    QCOMPARE(utf8Length(""), size_t(0));
    QCOMPARE(utf8Length("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"), size_t(4));
}

QTEST_GUILESS_MAIN(Utf8Test)
#include "utf8_test.moc"
