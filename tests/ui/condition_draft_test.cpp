// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include <QRandomGenerator>
#include <QTest>

#include "gateway/config_io.h"

#include "models/condition_draft.h"
#include "models/condition_tree.h"
#include "models/route_edit.h"

namespace ui {
namespace {

using Kind = ConditionDraft::Kind;

ConditionDraft line(const char* field, const char* op, const char* value)
{
    return ConditionDraft::line({QString::fromUtf8(field), QString::fromUtf8(op), QString::fromUtf8(value)});
}

ConditionDraft all(std::vector<ConditionDraft> parts)
{
    return ConditionDraft::group(Kind::All, std::move(parts));
}

ConditionDraft any(std::vector<ConditionDraft> parts)
{
    return ConditionDraft::group(Kind::Any, std::move(parts));
}

ConditionDraft none(std::vector<ConditionDraft> parts)
{
    return ConditionDraft::group(Kind::None, std::move(parts));
}

/// Any condition that can be built, groups in it down to where no further one fits.
ConditionDraft randomGroup(QRandomGenerator& random, int depth)
{
    ConditionDraft group{
        static_cast<Kind>(random.bounded(static_cast<int>(Kind::All), static_cast<int>(Kind::Line)))};
    const int count = random.bounded(1, 4);
    for (int i = 0; i < count; ++i) {
        if (depth < kDeepestGroup && random.bounded(3) == 0) {
            group.parts.push_back(randomGroup(random, depth + 1));
            continue;
        }
        const QStringList values{QStringLiteral("5"), QStringLiteral("x: \\\"y"), QStringLiteral("true"),
                                 QStringLiteral("\"7\""), QStringLiteral("1.5")};
        QString field = conditionFields()[random.bounded(static_cast<int>(conditionFields().size()))];
        if (field.endsWith(QLatin1Char('.'))) field += QStringLiteral("a\"b:c");
        // Those that take any value; the others have their rows above.
        const QStringList ops{QStringLiteral("$eq"), QStringLiteral("$ne"), QStringLiteral("$contains"),
                              QStringLiteral("$glob"), QStringLiteral("$in")};
        group.parts.push_back(
            ConditionDraft::line({field, ops[random.bounded(static_cast<int>(ops.size()))],
                                  values[random.bounded(static_cast<int>(values.size()))]}));
    }
    return group;
}

QString whyUnshown(const char* json)
{
    QString why;
    return conditionOf(json, &why) ? QString() : why;
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
        const ConditionDraft draft = all({ConditionDraft::line({QStringLiteral("model"), op, typed})});
        QCOMPARE(QString::fromStdString(conditionJson(draft)), json);
        const auto again = conditionOf(json.toStdString());
        QVERIFY(again.has_value());
        QVERIFY(*again == draft);
        QVERIFY(problemsOf(json.toStdString()).empty());
    }

    void allLinesOfDifferentFieldsAreOneObject()
    {
        const ConditionDraft draft = all({line("hour", "$gte", "9"), line("model", "$eq", "x")});
        QCOMPARE(conditionJson(draft), std::string("{\"hour\": {\"$gte\": 9}, \"model\": \"x\"}"));
        QVERIFY(conditionOf(conditionJson(draft)) == draft);
    }

    void twoLinesOfOneFieldStayTwo()
    {
        const ConditionDraft draft = all({line("hour", "$gte", "9"), line("hour", "$lt", "18")});
        QCOMPARE(conditionJson(draft),
                 std::string("{\"$and\": [{\"hour\": {\"$gte\": 9}}, {\"hour\": {\"$lt\": 18}}]}"));
        QVERIFY(conditionOf(conditionJson(draft)) == draft);
        QVERIFY(conditionOf("{\"hour\": {\"$gte\": 9, \"$lt\": 18}}") == draft);
    }

    void anyOfSeveralIsAnOr()
    {
        const ConditionDraft draft =
            any({line("metadata.plan", "$eq", "paid"), line("images", "$eq", "true")});
        QCOMPARE(conditionJson(draft),
                 std::string("{\"$or\": [{\"metadata.plan\": \"paid\"}, {\"images\": true}]}"));
        QVERIFY(conditionOf(conditionJson(draft)) == draft);
        QVERIFY(problemsOf(conditionJson(draft)).empty());
    }

