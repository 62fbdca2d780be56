// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of the page Usage in words, bars and CSV.
#include <limits>

#include <QLocale>
#include <QTest>

#include "models/csv.h"
#include "models/request_filter.h"
#include "models/usage_bars.h"
#include "models/usage_text.h"

namespace ui {
namespace {

constexpr std::int64_t kHour = 3'600'000'000;
constexpr std::int64_t kDay = 24 * kHour;

QDateTime noon()
{
    return QDateTime(QDate(2026, 3, 31), QTime(12, 0));
}

std::int64_t microsAt(const QDate& day, int hour = 0)
{
    return QDateTime(day, QTime(hour, 0)).toMSecsSinceEpoch() * 1000;
}

UsageView viewOf(UsageRange range)
{
    UsageView view;
    view.range = range;
    view.by = "model";
    view.span = usageSpan(range, noon(), {});
    return view;
}

gateway::UsagePoint point(std::int64_t start, const std::string& name, std::int64_t nanos)
{
    gateway::UsagePoint made;
    made.start = start;
    made.name = name;
    made.requests = 3;
    made.failures = 1;
    made.inputTokens = 100;
    made.cacheReadTokens = 40;
    made.cacheWriteTokens = 10;
    made.outputTokens = 30;
    made.reasoningTokens = 12;
    made.costNanos = nanos;
    return made;
}

} // namespace

class UsageTextTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void aRangeIsComparedWithAsMuchBefore()
    {
        const UsageSpan day = usageSpan(UsageRange::LastDay, noon(), {});
        QCOMPARE(day.until - day.since, kDay);
        QCOMPARE(day.priorUntil, day.since);
        QCOMPARE(day.since - day.priorSince, kDay);
        QCOMPARE(day.bucketMicros, kHour);
        QCOMPARE(usageSpan(UsageRange::LastHour, noon(), {}).bucketMicros, kHour / 30);
        QCOMPARE(usageSpan(UsageRange::LastWeek, noon(), {}).bucketMicros, 6 * kHour);
        QCOMPARE(usageSpan(UsageRange::LastMonth, noon(), {}).bucketMicros, kDay);
    }

    void aMonthIsComparedWithTheOneBeforeAndNoMore()
    {
        const UsageSpan month = usageSpan(UsageRange::ThisMonth, noon(), {});
        QCOMPARE(month.since, microsAt(QDate(2026, 3, 1)));
        QCOMPARE(month.priorSince, microsAt(QDate(2026, 2, 1)));
        QCOMPARE(month.priorUntil, month.since); // February is over before its 31st.
        const UsageSpan early =
            usageSpan(UsageRange::ThisMonth, QDateTime(QDate(2026, 3, 2), QTime(12, 0)), {});
        QCOMPARE(early.priorUntil, microsAt(QDate(2026, 2, 2), 12) + 1'000'000); // The second counts.
    }

    void daysOfOnesOwnAreWholeAndMayBeInAnyOrder()
    {
        const UsageDays days{QDate(2026, 3, 10), QDate(2026, 3, 4)};
        const UsageSpan span = usageSpan(UsageRange::Custom, noon(), days);
        QCOMPARE(span.since, microsAt(QDate(2026, 3, 4)));
        QCOMPARE(span.until, microsAt(QDate(2026, 3, 11)));
        QCOMPARE(span.priorSince, microsAt(QDate(2026, 2, 25)));
        QCOMPARE(span.priorUntil, span.since);
        QCOMPARE(longName(UsageRange::Custom, days), QStringLiteral("Mar 4 to Mar 10"));
        QVERIFY(usageBucket(std::numeric_limits<std::int64_t>::max() / 64) >= 365 * kDay);
    }

    void theNarrowestRangeWithAMomentIsFound()
    {
        const std::int64_t now = noon().toMSecsSinceEpoch() * 1000;
        QVERIFY(usageRangeWith(now - kHour / 2, noon()) == UsageRange::LastHour);
        QVERIFY(usageRangeWith(now - 3 * kDay, noon()) == UsageRange::LastWeek);
        QVERIFY(usageRangeWith(now - 90 * kDay, noon()) == UsageRange::Custom);
    }

