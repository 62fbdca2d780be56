// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdint>
#include <string>

#include <QTest>

#include "base/utf8.h"
#include "dialect/placed_text.h"

using namespace gateway;
using namespace gateway::dialect;

class PlacedTextTest : public QObject {
    Q_OBJECT

private slots:
    void findsPlacesInBytesAndCodePoints();
    void beginsAnew();
};

void PlacedTextTest::findsPlacesInBytesAndCodePoints()
{
    PlacedText text;
    QCOMPARE(text.codePointAt(5), 0);
    QCOMPARE(text.byteAt(5), 0);
    std::string all;
    for (int i = 0; i < 700; ++i) {
        const std::string next = i % 3 == 0 ? "\u20ac" : (i % 3 == 1 ? "a" : "\U0001f600");
        text.append(next);
        QCOMPARE(text.byteAt(i), std::int64_t(all.size()));
        all += next;
        QCOMPARE(text.length(), i + 1);
    }
    for (const std::int64_t at : {0, 1, 255, 256, 257, 511, 512, 699}) {
        const std::int64_t byte = text.byteAt(at);
        QCOMPARE(std::int64_t(utf8Length(all.substr(0, std::size_t(byte)))), at);
        QCOMPARE(text.codePointAt(byte), at);
    }
    const auto end = std::int64_t(all.size());
    QCOMPARE(text.byteAt(700), end);
    QCOMPARE(text.byteAt(-1), end);
    QCOMPARE(text.byteAt(INT64_MAX), end);
    QCOMPARE(text.codePointAt(end), 700);
    QCOMPARE(text.codePointAt(INT64_MIN), 700);
}

void PlacedTextTest::beginsAnew()
{
    PlacedText text;
    text.append("\u20ac\u20ac");
    QCOMPARE(text.length(), 2);
    text.clear();
    QCOMPARE(text.length(), 0);
    text.append("ab");
    QCOMPARE(text.byteAt(1), 1);
}

QTEST_APPLESS_MAIN(PlacedTextTest)
#include "placed_text_test.moc"