    void noLinesAreNoCondition()
    {
        QCOMPARE(conditionJson({}), std::string());
        QString why = QStringLiteral("of the one before");
        QVERIFY(conditionOf("", &why) == ConditionDraft{});
        QVERIFY(why.isEmpty());
        QVERIFY(conditionOf("{}") == ConditionDraft{});
    }

    void oneLineIsThePlainComparison()
    {
        QCOMPARE(conditionJson(any({line("images", "$eq", "true")})), std::string("{\"images\": true}"));
        QVERIFY(conditionOf("{\"images\": true}") == all({line("images", "$eq", "true")}));
        QCOMPARE(conditionJson(none({line("images", "$eq", "true")})),
                 std::string("{\"$not\": {\"images\": true}}"));
    }

    void groupsAreWrittenAsTheyAreNested()
    {
        const ConditionDraft draft = all(
            {line("tools", "$eq", "true"),
             any({line("hour", "$lt", "9"), none({line("key", "$eq", "a"), line("client", "$eq", "b")})})});
        const std::string json = "{\"$and\": [{\"tools\": true}, {\"$or\": [{\"hour\": {\"$lt\": 9}}, "
                                 "{\"$not\": {\"$or\": [{\"key\": \"a\"}, {\"client\": \"b\"}]}}]}]}";
        QCOMPARE(conditionJson(draft), json);
        QVERIFY(conditionOf(json) == draft);
        QVERIFY(problemsOf(json).empty());
    }

    void groupsOfOnePartStayGroups()
    {
        const ConditionDraft a = line("hour", "$eq", "1"), b = line("hour", "$eq", "2");
        for (const ConditionDraft& draft :
             {all({all({a})}), all({any({a})}), any({all({a})}), any({any({a, b})}), none({any({a})}),
              none({all({a})}), none({none({a})}), none({any({a, b})}), none({any({a}), b}),
              all({none({a})})}) {
            const std::string json = conditionJson(draft);
            QVERIFY2(conditionOf(json) == draft, json.c_str());
            QVERIFY2(problemsOf(json).empty(), json.c_str());
        }
    }

    void foreignShapesBecomeGroups_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("again");
        QTest::newRow("not beneath a field") << "{\"model\": {\"$not\": {\"$glob\": \"a*\"}}}"
                                             << "{\"$not\": {\"model\": {\"$glob\": \"a*\"}}}";
        QTest::newRow("not of two operators")
            << "{\"hour\": {\"$not\": {\"$gte\": 9, \"$lt\": 18}}}"
            << "{\"$not\": {\"$and\": [{\"hour\": {\"$gte\": 9}}, {\"hour\": {\"$lt\": 18}}]}}";
        QTest::newRow("or beside a field") << "{\"$or\": [{\"hour\": 1}, {\"hour\": 2}], \"key\": \"a\"}"
                                           << "{\"$and\": [{\"$or\": [{\"hour\": 1}, {\"hour\": 2}]}, "
                                              "{\"key\": \"a\"}]}";
        QTest::newRow("two fields in an or") << "{\"$or\":[{\"hour\":1,\"key\":\"a\"},{\"hour\":2}]}"
                                             << "{\"$or\": [{\"hour\": 1, \"key\": \"a\"}, {\"hour\": 2}]}";
        QTest::newRow("operators of one field") << "{\"$or\": [{\"hour\": {\"$gte\": 9, \"$lt\": 18}}]}"
                                                << "{\"$or\": [{\"$and\": [{\"hour\": {\"$gte\": 9}}, "
                                                   "{\"hour\": {\"$lt\": 18}}]}]}";
        QTest::newRow("not of two fields") << "{\"$not\": {\"hour\": 1, \"key\": \"a\"}}"
                                           << "{\"$not\": {\"hour\": 1, \"key\": \"a\"}}";
        QTest::newRow("not twice") << "{\"$not\": {\"$not\": {\"hour\": 1}}}"
                                   << "{\"$not\": {\"$not\": {\"hour\": 1}}}";
    }
    void foreignShapesBecomeGroups()
    {
        QFETCH(QString, json);
        QFETCH(QString, again);
        QString why;
        const auto draft = conditionOf(json.toStdString(), &why);
        QVERIFY2(draft.has_value(), qPrintable(why));
        QCOMPARE(QString::fromStdString(conditionJson(*draft)), again);
        QVERIFY(problemsOf(json.toStdString()).empty());
        QVERIFY(problemsOf(again.toStdString()).empty());
    }

