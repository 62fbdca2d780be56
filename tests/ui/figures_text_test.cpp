// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "charts/chart_card.h"
#include "models/chart_series.h"
#include "models/format.h"
#include "models/home_model.h"
#include "models/time_ticks.h"
#include "widgets/column_fit.h"

namespace ui {

class FiguresTextTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void moneyAlwaysHasItsCurrencyAndItsDigits()
    {
        QCOMPARE(formatMoney(0), QStringLiteral("$0.00"));
        QCOMPARE(formatMoney(18'420'000'000), QStringLiteral("$18.42"));
        QCOMPARE(formatMoney(1'234'567'000'000), QStringLiteral("$1,234.57"));
        QCOMPARE(formatMoney(32'600'000), QStringLiteral("$0.0326"));
        QCOMPARE(formatMoney(126'000), QStringLiteral("$0.00013"));
        QCOMPARE(formatMoney(1), QStringLiteral("$0.000000001"));
        QCOMPARE(formatMoney(-2'500'000'000), QStringLiteral("-$2.50"));
    }

    void durationsChangeTheirUnit()
    {
        QCOMPARE(formatDuration(0), QStringLiteral("0 ms"));
        QCOMPARE(formatDuration(72), QStringLiteral("72 µs"));
        QCOMPARE(formatDuration(400), QStringLiteral("0.4 ms"));
        QCOMPARE(formatDuration(812'000), QStringLiteral("812 ms"));
        QCOMPARE(formatDuration(1'240'000), QStringLiteral("1.24 s"));
        QCOMPARE(formatDuration(125'000'000), QStringLiteral("2 min 5 s"));
    }

    void sharesOfNothingAreNothing()
    {
        QCOMPARE(formatShare(0, 0), QStringLiteral("0%"));
        QCOMPARE(formatShare(42, 10'000), QStringLiteral("0.42%"));
    }

    void moreSpendIsBadAndMoreRequestsAreGood()
    {
        gateway::Figures figures;
        figures.requests = 110;
        figures.previousRequests = 100;
        figures.spendNanos = 2'000'000'000;
        figures.previousSpendNanos = 1'000'000'000;
        QCOMPARE(requestsTile(figures).tone, TileText::Tone::Good);
        QCOMPARE(requestsTile(figures).change, QStringLiteral("10.0%"));
        QCOMPARE(spendTile(figures).tone, TileText::Tone::Bad);
        QCOMPARE(spendTile(figures).trend, TileText::Trend::Up);
    }

    void withoutAPastThereIsNoComparison()
    {
        gateway::Figures figures;
        figures.requests = 3;
        QVERIFY(requestsTile(figures).change.isEmpty());
        QCOMPARE(latencyTile(figures).value, QStringLiteral("—"));
        QCOMPARE(errorTile(figures).value, QStringLiteral("0%"));
    }

    void axesEndAtRoundNumbers()
    {
        QCOMPARE(roundedUp(0), 1.0);
        QCOMPARE(roundedUp(1530), 2000.0);
        QCOMPARE(roundedUp(0.031), 0.04);
        QCOMPARE(roundedUp(5), 5.0);
        QCOMPARE(axisDecimals(2000), 0);
        QCOMPARE(axisDecimals(5), 2);
        QCOMPARE(axisDecimals(0.04), 2);
    }

    void ticksStandAtRoundTimesAndDiffer_data()
    {
        QTest::addColumn<QDateTime>("until");
        QTest::addColumn<int>("seconds");
        QTest::addColumn<QStringList>("labels");
        const QDateTime evening(QDate(2026, 11, 25), QTime(17, 37, 12));
        QTest::newRow("hour") << evening << 3600
                              << QStringList{"16:40", "16:50", "17:00", "17:10", "17:20", "17:30"};
        QTest::newRow("day") << evening << 86'400
                             << QStringList{"20:00", "00:00", "04:00", "08:00", "12:00", "16:00"};
        QTest::newRow("week") << evening << 7 * 86'400 << QStringList{"Thu 19", "Fri 20", "Sat 21", "Sun 22",
                                                                      "Mon 23", "Tue 24", "Wed 25"};
        QTest::newRow("nothing") << evening << 0 << QStringList{};
    }

    void ticksStandAtRoundTimesAndDiffer()
    {
        QFETCH(QDateTime, until);
        QFETCH(int, seconds);
        QFETCH(QStringList, labels);
        const std::int64_t end = until.toMSecsSinceEpoch() * 1000;
        const auto ticks = timeTicks(end - seconds * 1'000'000LL, end, 7);
        QStringList found;
        for (const TimeTick& tick : ticks) {
            found.append(tick.label);
            QVERIFY(tick.micros <= end && tick.micros >= end - seconds * 1'000'000LL);
        }
        QCOMPARE(found, labels);
    }

    void twoDaysOfTheSameHourHaveTwoNames()
    {
        const std::int64_t end = QDateTime(QDate(2026, 11, 25), QTime(12, 0)).toMSecsSinceEpoch() * 1000;
        const auto ticks = timeTicks(end - 86'400'000'000LL, end, 3);
        QCOMPARE(ticks.size(), 3U);
        QVERIFY(ticks.front().label != ticks.back().label);
    }

    void daysAreNamedAsTheLocaleHasThem()
    {
        QCOMPARE(formatDay(QDate(2026, 11, 5)), QStringLiteral("Nov 5"));
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        QCOMPARE(formatDay(QDate(2026, 11, 5)), QStringLiteral("5 Nov"));
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    }

    void columnsFillTheRoomAndOnlyTheWidestGiveWay()
    {
        QCOMPARE(fittedWidths({50, 100, 60}, 300), (std::vector<int>{80, 130, 90}));
        QCOMPARE(fittedWidths({50, 100, 60}, 310), (std::vector<int>{83, 133, 94}));
        QCOMPARE(fittedWidths({60, 300, 80}, 300), (std::vector<int>{60, 160, 80}));
        QCOMPARE(fittedWidths({200, 200}, 300), (std::vector<int>{150, 150}));
        QVERIFY(fittedWidths({}, 300).empty());
    }

    void bucketsWithoutRequestsHaveNoPoint()
    {
        gateway::Figures figures;
        figures.buckets = {{1'000'000, 3, 0, 200'000, 900'000}, {2'000'000, 0, 0, 0, 0}};
        const LatencyLines lines = latencyLines(figures);
        QCOMPARE(lines.p95.size(), 1);
        QCOMPARE(lines.p95.front(), QPointF(1000, 900));
        QCOMPARE(lines.top, 1000.0);
    }

    void barsHoldWhatWasSpentAndTheSmallSpendersTogether()
    {
        constexpr std::int64_t kHour = 3'600'000'000;
        gateway::Figures figures;
        figures.query = {0, 6 * kHour, kHour, 0};
        for (int provider = 0; provider < 8; ++provider) {
            figures.spend.push_back(
                {kHour, "p" + std::to_string(provider), (8 - provider) * 1'000'000'000LL});
        }
        const SpendBars bars = spendBars(figures, 3 * kHour);
        QCOMPARE(bars.starts, (std::vector<std::int64_t>{0, 3 * kHour}));
        QCOMPARE(bars.stacks.size(), 5U);
        QCOMPARE(bars.stacks.front().provider, QStringLiteral("p0"));
        QVERIFY(bars.stacks.back().provider.isEmpty());
        QCOMPARE(bars.stacks.back().dollars.front(), 4.0 + 3 + 2 + 1);
        QCOMPARE(bars.top, 40.0);
    }
};

} // namespace ui

QTEST_MAIN(ui::FiguresTextTest)
#include "figures_text_test.moc"
