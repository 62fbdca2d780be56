// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits>

#include <QTest>

#include "gateway/log_store/log_fixture.h"

#include "log_store/row_codec.h"

using namespace gateway;
using namespace gateway::log_store;

class RowCodecTest : public QObject {
    Q_OBJECT

private slots:
    void keepsEveryField()
    {
        std::string bytes;
        encodeRow(fullRow(1), bytes);
        const auto row = decodeRow(bytes);
        QVERIFY(row);
        QCOMPARE(described(*row), described(fullRow(1)));
    }

    void keepsExtremeNumbers()
    {
        LogRow row = plainRow(1);
        row.id.value = std::numeric_limits<std::int64_t>::max();
        row.costNanos = std::numeric_limits<std::int64_t>::min();
        row.savedNanos = -1;
        std::string bytes;
        encodeRow(row, bytes);
        const auto decoded = decodeRow(bytes);
        QVERIFY(decoded);
        QCOMPARE(described(*decoded), described(row));
    }

    void isQuietWhenCutAtEveryByte()
    {
        std::string bytes;
        encodeRow(fullRow(1), bytes);
        int whole = 0;
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const auto row = decodeRow(std::string_view(bytes).substr(0, size));
            if (row) ++whole;
            if (row) QCOMPARE(row->id.value, fullRow(1).id.value);
        }
        // A cut between two fields gives a shorter row: the journal's sum is what tells it from a whole one.
        QVERIFY(whole > 0 && whole < static_cast<int>(bytes.size()));
    }

    void isQuietWithAnyByteChanged()
    {
        std::string bytes;
        encodeRow(fullRow(1), bytes);
        LogRow row;
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            for (const int value : {0x00, 0x7F, 0x80, 0xFF}) {
                std::string changed = bytes;
                changed[at] = static_cast<char>(value);
                if (!decodeRowInto(changed, row)) continue;
                std::string again;
                encodeRow(row, again);
                const auto twice = decodeRow(again);
                QVERIFY(twice);
                QCOMPARE(described(*twice), described(row));
            }
        }
    }

    void skipsFieldsItDoesNotKnow()
    {
        std::string bytes;
        encodeRow(plainRow(1), bytes);
        bytes += std::string("\xF0\x05", 2) + std::string("\xF3\x03"
                                                          "abc",
                                                          5);
        const auto row = decodeRow(bytes);
        QVERIFY(row);
        QCOMPARE(described(*row), described(plainRow(1)));
    }

    void refusesWhatIsNoRow()
    {
        QVERIFY(!decodeRow(""));
        QVERIFY(!decodeRow(std::string_view("\x02", 1)));
        QVERIFY(!decodeRow("\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
        QVERIFY(!decodeRow("\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f"));
        LogRow withoutId = plainRow(1);
        withoutId.id.value = 0;
        std::string bytes;
        encodeRow(withoutId, bytes);
        QVERIFY(!decodeRow(bytes));
    }

    void doesNotGrowSmallRecordsIntoLargeRows()
    {
        LogRow row = plainRow(1);
        row.attempts.resize(10'000);
        row.tags.resize(10'000);
        row.dropped.resize(10'000);
        std::string bytes;
        encodeRow(row, bytes);
        const auto decoded = decodeRow(bytes);
        QVERIFY(decoded);
        QCOMPARE(decoded->attempts.size(), kMaxAttempts);
        QCOMPARE(decoded->tags.size(), kMaxListItems);
        QCOMPARE(decoded->dropped.size(), kMaxListItems);
        for (std::size_t i = 0; i < 10'000; ++i)
            bytes += std::string("\x1B\x00", 2); // an empty attempt
        QVERIFY(!decodeRow(bytes));
    }

    void leavesNothingOfTheRowBefore()
    {
        std::string full, plain;
        encodeRow(fullRow(1), full);
        encodeRow(plainRow(2), plain);
        LogRow row;
        QVERIFY(decodeRowInto(full, row));
        QVERIFY(decodeRowInto(plain, row));
        QCOMPARE(described(row), described(plainRow(2)));
    }
};

QTEST_GUILESS_MAIN(RowCodecTest)
#include "row_codec_test.moc"