    void randomConditionsComeBackAsTheyWere()
    {
        QRandomGenerator random(7);
        int shown = 0;
        for (int i = 0; i < 3000; ++i) {
            const ConditionDraft draft = randomGroup(random, 0);
            const std::string json = conditionJson(draft);
            if (lineCount(draft) > kMostConditionLines) continue;
            ConditionDraft wanted = draft;
            const bool single = wanted.parts.size() == 1 && !wanted.parts[0].isGroup();
            if (single && wanted.kind == Kind::Any) wanted.kind = Kind::All;
            QString why;
            const auto read = conditionOf(json, &why);
            QVERIFY2(read.has_value(), (json + why.toStdString()).c_str());
            QVERIFY2(*read == wanted, json.c_str());
            QCOMPARE(conditionJson(*read), json);
            if (i % 20 == 0) QVERIFY2(problemsOf(json).empty(), json.c_str());
            ++shown;
        }
        QVERIFY(shown > 2000);
    }

    void whatABuilderCannotShowIsLeftToTheText_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("why");
        QTest::newRow("empty or") << "{\"$or\": []}"
                                  << "$or needs a list";
        QTest::newRow("list as a value") << "{\"model\": [1]}"
                                         << "what model is compared with by $eq";
        QTest::newRow("no operator") << "{\"model\": {}}"
                                     << "model is compared with nothing";
        QTest::newRow("foreign operator") << "{\"hour\": {\"$above\": 9}}"
                                          << "by $above";
        QTest::newRow("foreign joint") << "{\"$nor\": [{\"hour\": 1}]}"
                                       << "$nor does not join";
        QTest::newRow("cut off") << "{\"model\": "
                                 << "not valid JSON";
        QTest::newRow("a list") << "[1]"
                                << "has to be an object";
        QTest::newRow("no object in a list") << "{\"$and\": [1]}"
                                             << "has to be an object";
        QTest::newRow("always, in a list") << "{\"$or\": [{}, {\"hour\": 1}]}"
                                           << "empty condition";
        QTest::newRow("a name twice") << "{\"hour\": 1, \"hour\": 2}"
                                      << "stands twice";
        QTest::newRow("an operator twice") << "{\"hour\": {\"$gt\": 1, \"$gt\": 2}}"
                                           << "stands twice";
        const int most = kMostConditionLines;
        QTest::newRow("too many") << "{\"model\": {\"$in\": [1]}, \"$or\": [{\"hour\": 1}" +
                                         QStringLiteral(",{\"hour\": 1}").repeated(most - 1) + "]}"
                                  << "more than 100 condition";
        QTest::newRow("too deep") << QStringLiteral("{\"$and\": [").repeated(kDeepestGroup + 2) +
                                         "{\"hour\": 1}" + QStringLiteral("]}").repeated(kDeepestGroup + 2)
                                  << "nested deeper than 5 groups";
    }
    void whatABuilderCannotShowIsLeftToTheText()
    {
        QFETCH(QString, json);
        QFETCH(QString, why);
        const QString said = whyUnshown(qPrintable(json));
        QVERIFY2(said.contains(why), qPrintable(said));
    }

    void partsAreAddedRemovedAndMoved()
    {
        const ConditionDraft a = line("hour", "$eq", "1"), b = line("hour", "$eq", "2"),
                             c = line("hour", "$eq", "3");
        ConditionDraft draft = all({a, any({b})});
        QCOMPARE(addPart(draft, {1}, c), (ConditionPath{1, 1}));
        QVERIFY(draft == all({a, any({b, c})}));
        QCOMPARE(movePart(draft, {0}, 1), (ConditionPath{0, 0})); // Down into the group.
        QVERIFY(draft == all({any({a, b, c})}));
        QCOMPARE(movePart(draft, {0, 0}, 1), (ConditionPath{0, 1}));
        QCOMPARE(movePart(draft, {0, 2}, 1), (ConditionPath{1})); // Out of its end.
        QVERIFY(draft == all({any({b, a}), c}));
        QCOMPARE(movePart(draft, {1}, -1), (ConditionPath{0, 2})); // Up into it again.
        QCOMPARE(movePart(draft, {0, 0}, -1), (ConditionPath{0})); // Out of its beginning.
        QVERIFY(draft == all({b, any({a, c})}));
        QCOMPARE(movePart(draft, {0}, -1), (ConditionPath{0})); // It is the first.
        removePart(draft, {1, 0});
        QCOMPARE(movePart(draft, {1, 0}, 1), (ConditionPath{1})); // The group goes with its last part.
        QVERIFY(draft == all({b, c}));
        removePart(draft, {0});
        removePart(draft, {0});
        QVERIFY(draft == ConditionDraft{});
        QVERIFY(partAt(draft, {0}) == nullptr);
        QCOMPARE(pathText({1, 0}), QStringLiteral("2.1"));
    }

    void aGroupThatWouldBeTooDeepMovesPast()
    {
        ConditionDraft deep = line("hour", "$eq", "1");
        for (int i = 0; i < kDeepestGroup; ++i) {
            deep = all({deep});
        }
        const ConditionDraft flat = any({line("hour", "$eq", "2")});
        ConditionDraft draft = all({deep, flat});
        QVERIFY(conditionOf(conditionJson(draft)) == draft);
        QCOMPARE(movePart(draft, {0}, 1), (ConditionPath{1}));
        QVERIFY(draft == all({flat, deep}));
        QVERIFY(!hasRoomForGroup({1, 0, 0, 0, 0}));
        QVERIFY(hasRoomForGroup({1, 0, 0, 0}));
    }

    void movingKeepsEveryPart()
    {
        QRandomGenerator random(3);
        ConditionDraft draft =
            all({randomGroup(random, 1), randomGroup(random, 1), line("hour", "$eq", "1")});
        const int count = lineCount(draft);
        ConditionPath path{2};
        // All the way up and down again, through every group.
        for (const int step : {-1, 1}) {
            for (ConditionPath next = movePart(draft, path, step); next != path;
                 next = movePart(draft, path, step)) {
                path = next;
                QCOMPARE(lineCount(draft), count);
                QVERIFY(*partAt(draft, path) == line("hour", "$eq", "1"));
                QVERIFY(conditionOf(conditionJson(draft)).has_value());
            }
        }
        QCOMPARE(path.size(), std::size_t{1});
    }

    void aSummaryNamesTheFirstLine()
    {
        const ConditionDraft a = line("hour", "$gte", "9"), b = line("key", "$eq", "x");
        QCOMPARE(conditionSummary({}), QString());
        QCOMPARE(conditionSummary(all({a})), QStringLiteral("hour is at least 9"));
        QCOMPARE(conditionSummary(all({a, b})), QStringLiteral("hour is at least 9 and 1 more"));
        QCOMPARE(conditionSummary(any({a, all({b, b})})), QStringLiteral("hour is at least 9 or 2 more"));
        QVERIFY(conditionSummary(none({a, b})).startsWith(QLatin1String("none of 2 condition")));
        QVERIFY(conditionSummary(all({any({a}), b})).startsWith(QLatin1String("2 condition")));
        QCOMPARE(conditionSummary(all({any({a, b})})), QStringLiteral("hour is at least 9 or 1 more"));
    }

    void everyFieldAndOperatorOnOfferIsAcceptedByTheEngine()
    {
        for (const QString& field : conditionFields()) {
            const QString whole = field.endsWith(QLatin1Char('.')) ? field + QStringLiteral("x") : field;
            for (const QString& op : conditionOperators()) {
                const std::string json =
                    conditionJson(all({ConditionDraft::line({whole, op, QStringLiteral("1")})}));
                QVERIFY2(problemsOf(json).empty(), json.c_str());
                QVERIFY(operatorText(op) != op);
                QVERIFY(!valueExample(field, op).isEmpty());
            }
        }
        QVERIFY(!problemsOf("{\"nobody\": 1}").empty());
    }

    void aPathHasAnExampleOfItsOwn()
    {
        const QString path = QStringLiteral("url.pathname");
        QVERIFY(conditionFields().contains(path));
        QCOMPARE(valueExample(path, QStringLiteral("$eq")), QStringLiteral("/v1/messages"));
        QCOMPARE(valueExample(path, QStringLiteral("$glob")), QStringLiteral("/v1/*"));
        const std::string json = R"({"url.pathname": "/v1/messages"})";
        QCOMPARE(conditionJson(*conditionOf(json)), json);
    }
};

} // namespace ui

QTEST_GUILESS_MAIN(ui::ConditionDraftTest)
#include "condition_draft_test.moc"
