// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits>

#include <QTest>

#include "engine/reconciliation.h"

using namespace gateway;

namespace {

accounting::ReportedUse reported(const char* model, std::int64_t input)
{
    accounting::ReportedUse use;
    use.day = "2026-11-27";
    use.model = model;
    use.input = input;
    return use;
}

log_store::DayUse logged(const char* model, std::int64_t input)
{
    log_store::DayUse use;
    use.day = "2026-11-27";
    use.model = model;
    use.inputTokens = input;
    return use;
}

} // namespace

class ReconciliationTest : public QObject {
    Q_OBJECT

private slots:
    void addsUpVersionsOfAModel()
    {
        accounting::ProviderReport report;
        report.use = {reported("gpt-4.1", 3), reported("gpt-4.1-2025-04-14", 4)};
        const auto rows = engine::compared(report, {logged("gpt-4.1", 5)});
        QCOMPARE(rows.size(), std::size_t{1});
        QCOMPARE(rows[0].theirs, 7);
        QCOMPARE(rows[0].ours, 5);
    }

    void staysWithinTheRangeWhateverAFileSays()
    {
        constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
        accounting::ProviderReport report;
        report.use = {reported("m", kMost), reported("m-20260101", kMost), reported("n", -kMost),
                      reported("n-20260101", -kMost)};
        const auto rows = engine::compared(report, {logged("m", -kMost), logged("n", kMost)});
        QCOMPARE(rows.size(), std::size_t{2});
        QCOMPARE(rows[0].theirs, kMost / 2);
        QCOMPARE(rows[1].theirs, -(kMost / 2));
        // So that the difference is a number, too.
        QCOMPARE(rows[0].theirs - rows[0].ours, kMost - 1);
        QCOMPARE(rows[1].theirs - rows[1].ours, -(kMost - 1));
    }
};

QTEST_GUILESS_MAIN(ReconciliationTest)
#include "reconciliation_test.moc"
