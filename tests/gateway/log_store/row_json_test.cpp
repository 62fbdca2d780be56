// SPDX-License-Identifier: GPL-3.0-or-later
#include <nlohmann/json.hpp>

#include <QTest>

#include "gateway/log_store/log_fixture.h"
#include "gateway/row_json.h"

using gateway::logRowJson;
using gateway::usageRowJson;
using Json = nlohmann::json;

class RowJsonTest : public QObject {
    Q_OBJECT

private slots:
    void writesMoneyExactly()
    {
        auto row = gateway::log_store::plainRow(1);
        row.costNanos = 9'007'199'254'740'993; // which no double is
        row.savedNanos = 1;
        const std::string text = logRowJson(row);
        QVERIFY2(text.find("\"cost_usd\":9007199.254740993,") != std::string::npos, text.c_str());
        QVERIFY2(text.find("\"saved_usd\":0.000000001,") != std::string::npos, text.c_str());
        QCOMPARE(Json::parse(text)["time"].get<std::string>(), std::string("2026-11-22T00:00:01.000Z"));
    }

    void writesWhateverAClientSent()
    {
        auto row = gateway::log_store::plainRow(1);
        row.client = "a\"b\\\n\xff";
        row.metadataJson = "{\"a\":";
        row.decisionJson = "[1]";
        row.tags = {"\x01", "ü"};
        const Json json = Json::parse(logRowJson(row), nullptr, false);
        QVERIFY(json.is_object());
        QCOMPARE(json["client"].get<std::string>(), std::string("a\"b\\\n\xef\xbf\xbd"));
        QVERIFY(json["metadata"].is_object() && json["metadata"].empty());
        QVERIFY(!json.contains("decision"));
        QCOMPARE(json["tags"][1].get<std::string>(), std::string("ü"));
    }

    void writesBodiesOnlyWhenAsked()
    {
        auto row = gateway::log_store::plainRow(1);
        row.requestBody = "{\"q\":1}";
        QVERIFY(!Json::parse(logRowJson(row)).contains("request_body"));
        QCOMPARE(Json::parse(logRowJson(row, true))["request_body"].get<std::string>(), row.requestBody);
    }

    void namesAUsageRow()
    {
        gateway::UsageRow row;
        row.name = "a/b";
        row.unpriced = 2;
        const Json json = Json::parse(usageRowJson(row, "target"));
        QCOMPARE(json["target"].get<std::string>(), row.name);
        QCOMPARE(json["unpriced_requests"].get<int>(), 2);
        QVERIFY(!Json::parse(usageRowJson(row, "")).contains("name"));
    }
};

QTEST_GUILESS_MAIN(RowJsonTest)
#include "row_json_test.moc"
