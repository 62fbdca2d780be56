// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFutureWatcher>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "models/dry_run_text.h"
#include "models/dry_runner.h"
#include "models/dry_source.h"
#include "models/header_lines.h"

namespace ui {
namespace {

gateway::DryRun found()
{
    gateway::DryRun run;
    run.dialect = "openai_chat";
    run.inputTokens = 12;
    gateway::DryStep step{"smart", "weighted", {}, 0.25};
    gateway::DryTarget target{"lab/qwen3", 1.5, {}};
    target.conditions.push_back({"hour", "$gte", "9", "7", false});
    target.conditions.push_back({"model", "$eq", "\"x\"", "", true});
    step.targets = {target, {"openai/gpt-4.1", {}, {}}};
    run.steps = {step};
    run.choices = {{"groq", "gpt-oss-20b", "circuit_open", 20'000, true},
                   {"openai", "gpt-4.1", {}, 1'250'000},
                   {"lab", "qwen3", "context_too_small"}};
    return run;
}

DryAnswer answerTo(const gateway::Config& config, const QString& body, const char* route)
{
    QTemporaryDir folder;
    QFutureWatcher<DryAnswer> watcher;
    QSignalSpy finished(&watcher, &QFutureWatcherBase::finished);
    watcher.setFuture(startDryRun({config, folder.path()}, {body, {route, {}}}));
    if (finished.isEmpty() && !finished.wait()) return {{}, QStringLiteral("no answer")};
    return watcher.result();
}

gateway::Config simple()
{
    gateway::Config config;
    gateway::RouteConfig& route = config.routes.emplace_back();
    route.id = gateway::RouteId("try");
    route.strategy = "conditional";
    for (const char* model : {"echo", "slow"}) {
        gateway::TargetConfig& target = route.targets.emplace_back();
        target.provider = gateway::ProviderId("sandbox");
        target.model = model;
    }
    route.targets[0].whenJson = "{\"tools\": true}";
    return config;
}

} // namespace

class DryRunTextTest : public QObject {
    Q_OBJECT

private slots:
    void guardrailsAndWhatIsAddedAreTold()
    {
        gateway::DryRun run = found();
        QVERIFY(!dryRunText(run).contains("Guardrails"));
        run.guardrails = {{"private", "pii", "mask", false, "it holds EMAIL (2)", false, false},
                          {"judge", "llm_judge", "block", true, {}, true, false}};
        run.choices.back().rewritesJson =
            R"([{"by":"coach","change":"text","role":"system","where":"before","text":"Be kind."}])";
        const QString text = dryRunText(run);
        QVERIFY2(text.contains("private · mask: it holds EMAIL (2)"), qPrintable(text));
        QVERIFY2(text.contains("judge · observes: asks elsewhere"), qPrintable(text));
        QVERIFY2(text.contains("    + system text before (coach): Be kind."), qPrintable(text));
    }

    void headersAreReadLineByLine()
    {
        const HeaderLines read = parseHeaderLines(
            QStringLiteral("User-Agent: my-agent/1.0 (a: b)\r\n\n  x-turnpike-tags:nightly\nx-empty:\n"));
        QCOMPARE(read.problem, QString());
        QCOMPARE(read.headers, (gateway::DryHeaders{{"User-Agent", "my-agent/1.0 (a: b)"},
                                                    {"x-turnpike-tags", "nightly"},
                                                    {"x-empty", ""}}));
        QVERIFY(parseHeaderLines({}).headers.empty());
    }

    void whatIsNoHeaderIsTold()
    {
        for (const char* line : {"nothing", ": value", "two words: x", "na\xc3\xafve: x", "a: b\x01"}) {
            const HeaderLines read = parseHeaderLines(QStringLiteral("a: b\n") + QString::fromUtf8(line));
            QCOMPARE(read.problem, QStringLiteral("Line 2 is no header. Write it as name: value."));
            QVERIFY(read.headers.empty());
        }
        QCOMPARE(parseHeaderLines(QStringLiteral("a: b\n").repeated(100)).headers.size(), std::size_t{100});
        QVERIFY(parseHeaderLines(QStringLiteral("a: b\n").repeated(101))
                    .problem.contains(QLatin1String("more than 100")));
    }

    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void everyStepIsSaid()
    {
        const QString text = dryRunText(found());
        for (const char* part :
             {"openai_chat", "Route smart: Weighted split, drawn 0.250", "1. lab/qwen3, score 1.5",
              "\xe2\x9c\x97 hour is at least 9: it is 7", "\xe2\x9c\x93 model is \"x\": there is none",
              "2. openai/gpt-4.1", "  1. groq/gpt-oss-20b · about $0.000020", "simulated to be down",
              "  2. openai/gpt-4.1 · about $0.0013", "3. lab/qwen3 · price not known",
              "→ openai/gpt-4.1 would answer, about $0.0013",
              "later: the request does not fit into its context, by estimate"}) {
            QVERIFY2(text.contains(QString::fromUtf8(part)), qPrintable(text));
        }
    }

