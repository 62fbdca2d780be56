// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QFutureWatcher>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "models/dry_runner.h"
#include "models/replay_table_model.h"

namespace ui {
namespace {

gateway::ProviderConfig provider(const char* id, const char* price)
{
    gateway::ProviderConfig made;
    made.id = gateway::ProviderId(id);
    made.kind = "openai";
    gateway::ModelConfig& model = made.models.emplace_back();
    model.name = "m";
    if (*price != '\0') model.price = gateway::PriceOverride{price, price, {}, {}};
    return made;
}

/// Requests with tools go to `cheap`, all others to `dear`; `free` has no price that is known.
gateway::Config draft(const char* first = "cheap")
{
    gateway::Config config;
    config.providers = {provider("cheap", "1"), provider("dear", "10"), provider("unpriced", "")};
    gateway::RouteConfig& route = config.routes.emplace_back();
    route.id = gateway::RouteId("r");
    route.strategy = "conditional";
    for (const char* id : {first, "dear"}) {
        gateway::TargetConfig& target = route.targets.emplace_back();
        target.provider = gateway::ProviderId(id);
        target.model = "m";
    }
    route.targets[0].whenJson = "{\"tools\": true}";
    return config;
}

gateway::LogRow row(const char* provider, bool tools)
{
    gateway::LogRow made;
    made.id.value = 1;
    made.route = made.requestedModel = "r";
    made.provider = provider;
    made.model = "m";
    made.status = 200;
    made.inputTokens = 1000;
    made.outputTokens = 1000;
    made.costNanos = 20'000'000;
    if (tools)
        made.requestBody =
            "{\"model\":\"r\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"tools\":[{"
            "\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}]}";
    return made;
}

Replay replayed(const gateway::Config& config, const std::vector<gateway::LogRow>& rows,
                const std::vector<gateway::DrySimulation>& simulate = {})
{
    const QTemporaryDir folder;
    return replay(config, folder.path(), rows, {"r", simulate});
}

} // namespace

class RouteReplayTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void whatMovesIsCountedAndReckoned()
    {
        const Replay found = replayed(draft(), {row("dear", true), row("dear", true), row("dear", false)});
        QCOMPARE(found.requests, 3);
        QCOMPARE(found.moved, 2);
        QCOMPARE(found.standIns, 1);
        QCOMPARE(found.pairs.size(), std::size_t{2});
        const ReplayPair moved{
            QStringLiteral("dear/m"), QStringLiteral("cheap/m"), 2, 2, 40'000'000, 4'000'000};
        QVERIFY(found.pairs[0] == moved);
        // What stays counts with what it cost.
        const ReplayPair stays{
            QStringLiteral("dear/m"), QStringLiteral("dear/m"), 1, 1, 20'000'000, 20'000'000};
        QVERIFY(found.pairs[1] == stays);
        QCOMPARE(found.realNanos, std::int64_t{60'000'000});
        QCOMPARE(found.estimatedNanos, std::int64_t{24'000'000});
        QCOMPARE(replayHeadline(found),
                 QStringLiteral("2 of the last 3 answered request(s) would go elsewhere."));
        QCOMPARE(replayCost(found),
                 QStringLiteral("They cost $0.0600 and would cost about $0.0240: $0.0360 less."));
        QVERIFY(replayNotes(found).contains(QLatin1String("1 request(s) the body was not kept")));
    }

    void whatHadNoAnswerOrNoPriceIsNotInTheSums()
    {
        gateway::LogRow failed = row("dear", true);
        failed.status = 503;
        failed.errorCode = "upstream_overloaded";
        const Replay found = replayed(draft("unpriced"), {failed, row("dear", true), row("dear", false)});
        QCOMPARE(found.failed, 1);
        QCOMPARE(found.unpriced, 1);
        QCOMPARE(found.realNanos, std::int64_t{20'000'000});
        QCOMPARE(found.estimatedNanos, std::int64_t{20'000'000});
        QCOMPARE(found.moved, 1); // What had no answer went nowhere.
        const QString notes = replayNotes(found);
        QVERIFY(notes.contains(QLatin1String("had no answer")));
        QVERIFY(notes.contains(QLatin1String("no price is known")));
    }

    void whatIsSimulatedHoldsForAll()
    {
        using Kind = gateway::DrySimulation::Kind;
        const Replay found = replayed(draft(), {row("cheap", true)}, {{"cheap", Kind::Down}});
        QCOMPARE(found.pairs[0].to, QStringLiteral("dear/m"));
        QVERIFY(replayNotes(found).contains(QLatin1String("but for what is simulated")));
        const Replay none =
            replayed(draft(), {row("cheap", true)}, {{"cheap", Kind::Down}, {"dear", Kind::Down}});
        QVERIFY(none.pairs[0].to.isEmpty());
        QVERIFY(!replayed(draft(), {}, {{"nobody", Kind::Down}}).problem.isEmpty());
    }

    void anEmptyLogIsSaid()
    {
        const Replay none = replayed(draft(), {});
        QVERIFY(replayHeadline(none).contains(QLatin1String("No request")));
        QVERIFY(replayCost(none).isEmpty() && replayNotes(none).isEmpty());
        const Replay same = replayed(draft(), {row("dear", false)});
        QVERIFY(
            replayHeadline(same).startsWith(QLatin1String("All of the last 1 answered request(s) would")));
        QVERIFY(replayCost(same).endsWith(QLatin1String("the same.")));
        gateway::LogRow failed = row("dear", false);
        failed.status = 503;
        const Replay lost = replayed(draft(), {failed});
        QVERIFY(replayHeadline(lost).startsWith(QLatin1String("None of the last")));
        QVERIFY(replayCost(lost).isEmpty());
    }

    void theTableShowsEachPair()
    {
        ReplayTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setReplay(replayed(draft(), {row("dear", true), row("dear", false)}));
        QCOMPARE(model.rowCount(), 2);
        const auto text = [&model](int line, int column) {
            return model.index(line, column).data().toString();
        };
        QCOMPARE(text(0, ReplayTableModel::To), QStringLiteral("cheap/m"));
        QCOMPARE(text(0, ReplayTableModel::Difference), QStringLiteral("−$0.0180"));
        QCOMPARE(text(1, ReplayTableModel::To), QStringLiteral("stays"));
        model.setReplay({});
        QCOMPARE(model.rowCount(), 0);
    }

    void fiveHundredReportTheirProgressAndCanBeEnded()
    {
        std::vector<gateway::LogRow> rows(500, row("dear", true));
        for (gateway::LogRow& each : rows) {
            if (&each - rows.data() > 250) each.requestBody.clear(); // Half of them are stand-ins.
            each.inputTokens = 20'000;
        }
        const QTemporaryDir folder;
        QFutureWatcher<Replay> watcher;
        QSignalSpy finished(&watcher, &QFutureWatcherBase::finished);
        QSignalSpy progress(&watcher, &QFutureWatcherBase::progressValueChanged);
        watcher.setFuture(startReplay({draft(), folder.path()}, rows, {"r", {}}));
        QVERIFY(!finished.isEmpty() || finished.wait(60'000));
        QCOMPARE(watcher.result().requests, 500);
        QVERIFY(!progress.isEmpty());
        QFuture<Replay> ended = startReplay({draft(), folder.path()}, rows, {"r", {}});
        ended.cancel();
        ended.waitForFinished();
        QCOMPARE(ended.resultCount(), 0);
    }
};

} // namespace ui

QTEST_GUILESS_MAIN(ui::RouteReplayTest)
#include "route_replay_test.moc"
