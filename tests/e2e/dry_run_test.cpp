// SPDX-License-Identifier: GPL-3.0-or-later
// `turnpiked dry-run` as a user or a script sees it.
#include <memory>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "support/processes.h"

using namespace support;

namespace {

QJsonObject target(const QString& provider)
{
    return {{"provider", provider}, {"model", "m"}};
}

QJsonObject routeTest(const QString& name, const QJsonObject& expect, const QJsonArray& down = {})
{
    QJsonObject test{
        {"name", name},
        {"request", QJsonObject{{"model", "x"},
                                {"max_tokens", 100},
                                {"messages", QJsonArray{QJsonObject{{"role", "user"}, {"content", "hi"}}}}}},
        {"expect", expect}};
    if (!down.isEmpty()) test["down"] = down;
    return test;
}

} // namespace

class DryRunTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<GatewayProcess> m_gateway;
    QString m_file;

    struct Answer {
        int exitCode = -1;
        QByteArray out;
        [[nodiscard]] QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
    };
    [[nodiscard]] Answer run(const QStringList& arguments)
    {
        Answer answer;
        answer.out = m_gateway->run(QStringList{QStringLiteral("dry-run")} + arguments, &answer.exitCode);
        return answer;
    }
    void setTests(const QJsonArray& tests, const QJsonArray& others = {})
    {
        const auto provider = [](double price) {
            const QJsonObject model{{"price", QJsonObject{{"input", price}, {"output", price}}}};
            return QJsonObject{{"kind", "openai"}, {"models", QJsonObject{{"m", model}}}};
        };
        const QJsonObject r{{"targets", QJsonArray{target("a"), target("b"), target("sandbox")}},
                            {"tests", tests}};
        const QJsonObject other{{"targets", QJsonArray{target("b")}}, {"tests", others}};
        m_gateway->configure({{"providers", QJsonObject{{"a", provider(1)}, {"b", provider(2)}}},
                              {"routes", QJsonObject{{"r", r}, {"other", other}}}});
        QVERIFY(m_gateway->writeConfig());
    }