    void whatHoldsAndWhatFailsDifferInKind()
    {
        QStringList held, failed;
        for (const DryLine& line : dryRunLines(found())) {
            if (line.kind == DryLine::Kind::Held) held.append(line.text);
            if (line.kind == DryLine::Kind::Failed) failed.append(line.text);
        }
        QCOMPARE(held.size(), 1);
        QCOMPARE(failed.size(), 2);
        QVERIFY(failed[0].contains(QLatin1String("hour")));
        QVERIFY(failed[1].contains(QLatin1String("down")));
        QVERIFY(dryRunText({}).contains(QLatin1String("Nobody")));
    }

    void aRunSaysWhereTheSampleWouldGo()
    {
        const DryAnswer answer = answerTo(simple(), drySamples(QStringLiteral("try")).front().body, "try");
        QCOMPARE(answer.problem, QString());
        QCOMPARE(answer.run.choices.size(), 2U);
        QCOMPARE(answer.run.choices[0].model, std::string("slow")); // The sample has no tools.
        QVERIFY(dryRunText(answer.run).contains(QLatin1String("tools is true: it is false")));
    }

    void everySampleCanBeRead()
    {
        std::vector<std::int64_t> tokens;
        for (const DrySample& sample : drySamples(QStringLiteral("org/a.name"))) {
            const DryAnswer answer = answerTo(simple(), sample.body, "try");
            QVERIFY2(answer.problem.isEmpty(), qPrintable(sample.name + answer.problem));
            QCOMPARE(answer.run.model, std::string("org/a.name"));
            tokens.push_back(answer.run.inputTokens);
            // Only the one with tools meets the condition.
            QCOMPARE(answer.run.choices[0].model == "echo", sample.body.contains(QLatin1String("\"tools\"")));
        }
        QCOMPARE(tokens.size(), std::size_t{5});
        QVERIFY(tokens[1] > 30'000 && tokens[0] < 100);
    }

    void aStandInIsAsLongAsTheRequestWas()
    {
        gateway::LogRow row;
        row.requestedModel = "try";
        row.inputTokens = 5000;
        row.stream = true;
        const DryBody standIn = bodyOf(row);
        QVERIFY(standIn.isStandIn);
        const DryAnswer answer = answerTo(simple(), QString::fromStdString(standIn.bytes), "try");
        QVERIFY2(answer.run.inputTokens > 4800 && answer.run.inputTokens < 5200,
                 qPrintable(QString::number(answer.run.inputTokens)));
        QVERIFY(standIn.bytes.find("\"stream\": true") != std::string::npos);
        row.requestBody = "{\"model\":\"x\",\"messages\":[{"; // cut
        QVERIFY(bodyOf(row).isStandIn);
        row.requestBody = "{\"model\":\"x\"}";
        QVERIFY(!bodyOf(row).isStandIn);
        QCOMPARE(bodyOf(row).bytes, row.requestBody);
    }

    void theLoggedFactsAreSeen()
    {
        gateway::Config config = simple();
        config.routes[0].targets[0].whenJson = "{\"key\": \"cursor\"}";
        gateway::LogRow row;
        row.key = "cursor";
        QTemporaryDir folder;
        const QString body = drySamples(QStringLiteral("try")).front().body;
        QFutureWatcher<DryAnswer> watcher;
        QSignalSpy finished(&watcher, &QFutureWatcherBase::finished);
        watcher.setFuture(startDryRun({config, folder.path()}, {body, {"try", {}}, row}));
        QVERIFY(!finished.isEmpty() || finished.wait());
        QCOMPARE(watcher.result().run.choices[0].model, std::string("echo"));
    }

    void aRequestThatCannotBeReadIsSaid()
    {
        QVERIFY(answerTo(simple(), QStringLiteral("{"), "try").problem.contains(QLatin1String("JSON")));
        QVERIFY(!answerTo(simple(), QStringLiteral("[]"), "try").problem.isEmpty());
    }
};

} // namespace ui

QTEST_GUILESS_MAIN(ui::DryRunTextTest)
#include "dry_run_text_test.moc"
