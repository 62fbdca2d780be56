// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/config_io.h"

#include "models/condition_draft.h"
#include "models/route_edit.h"

namespace ui {
namespace {

ConditionRow line(const char* field, const char* op, const char* value)
{
    return {QString::fromUtf8(field), QString::fromUtf8(op), QString::fromUtf8(value)};
}

// A route whose only target has this condition, as the engine sees it.
std::vector<RouteProblem> problemsOf(const std::string& json)
{
    gateway::RouteConfig route;
    route.id = gateway::RouteId("r");
    route.targets.emplace_back().provider = gateway::ProviderId("sandbox");
    route.targets[0].model = "echo";
    route.targets[0].whenJson = json;
    return routeProblems({}, route);
}

} // namespace

class ConditionDraftTest : public QObject {
    Q_OBJECT

private slots:
    void valuesMeanWhatTheyLookLike_data()
    {
        QTest::addColumn<QString>("op");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("json");
        QTest::newRow("text") << "$eq"
                              << "gpt-4.1"
                              << "{\"model\": \"gpt-4.1\"}";
        QTest::newRow("number") << "$gt"
                                << "4000"
                                << "{\"model\": {\"$gt\": 4000}}";
        QTest::newRow("fraction") << "$gt"
                                  << "0.9"
                                  << "{\"model\": {\"$gt\": 0.9}}";
        QTest::newRow("truth") << "$eq"
                               << "true"
                               << "{\"model\": true}";
        QTest::newRow("nothing") << "$ne"
                                 << "null"
                                 << "{\"model\": {\"$ne\": null}}";
        QTest::newRow("text of digits") << "$eq"
                                        << "\"5\""
                                        << "{\"model\": \"5\"}";
        QTest::newRow("empty text") << "$eq"
                                    << "\"\""
                                    << "{\"model\": \"\"}";
        QTest::newRow("list") << "$in"
                              << "a, 5, \"5\", \"b, c\""
                              << "{\"model\": {\"$in\": [\"a\",5,\"5\",\"b, c\"]}}";
        QTest::newRow("pattern") << "$regex"
                                 << "^\\d+$"
                                 << "{\"model\": {\"$regex\": \"^\\\\d+$\"}}";
        QTest::newRow("glob of digits") << "$glob"
                                        << "5"
                                        << "{\"model\": {\"$glob\": \"5\"}}";
    }
    void valuesMeanWhatTheyLookLike()
    {
        QFETCH(QString, op);
        QFETCH(QString, typed);
        QFETCH(QString, json);
        const ConditionDraft draft{false, {{QStringLiteral("model"), op, typed}}};
        QCOMPARE(QString::fromStdString(conditionJson(draft)), json);
        const auto again = conditionOf(json.toStdString());
        QVERIFY(again.has_value());
        QVERIFY(*again == draft);
        QVERIFY(problemsOf(json.toStdString()).empty());
    }

    void allLinesOfDifferentFieldsAreOneObject()
    {
        const ConditionDraft draft{false, {line("hour", "$gte", "9"), line("model", "$eq", "x")}};
        QCOMPARE(conditionJson(draft), std::string("{\"hour\": {\"$gte\": 9}, \"model\": \"x\"}"));
        QVERIFY(conditionOf(conditionJson(draft)) == draft);
    }

    void twoLinesOfOneFieldStayTwo()
    {
        const ConditionDraft draft{false, {line("hour", "$gte", "9"), line("hour", "$lt", "18")}};
        QCOMPARE(conditionJson(draft),
                 std::string("{\"$and\": [{\"hour\": {\"$gte\": 9}}, {\"hour\": {\"$lt\": 18}}]}"));
        QVERIFY(conditionOf(conditionJson(draft)) == draft);
        QVERIFY(conditionOf("{\"hour\": {\"$gte\": 9, \"$lt\": 18}}") == draft);
    }

    void anyOfSeveralIsAnOr()
    {
        const ConditionDraft draft{true,
                                   {line("metadata.plan", "$eq", "paid"), line("images", "$eq", "true")}};
        QCOMPARE(conditionJson(draft),
                 std::string("{\"$or\": [{\"metadata.plan\": \"paid\"}, {\"images\": true}]}"));
        QVERIFY(conditionOf(conditionJson(draft)) == draft);
        QVERIFY(problemsOf(conditionJson(draft)).empty());
    }

    void noLinesAreNoCondition()
    {
        QCOMPARE(conditionJson({}), std::string());
        QVERIFY(conditionOf("") == ConditionDraft{});
        QVERIFY(conditionOf("{}") == ConditionDraft{});
    }

    void whatLinesCannotShowIsLeftToTheText()
    {
        for (const char* json :
             {"{\"$not\": {\"model\": \"x\"}}", "{\"$or\": [{\"hour\": 1, \"model\": \"x\"}]}",
              "{\"$and\": [{\"$or\": [{\"hour\": 1}]}]}", "{\"$or\": []}", "{\"model\": [1]}",
              "{\"model\": {\"$not\": {\"$eq\": 1}}}", "{\"model\": {}}",
              "{\"model\": ", "{\"$or\": [{\"model\": 1}], \"hour\": 2}", "[1]"}) {
            QVERIFY2(!conditionOf(json).has_value(), json);
        }
    }

    void everyFieldAndOperatorOnOfferIsAcceptedByTheEngine()
    {
        for (const QString& field : conditionFields()) {
            const QString whole = field.endsWith(QLatin1Char('.')) ? field + QStringLiteral("x") : field;
            for (const QString& op : conditionOperators()) {
                const std::string json = conditionJson({false, {{whole, op, QStringLiteral("1")}}});
                QVERIFY2(problemsOf(json).empty(), json.c_str());
                QVERIFY(operatorText(op) != op);
                QVERIFY(!valueExample(field, op).isEmpty());
            }
        }
        QVERIFY(!problemsOf("{\"nobody\": 1}").empty());
    }
};

} // namespace ui

QTEST_GUILESS_MAIN(ui::ConditionDraftTest)
#include "condition_draft_test.moc"
