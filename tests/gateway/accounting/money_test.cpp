// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits>

#include <QTest>

#include "base/money.h"

using gateway::Money;

namespace {

constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();

} // namespace

class MoneyTest : public QObject {
    Q_OBJECT

private slots:
    void parsesExactAmounts_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("nanos");
        QTest::newRow("zero") << QByteArray("0") << qint64(0);
        QTest::newRow("whole") << QByteArray("3") << qint64(3'000'000'000);
        QTest::newRow("decimals") << QByteArray("2.5") << qint64(2'500'000'000);
        QTest::newRow("trailing zeros") << QByteArray("2.5000000000000") << qint64(2'500'000'000);
        QTest::newRow("finest") << QByteArray("0.000000001") << qint64(1);
        QTest::newRow("negative") << QByteArray("-0.25") << qint64(-250'000'000);
        QTest::newRow("negative zero") << QByteArray("-0") << qint64(0);
        QTest::newRow("small exponent") << QByteArray("1.5e-7") << qint64(150);
        QTest::newRow("large exponent") << QByteArray("0.002E+3") << qint64(2'000'000'000);
        QTest::newRow("zero with a huge exponent") << QByteArray("0e999999999999") << qint64(0);
        QTest::newRow("largest") << QByteArray("9223372036.854775807") << qint64(kMost);
        QTest::newRow("smallest") << QByteArray("-9223372036.854775808") << qint64(kLeast);
    }

    void parsesExactAmounts()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, nanos);
        const auto money = Money::parse(std::string_view(text.data(), std::size_t(text.size())));
        QVERIFY(money);
        QCOMPARE(qint64(money->nanos()), nanos);
    }

    void refusesWhatIsNoAmount_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"",
                                 "-",
                                 "+1",
                                 ".5",
                                 "1.",
                                 "1,5",
                                 "01",
                                 "1e",
                                 "1e+",
                                 "0x10",
                                 " 1",
                                 "1 ",
                                 "1.2.3",
                                 "--1",
                                 "NaN",
                                 "Infinity",
                                 "1_000",
                                 "$2",
                                 "9223372036.854775808",
                                 "-9223372036.854775809",
                                 "1e10",
                                 "1e999999999999999999",
                                 "0.0000000001",
                                 "1e-10"})
            QTest::newRow(text) << QByteArray(text);
        QTest::newRow("with a zero byte") << QByteArray("1\0", 2);
        QTest::newRow("endless") << QByteArray(1'000'000, '9');
    }

    void refusesWhatIsNoAmount()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!Money::parse(std::string_view(text.data(), std::size_t(text.size()))));
    }

    void roundsReportedAmountsToTheNearestNano()
    {
        const auto nanos = [](std::string_view text) { return Money::parseRounded(text)->nanos(); };
        QCOMPARE(nanos("0.00012345600000000001"), std::int64_t(123'456));
        QCOMPARE(nanos("0.0000000004"), std::int64_t(0));
        QCOMPARE(nanos("0.0000000005"), std::int64_t(1));
        QCOMPARE(nanos("-0.0000000005"), std::int64_t(-1));
        QCOMPARE(nanos("0.99999999951"), std::int64_t(1'000'000'000));
        QCOMPARE(nanos("5e-10"), std::int64_t(1));
        QCOMPARE(nanos("9e-11"), std::int64_t(0));
        QCOMPARE(nanos("9e-300"), std::int64_t(0));
        QVERIFY(!Money::parseRounded("9223372036.8547758075"));
        QVERIFY(!Money::parseRounded("1e400"));
        QVERIFY(!Money::parseRounded("cheap"));
    }

    void printsPlainDecimals()
    {
        const auto printed = [](std::int64_t nanos) { return Money::fromNanos(nanos).toString(); };
        QCOMPARE(printed(0), std::string("0"));
        QCOMPARE(printed(2'500'000'000), std::string("2.5"));
        QCOMPARE(printed(10'000'000'000), std::string("10"));
        QCOMPARE(printed(1), std::string("0.000000001"));
        QCOMPARE(printed(-250'000'000), std::string("-0.25"));
        QCOMPARE(printed(kMost), std::string("9223372036.854775807"));
        QCOMPARE(printed(kLeast), std::string("-9223372036.854775808"));
    }

    void readsBackWhatItPrints()
    {
        for (const std::int64_t nanos : {kLeast, kLeast + 1, std::int64_t(-1), std::int64_t(0),
                                         std::int64_t(1'000'001), std::int64_t(999'999'999), kMost}) {
            const auto read = Money::parse(Money::fromNanos(nanos).toString());
            QVERIFY(read);
            QCOMPARE(read->nanos(), nanos);
        }
    }

    void staysAtTheEdgeInsteadOfOverflowing()
    {
        const Money most = Money::fromNanos(kMost);
        const Money least = Money::fromNanos(kLeast);
        const Money one = Money::fromNanos(1);
        QVERIFY(most + one == most);
        QVERIFY(least - one == least);
        QVERIFY(least + (least) == least);
        QVERIFY(most - least == most);
        QVERIFY(least - most == least);
        QVERIFY(Money{} - least == most);
    }

    void addsSubtractsAndCompares()
    {
        Money sum = Money::fromNanos(700);
        sum += Money::fromNanos(50);
        sum -= Money::fromNanos(1000);
        QCOMPARE(sum.nanos(), std::int64_t(-250));
        QVERIFY(sum < Money{});
        QVERIFY(Money::fromNanos(2) > Money::fromNanos(1));
    }
};

QTEST_GUILESS_MAIN(MoneyTest)
#include "money_test.moc"
