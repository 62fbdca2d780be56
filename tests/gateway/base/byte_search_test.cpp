// SPDX-License-Identifier: GPL-3.0-or-later
#include <random>
#include <string>

#include <QTest>

#include "base/byte_search.h"

using namespace gateway;

class ByteSearchTest : public QObject {
    Q_OBJECT

private slots:
    void findsAWordInQuotationMarksWherever()
    {
        for (std::size_t before = 0; before < 40; ++before) {
            for (std::size_t after = 0; after < 40; ++after) {
                const std::string text = std::string(before, '"') + "\"image\"" + std::string(after, 'i');
                QVERIFY(holdsQuoted(text, "image"));
                QVERIFY(!holdsQuoted(text, "imag"));
                QVERIFY(!holdsQuoted(std::string_view(text).substr(0, before + 6), "image"));
            }
        }
        QVERIFY(!holdsQuoted({}, "image"));
        QVERIFY(!holdsQuoted("\"\"", ""));
    }

    void findsControlBytes()
    {
        for (int byte = 0; byte < 256; ++byte) {
            const bool control = (byte < 0x20 && byte != '\t') || byte == 0x7F;
            for (const std::size_t place : {0u, 5u, 15u, 16u, 31u, 40u}) {
                std::string text(45, 'x');
                text[place] = static_cast<char>(byte);
                const char* const end = text.data() + text.size();
                QCOMPARE(findControl(text.data(), end), control ? text.data() + place : end);
            }
        }
    }

    void agreesWithAPlainSearch()
    {
        std::mt19937 random(7);
        std::uniform_int_distribution<int> letter(0, 2);
        for (int i = 0; i < 5000; ++i) {
            std::string text;
            for (int n = i % 60; n > 0; --n)
                text += "\"ab"[letter(random)];
            QCOMPARE(holdsQuoted(text, "ab"), text.find("\"ab\"") != std::string::npos);
            const auto found = text.find("ab");
            const char* const end = text.data() + text.size();
            QCOMPARE(findPair(text.data(), end, 'a', 'b'),
                     found == std::string::npos ? end : text.data() + found);
        }
    }
};

QTEST_APPLESS_MAIN(ByteSearchTest)
#include "byte_search_test.moc"
