// SPDX-License-Identifier: GPL-3.0-or-later
// What a text is about, by its meaning. How often it is right on foreign sentences stands in
// help/guardrails.md; they are read where TURNPIKE_SAMPLES leads.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "gateway/guardrails.h"

#include "guardrail/check_kind.h"
#include "meaning/own_embedder.h"

using namespace gateway;
using namespace gateway::guardrail;

namespace {

std::unique_ptr<Check> checkOf(const QByteArray& parameters)
{
    auto made = makeCheck(*findCheckKind("topics"), parameters.toStdString());
    return made ? std::move(made.value()) : nullptr;
}

Result<Opinion> opinionOn(const Check& check, const std::string& text)
{
    Subject subject;
    subject.stage = Stage::Request;
    subject.text = text;
    const auto inquiry = check.inquiry(subject);
    if (!inquiry) return Opinion();
    return check.ponder(inquiry->body, meaning::ownEmbedder());
}

const QByteArray kMoney = R"(["How should I invest my savings?", "Which shares should I buy?",
                              "Is this fund a good investment?"])";
const QByteArray kCooking = R"(["How do I cook this?", "Give me a recipe for dinner."])";

} // namespace

class TopicsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(meaning::ownEmbedder().hasModel()); }

    void tells_data()
    {
        QTest::addColumn<QByteArray>("parameters");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("alarm");
        const QByteArray deny = R"({"deny": )" + kMoney + "}";
        const QByteArray allow = R"({"threshold": 40, "allow": )" + kCooking + "}";
        const QByteArray both = R"({"deny": )" + kMoney + R"(, "threshold": 40, "allow": )" + kCooking + "}";
        QTest::newRow("denied") << deny << "Which stocks should I invest my money in?" << true;
        QTest::newRow("something else") << deny << "Why does my loop never end?" << false;
        QTest::newRow("denied at the end of a long text")
            << deny
            << QString("The ship left the harbour in the fog. ").repeated(60) +
                   "Which shares should I buy now?"
            << true;
        QTest::newRow("allowed") << allow << "What is a good recipe for dinner tonight?" << false;
        QTest::newRow("none of what is allowed") << allow << "Which shares should I buy?" << true;
        QTest::newRow("both: allowed") << both << "Give me a recipe for soup." << false;
        QTest::newRow("both: denied") << both << "Is this a good fund to invest in?" << true;
        QTest::newRow("both: neither") << both << "Translate this poem into Latin verse." << true;
        QTest::newRow("nothing said") << allow << " \n " << false;
    }

    void tells()
    {
        QFETCH(QByteArray, parameters);
        QFETCH(QString, text);
        QFETCH(bool, alarm);
        const auto check = checkOf(parameters);
        QVERIFY(check);
        const auto opinion = opinionOn(*check, text.toStdString());
        QVERIFY(opinion);
        QVERIFY2(opinion->alarm == alarm, opinion->reason.c_str());
        if (alarm) QVERIFY(opinion->reason.find(text.left(20).toStdString()) == std::string::npos);
    }

    void cannotTellOtherLanguages()
    {
        const auto check = checkOf(R"({"deny": )" + kMoney + "}");
        QVERIFY(!opinionOn(*check,
                           "Ich möchte gerne wissen, wie man am besten Geld für das Alter anlegt, und zwar "
                           "möglichst ohne großes Risiko einzugehen."));
    }

    void refusesParameters_data()
    {
        QTest::addColumn<QByteArray>("parameters");
        QTest::newRow("none") << QByteArray("{}");
        QTest::newRow("empty example") << QByteArray(R"({"deny": ["  "]})");
        QTest::newRow("threshold") << QByteArray(R"({"deny": ["x"], "threshold": 100})");
        QByteArrayList many;
        for (int i = 0; i < 201; ++i)
            many.append("\"x\"");
        QTest::newRow("too many") << R"({"allow": [)" + many.join(',') + "]}";
    }

    void refusesParameters()
    {
        QFETCH(QByteArray, parameters);
        QVERIFY(!checkOf(parameters));
    }

    void isTriedInTheWindow()
    {
        GuardrailConfig rule;
        rule.id = GuardrailId("money");
        rule.check = "topics";
        rule.action = "block";
        rule.mode = "enforce";
        rule.on = {"request"};
        rule.paramsJson = (R"({"deny": )" + kMoney + "}").toStdString();
        const auto trial = tryGuardrails({rule}, "Which stocks should I invest my money in?", false);
        QCOMPARE(trial.status, 400);
        QVERIFY(trial.verdicts.front().reason.find("about what it should not") != std::string::npos);
        QCOMPARE(tryGuardrails({rule}, "Why does my loop never end?", false).status, 200);
    }

    void findsMostOfForeignSentences()
    {
        QFile file(qEnvironmentVariable("TURNPIKE_SAMPLES") + "/intents_clinc150.jsonl");
        if (!file.open(QIODevice::ReadOnly))
            QSKIP("TURNPIKE_SAMPLES does not lead to the sentences of CLINC150.");
        std::map<QString, std::vector<std::string>> byIntent;
        while (!file.atEnd()) {
            const QJsonObject row = QJsonDocument::fromJson(file.readLine()).object();
            auto& texts = byIntent[row["label"].toString()];
            if (texts.size() < 15) texts.push_back(row["text"].toString().toStdString());
        }
        int found = 0, wanted = 0, wrong = 0, others = 0;
        for (const char* topic : {"transfer", "recipe", "weather"}) {
            QStringList examples;
            for (int i = 0; i < 5; ++i)
                examples.append(
                    QJsonDocument(QJsonArray{QString::fromStdString(byIntent[topic][std::size_t(i)])})
                        .toJson(QJsonDocument::Compact)
                        .chopped(1)
                        .mid(1));
            const auto check = checkOf(R"({"deny": [)" + examples.join(',').toUtf8() + "]}");
            QVERIFY(check);
            for (const auto& [label, texts] : byIntent) {
                for (std::size_t i = 5; i < texts.size(); i += label == topic ? 1 : 10) {
                    const bool alarm = opinionOn(*check, texts[i]).value().alarm;
                    (label == topic ? wanted : others) += 1;
                    (label == topic ? found : wrong) += alarm ? 1 : 0;
                }
            }
        }
        qInfo("%d of %d, and %d of %d others", found, wanted, wrong, others);
        QVERIFY(found >= wanted * 70 / 100);
        QVERIFY(wrong <= others * 4 / 100);
    }
};

QTEST_APPLESS_MAIN(TopicsTest)
#include "topics_test.moc"