    void figuresAreNeverRoundedToWhatTheyAreNot()
    {
        QCOMPARE(okText(100'000, 1), QStringLiteral("99.9%"));
        QCOMPARE(okText(5, 0), QStringLiteral("100%"));
        QCOMPARE(okText(0, 0), QStringLiteral("—"));
        QCOMPARE(formatTokens(9'999), QStringLiteral("9,999"));
        QCOMPARE(formatTokens(48'210), QStringLiteral("48.2k"));
        QCOMPARE(formatTokens(999'499), QStringLiteral("999k"));
        QCOMPARE(formatTokens(999'500), QStringLiteral("1.00M"));
        QCOMPARE(formatTokens(1'230'000'000'000), QStringLiteral("1,230B"));
        QCOMPARE(perThousand(1, 3), std::optional<std::int64_t>(333));
        QVERIFY(!perThousand(1, 0));
        QCOMPARE(plainDollars(-1'000'000'001), QStringLiteral("-1.000000001"));
        QCOMPARE(plainDollars(1'500'000'000), QStringLiteral("1.50"));
        QCOMPARE(plainDollars(std::numeric_limits<std::int64_t>::min()),
                 QStringLiteral("-9223372036.854775808"));
    }

    void changesAreToldInWordsWhereNoShareWould()
    {
        QCOMPARE(changeText(0, 0), QString());
        QCOMPARE(changeText(5, 0), QStringLiteral("new"));
        QCOMPARE(changeText(0, 5), QStringLiteral("gone"));
        QCOMPARE(changeText(5, 5), QStringLiteral("same"));
        QCOMPARE(changeText(9, 8), QStringLiteral("↑ 12.5%"));
        QCOMPARE(changeText(1, 4), QStringLiteral("↓ 75.0%"));
        QCOMPARE(changeText(400, 4), QStringLiteral("↑ ×100"));
    }

    void tilesCompareOnlyWhereThatIsWanted()
    {
        UsageView view = viewOf(UsageRange::LastDay);
        view.total.requests = 200;
        view.total.failures = 10;
        view.total.costNanos = 3'000'000'000;
        view.priorTotal.requests = 100;
        view.priorTotal.failures = 10;
        view.priorTotal.costNanos = 2'000'000'000;
        QCOMPARE(usageSpendTile(view).value, QStringLiteral("$3.00"));
        QCOMPARE(usageSpendTile(view).change, QString());
        view.compared = true;
        const TileText spend = usageSpendTile(view);
        QCOMPARE(spend.change, QStringLiteral("50.0%"));
        QCOMPARE(spend.note, QStringLiteral("vs prior 24 h"));
        QVERIFY(spend.tone == TileText::Tone::Bad);
        const TileText success = usageSuccessTile(view);
        QCOMPARE(success.value, QStringLiteral("95.0%"));
        QVERIFY(success.tone == TileText::Tone::Good);
        QVERIFY(success.trend == TileText::Trend::Up);
        view.priorTotal = {};
        QCOMPARE(usageSpendTile(view).note, QStringLiteral("nothing to compare with"));
    }

    void theLineOfATileHasAPlaceForEachBucket()
    {
        UsageView view = viewOf(UsageRange::LastDay);
        const std::int64_t first = view.span.since - view.span.since % kHour;
        view.totals = {point(first, "", 1), point(first + kHour, "", 2), point(first + 24 * kHour, "", 3)};
        const TileText tile = usageSpendTile(view);
        QCOMPARE(tile.line.size(), std::size_t{25});
        QCOMPARE(tile.line[0], 1.0);
        QCOMPARE(tile.line[1], 2.0);
        QCOMPARE(tile.line[24], 3.0);
    }

    void howCostsAreKnownAddsUp()
    {
        UsageView view = viewOf(UsageRange::LastDay);
        gateway::UsageRow reported, computed, unknown;
        reported.name = "reported";
        reported.requests = 2;
        reported.costNanos = 750'000'000;
        computed.name = "computed";
        computed.requests = 6;
        computed.costNanos = 250'000'000;
        unknown.requests = 1;
        view.sources = {reported, computed, unknown};
        view.total = sumOf(view.sources);
        QCOMPARE(view.total.requests, 9U);
        const QStringList lines = sourceShares(view).split(QLatin1Char('\n'));
        QCOMPARE(lines.size(), 3);
        QVERIFY2(lines[0].contains(QLatin1String("$0.7500 (75.0%)")), qPrintable(lines[0]));
        QVERIFY(lines[1].contains(QLatin1String("(25.0%)")));
        QVERIFY(lines[2].startsWith(QLatin1String("No price known")));
    }

    void theEightDearestHaveBarsOfTheirOwn()
    {
        UsageView view = viewOf(UsageRange::LastDay);
        const std::int64_t start = view.span.until - view.span.until % kHour - 2 * kHour;
        for (int i = 0; i < 11; ++i) {
            view.points.push_back(point(start, "m" + std::to_string(i), (i + 1) * 1'000'000'000LL));
        }
        view.points.push_back(point(start, "free", 0));
        view.points.push_back(point(start - 500 * kDay, "old", 1)); // Outside of all bars.
        const UsageBars bars = usageSpendBars(view);
        QCOMPARE(bars.stacks.size(), std::size_t{9});
        QCOMPARE(bars.stacks[0].name, QStringLiteral("m10"));
        QCOMPARE(bars.stacks[8].name, QStringLiteral("Others"));
        QCOMPARE(bars.sumOf(bars.stacks[8]), 1.0 + 2.0 + 3.0);
        QCOMPARE(bars.highest(), 66.0);
        QVERIFY(barsCsv(bars).contains(QLatin1String(",11.00,10.00,")));
    }

    void whatIsNotToldApartIsAmongTheOthers()
    {
        UsageView view = viewOf(UsageRange::LastDay);
        const std::int64_t start = view.span.until - view.span.until % kHour - 2 * kHour;
        view.points = {point(start, "", 1'000'000'000LL), point(start, "", 5'000'000'000LL)};
        view.points[1].others = true; // The first one is a group of its own: it has no name.
        const UsageBars bars = usageSpendBars(view);
        QCOMPARE(bars.stacks.size(), std::size_t{2});
        QCOMPARE(bars.stacks[1].name, QStringLiteral("Others"));
        QCOMPARE(bars.sumOf(bars.stacks[0]), 1.0);
        QCOMPARE(bars.sumOf(bars.stacks[1]), 5.0);
    }

    void kindsOfTokensDoNotOverlap()
    {
        UsageView view = viewOf(UsageRange::LastDay);
        view.totals = {point(view.span.until - view.span.until % kHour, "", 5)};
        const UsageBars bars = usageTokenBars(view);
        QStringList parts;
        double sum = 0;
        for (const UsageStack& stack : bars.stacks) {
            parts.append(QStringLiteral("%1 %2").arg(stack.name).arg(bars.sumOf(stack)));
            sum += bars.sumOf(stack);
        }
        QCOMPARE(parts.join(QLatin1Char('|')),
                 QStringLiteral("Input, not cached 50|Cache read 40|Cache write 10|Output 18|Reasoning 12"));
        QCOMPARE(sum, 130.0);
        const UsageBars requests = usageRequestBars(view);
        QCOMPARE(requests.sumOf(requests.stacks[0]), 2.0);
        QCOMPARE(requests.sumOf(requests.stacks[1]), 1.0);
    }

    void hiddenPartsCountForNothing()
    {
        UsageView view = viewOf(UsageRange::LastDay);
        view.totals = {point(view.span.until - view.span.until % kHour, "", 5)};
        UsageBars bars = usageRequestBars(view);
        bars.stacks[0].hidden = true;
        QCOMPARE(bars.highest(), 1.0);
        QString text;
        for (std::size_t i = 0; i < bars.starts.size(); ++i) {
            text += barText(bars, i, noon());
        }
        QVERIFY(text.contains(QLatin1String("Failed 1")));
        QVERIFY(!text.contains(QLatin1String("OK")));
        QVERIFY(!bars.isEmpty());
    }

    void axesHaveOneUnitAndWholeRequests()
    {
        QCOMPARE(usageAxis(UsageUnit::Requests, 3).top, 4.0);
        QCOMPARE(usageAxis(UsageUnit::Requests, 5).top, 8.0);
        QCOMPARE(usageAxis(UsageUnit::Tokens, 1'500'000).suffix, QStringLiteral("M"));
        QCOMPARE(usageAxis(UsageUnit::Tokens, 1'500'000).top, 2.0);
        QCOMPARE(usageAxis(UsageUnit::Tokens, 48'000).suffix, QStringLiteral("k"));
        QCOMPARE(usageAxis(UsageUnit::Dollars, 0.3).prefix, QStringLiteral("$"));
    }

    void everyBarHasANameOrANeighbourThatHas()
    {
        for (const UsageRange range : {UsageRange::LastHour, UsageRange::LastDay, UsageRange::LastWeek,
                                       UsageRange::LastMonth, UsageRange::ThisMonth}) {
            const UsageBars bars = usageRequestBars(viewOf(range));
            const QStringList names = barNames(bars);
            QCOMPARE(names.size(), static_cast<qsizetype>(bars.starts.size()));
            QVERIFY(names.count(QString()) < names.size());
        }
    }

    void requestsOfARowCanBeFound()
    {
        const UsageSpan span = usageSpan(UsageRange::LastDay, noon(), {});
        const QString typed = rowFilter("client", "my tool", span);
        const auto filter = RequestFilter::parse(typed);
        QCOMPARE(filter.client, QStringLiteral("my tool"));
        gateway::LogQuery query;
        filter.fill(query);
        QCOMPARE(query.sinceMicros, span.since);
        QCOMPARE(query.untilMicros, span.until);
        QVERIFY(rowFilter("client", "", span).isEmpty());
        QVERIFY(rowFilter("client", "a\"b", span).isEmpty());
        QVERIFY(RequestFilter::parse(rowFilter("tag", "x", span)).text.isEmpty());
        for (const auto& [word, name] : usageGroups()) {
            QVERIFY2(RequestFilter::fieldNames().contains(word), qPrintable(word));
        }
    }

    void csvIsSafeToOpen()
    {
        QCOMPARE(csvLine({QStringLiteral("a,b"), QStringLiteral("say \"x\""), QStringLiteral("-5")}),
                 QStringLiteral("\"a,b\",\"say \"\"x\"\"\",-5\n"));
        QCOMPARE(csvLine({QStringLiteral("=1+1"), QStringLiteral("@x"), QString()}),
                 QStringLiteral("'=1+1,'@x,\n"));
    }
};

} // namespace ui

QTEST_GUILESS_MAIN(ui::UsageTextTest)
#include "usage_text_test.moc"