private slots:
    void init()
    {
        m_gateway = std::make_unique<GatewayProcess>();
        m_file = m_gateway->folder() + QStringLiteral("/body.json");
        QFile file(m_file);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"model": "r", "max_tokens": 1000, "messages": [{"role": "user", "content": "hi"}]})");
        setTests({});
    }

    void everyTargetHasItsCost()
    {
        const Answer plain = run({m_file});
        QCOMPARE(plain.exitCode, 0);
        QVERIFY2(plain.out.contains("1. a/m, about $0.0005"), plain.out);
        QVERIFY2(plain.out.contains("3. sandbox/m, about $0.00"), plain.out);
        QVERIFY2(plain.out.contains("a/m would answer"), plain.out);
        const QJsonObject json = run({m_file, "--json"}).json();
        QCOMPARE(json["answers"].toString(), QString("a/m"));
        const double cost = json["targets"][0].toObject()["cost_usd"].toDouble();
        QVERIFY2(cost > 0.0005 && cost < 0.0006, QByteArray::number(cost));
        QCOMPARE(json["targets"][1].toObject()["cost_usd"].toDouble(), 2 * cost);
    }

    void guardrailsAndAddedTextsAreTold()
    {
        m_gateway->configure(
            {{"guardrails",
              QJsonObject{{"tidy", QJsonObject{{"check", "words"},
                                               {"action", "flag"},
                                               {"scope", QJsonObject()},
                                               {"params", QJsonObject{{"words", QJsonArray{"hi"}}}}}}}},
             {"presets", QJsonObject{{"coach", QJsonObject{{"model", "r"}, {"system", "Be kind."}}}}}});
        QVERIFY(m_gateway->writeConfig());
        const Answer plain = run({m_file, "--route", "preset/coach"});
        QVERIFY2(plain.out.contains("guardrail `tidy` (words, flag"), plain.out);
        QVERIFY2(plain.out.contains("`preset/coach` adds system text before: Be kind."), plain.out);
        const QJsonObject json = run({m_file, "--route", "preset/coach", "--json"}).json();
        QCOMPARE(json["guardrails"][0].toObject()["guardrail"].toString(), QString("tidy"));
        QCOMPARE(json["targets"][0].toObject()["rewrites"][0].toObject()["text"].toString(),
                 QString("Be kind."));
        const QJsonObject bare = run({m_file, "--json"}).json();
        QVERIFY(bare["targets"][0].toObject()["rewrites"].toArray().isEmpty());
    }

    void whatIsSimulatedMovesTargets()
    {
        const Answer plain = run({m_file, "--down", "a", "--down=b/m"});
        QCOMPARE(plain.exitCode, 0);
        QVERIFY2(plain.out.contains("1. sandbox/m"), plain.out);
        QVERIFY2(plain.out.contains("fails (comes later: circuit_open)"), plain.out);
        const QJsonObject json = run({m_file, "--limited", "a", "--json"}).json();
        QCOMPARE(json["answers"].toString(), QString("b/m"));
        const QJsonObject last = json["targets"][2].toObject();
        QCOMPARE(last["setback"].toString(), QString("keys_aside"));
        QCOMPARE(last["fails"].toBool(true), false);
        QCOMPARE(run({m_file, "--slow", "a", "--json"}).json()["answers"].toString(), QString("a/m"));
        const QJsonObject none =
            run({m_file, "--down", "a", "--down", "b", "--down", "sandbox", "--json"}).json();
        QVERIFY(none["answers"].isNull());
    }

    void headersAndMetadataDecide()
    {
        const auto when = [](const char* provider, const char* field, const char* value) {
            QJsonObject made = target(provider);
            made["when"] = QJsonObject{{field, value}};
            return made;
        };
        QJsonObject routes = m_gateway->configuration()["routes"].toObject();
        routes["r"] =
            QJsonObject{{"strategy", "conditional"},
                        {"targets", QJsonArray{when("a", "headers.x-team", "red"),
                                               when("b", "metadata.plan", "paid"), target("sandbox")}},
                        {"fallbacks", QJsonObject{{"rate_limit", "other"}, {"timeout", "b/m"}}}};
        m_gateway->configure({{"routes", routes}});
        QVERIFY(m_gateway->writeConfig());
        const auto answers = [this](const QStringList& more) {
            return run(QStringList{m_file, "--json"} + more).json()["answers"].toString();
        };
        QCOMPARE(answers({}), QString("sandbox/m"));
        QCOMPARE(answers({"--header", "X-Team: red"}), QString("a/m"));
        QCOMPARE(answers({"--metadata", "{\"plan\":\"paid\"}"}), QString("b/m"));
        QCOMPARE(answers({"--header", "cf-aig-metadata: {\"plan\":\"paid\"}"}), QString("b/m"));
        QCOMPARE(answers({"--header", "x-turnpike-route: other", "--header", "x-team: red"}), QString("b/m"));
        QCOMPARE(answers({"--header", "x-portkey-config: {\"provider\":\"@b\",\"override_params\":"
                                      "{\"model\":\"n\"}}"}),
                 QString("b/n"));
        QCOMPARE(run({m_file, "--header", "x-turnpike-data-policy: local"}).exitCode, 0); // the sandbox
        QCOMPARE(run({m_file, "--header", "x-turnpike-data-policy: nonsense"}).exitCode, 2);

        const QJsonArray fallbacks = run({m_file, "--json"}).json()["fallbacks"].toArray();
        QCOMPARE(fallbacks.size(), 2);
        const QJsonObject first = fallbacks[0].toObject();
        QCOMPARE(first["kind"].toString(), QString("rate_limit"));
        QCOMPARE(first["goal"].toString(), QString("other"));
        QCOMPARE(first["targets"][0].toObject()["provider"].toString(), QString("b"));
        const Answer local = run({m_file, "--header", "x-turnpike-data-policy: local"});
        QVERIFY2(local.out.contains("where a target of `r` fails with timeout: b/m\n  nobody: No target"),
                 local.out);
    }

    void mistakesExitWithTwo()
    {
        QCOMPARE(run({m_file, "--header", "no colon"}).exitCode, 2);
        QCOMPARE(run({m_file, "--metadata", "[]"}).exitCode, 2);
        QCOMPARE(run({"--tests", "--header", "a: b"}).exitCode, 2);
        const Answer unknown = run({m_file, "--down", "aa", "--json"});
        QCOMPARE(unknown.exitCode, 2);
        QVERIFY2(unknown.out.contains("Did you mean"), unknown.out);
        QCOMPARE(run({}).exitCode, 2);
        QCOMPARE(run({m_file, "--tests"}).exitCode, 2);
        QCOMPARE(run({"--tests", "--down", "a"}).exitCode, 2);
        QCOMPARE(run({"--tests", "--route", "nobody"}).exitCode, 2);
        QCOMPARE(run({m_file, "--route", "r", "--route", "r"}).exitCode, 2);
    }

    void testsThatHoldExitWithZero()
    {
        QCOMPARE(run({"--tests"}).out, QByteArray("There are no tests.\n"));
        setTests({routeTest("first", {{"target", "a/m"}, {"max_cost_usd", 0.01}}),
                  routeTest("without a", {{"target", "b"}, {"not", QJsonArray{"sandbox"}}}, {"a"})},
                 {routeTest("o", {{"target", "b"}})});
        const Answer all = run({"--tests"});
        QCOMPARE(all.exitCode, 0);
        QVERIFY2(all.out.contains("PASS r / first: a/m, about $0.0001"), all.out);
        QVERIFY2(all.out.contains("PASS r / without a: b/m"), all.out);
        QCOMPARE(all.out.count('\n'), 3);
        QCOMPARE(run({"--tests", "--route", "other"}).out.count('\n'), 1);
        QCOMPARE(run({"--tests", "--json"}).json()["passed"].toInt(), 3);
    }

    void aTestThatFailsSaysWhyAndExitsWithOne()
    {
        setTests({routeTest("first", {{"target", "b/m"}}), routeTest("second", {{"target", "a"}})});
        const Answer all = run({"--tests"});
        QCOMPARE(all.exitCode, 1);
        QVERIFY2(all.out.contains("FAIL r / first: `a/m` would answer instead of `b/m`."), all.out);
        QVERIFY2(all.out.contains("PASS r / second"), all.out);
        const Answer json = run({"--tests", "--json"});
        QCOMPARE(json.exitCode, 1);
        QCOMPARE(json.json()["failed"].toInt(), 1);
        QVERIFY(!json.json()["tests"][0].toObject()["passed"].toBool(true));
        QCOMPARE(run({"--tests", "--route", "other"}).exitCode, 0);
    }
};

QTEST_GUILESS_MAIN(DryRunTest)
#include "dry_run_test.moc"
