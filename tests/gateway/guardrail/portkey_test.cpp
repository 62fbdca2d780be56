// SPDX-License-Identifier: GPL-3.0-or-later
// Checks with Portkey's names, held against Portkey's own verdicts. Those in the fixture were recorded by
// running the handlers of the plugins `default` of Portkey's gateway as released on npm,
// @portkey-ai/gateway 1.15.2, over cases of this project's own; `error` says that a handler reported one
// beside its verdict, `differs` why another verdict of ours is meant.
#include <set>

#include <nlohmann/json.hpp>

#include <QFile>
#include <QTest>

#include "guardrail/check_kind.h"

using namespace gateway;
using namespace gateway::guardrail;

namespace {

nlohmann::json portkeysVerdicts()
{
    QFile file(QStringLiteral(TURNPIKE_FIXTURES "/guardrail/portkey_verdicts.json"));
    if (!file.open(QIODevice::ReadOnly)) return nlohmann::json::array();
    return nlohmann::json::parse(file.readAll().toStdString(), nullptr, false);
}

/// What our check says of the case.
Opinion ourOpinion(const Check& check, const CheckKind& kind, const nlohmann::json& given)
{
    const std::string text = given.value("text", "");
    const std::string model = given.value("model", "");
    const std::string type = given.value("type", "chat");
    const std::string metadata = given.contains("metadata") ? given.at("metadata").dump() : "";
    Subject subject;
    subject.stage = kind.onRequest ? Stage::Request : Stage::Response;
    subject.text = text;
    subject.model = model;
    subject.requestType = type;
    subject.metadataJson = metadata;
    return check.judge(subject);
}

} // namespace

class PortkeyTest : public QObject {
    Q_OBJECT

private slots:
    void decidesAsPortkeyDoes_data();
    void decidesAsPortkeyDoes();
    void holdsEnoughCases();
};

void PortkeyTest::decidesAsPortkeyDoes_data()
{
    QTest::addColumn<QByteArray>("row");
    int at = 0;
    for (const auto& each : portkeysVerdicts()) {
        const std::string name = each.at("check").get<std::string>() + " " + each.at("parameters").dump() +
                                 ": " + each.at("subject").dump();
        QTest::addRow("%d %.200s", ++at, name.c_str()) << QByteArray::fromStdString(each.dump());
    }
}

void PortkeyTest::decidesAsPortkeyDoes()
{
    QFETCH(QByteArray, row);
    const auto each = nlohmann::json::parse(row.toStdString());
    const CheckKind* kind = findCheckKind(each.at("check").get<std::string>());
    QVERIFY(kind);
    const auto check = makeCheck(*kind, each.at("parameters").dump());
    QVERIFY2(check.ok(), check.ok() ? "" : check.error().message.c_str());
    const bool passes = !ourOpinion(*check.value(), *kind, each.at("subject")).alarm;
    // A reason to differ where nothing does would be a lie.
    QCOMPARE(passes, each.at("verdict").get<bool>() != each.contains("differs"));
}

void PortkeyTest::holdsEnoughCases()
{
    const auto all = portkeysVerdicts();
    QVERIFY(all.is_array() && all.size() >= 300);
    std::set<std::string> passed, failed;
    for (const auto& each : all)
        (each.at("verdict").get<bool>() ? passed : failed).insert(each.at("check").get<std::string>());
    QVERIFY(passed == failed); // each check has been seen to do both
    QVERIFY(passed.size() >= 15);
}

QTEST_APPLESS_MAIN(PortkeyTest)
#include "portkey_test.moc"
