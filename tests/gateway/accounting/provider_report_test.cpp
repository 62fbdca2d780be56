// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string>

#include <QTest>

#include "accounting/provider_report.h"

using namespace gateway;
using accounting::parseProviderReport;
using accounting::ProviderReport;
using accounting::ReportedUse;

namespace {

ProviderReport read(const std::string& csv)
{
    auto report = parseProviderReport(csv);
    if (!report) qWarning("%s", report.error().message.c_str());
    return report ? std::move(report.value()) : ProviderReport();
}

const std::string kAnthropic =
    "usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,"
    "usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,"
    "usage_output_tokens,web_search_count,inference_geo,speed\n";

} // namespace

class ProviderReportTest : public QObject {
    Q_OBJECT

private slots:
    void readsAnthropicsUse()
    {
        const ProviderReport report = read(
            kAnthropic + "2026-03-22,claude-sonnet-4-20250514,k,Default,standard,<= 200k,100,10,20,30,5,1,,\n"
                         "2026-03-22,claude-sonnet-4-20250514,other,Default,batch,<= 200k,1,0,0,0,2,0,,\n");
        QCOMPARE(report.format, std::string("Anthropic's export of use"));
        QCOMPARE(report.skippedLines, std::size_t{0});
        QCOMPARE(report.use.size(), std::size_t{1});
        const ReportedUse wanted{"2026-03-22", "claude-sonnet-4-20250514", 161, 7, 30, 30, {}, {}};
        QVERIFY(report.use.front() == wanted);
    }

    void readsOpenAisUseAndCosts()
    {
        const ProviderReport use = read(
            "start_time,end_time,start_time_iso,end_time_iso,num_model_requests,model,input_tokens,"
            "output_tokens,input_cached_tokens\n"
            "1773446400,1773532800,2026-03-14T00:00:00+00:00,2026-03-15T00:00:00+00:00,3,gpt-4o-2024-08-06,"
            "3608,564,512\n"
            "1773532800,1773619200,2026-03-15T00:00:00+00:00,2026-03-16T00:00:00+00:00,,,,,\n");
        QCOMPARE(use.format, std::string("OpenAI's export of use"));
        QCOMPARE(use.use.size(), std::size_t{1});
        QCOMPARE(use.skippedLines, std::size_t{0}); // days without any use are none
        const ReportedUse wanted{"2026-03-14", "gpt-4o-2024-08-06", 3608, 564, 512, {}, 3, {}};
        QVERIFY(use.use.front() == wanted);
        const ProviderReport costs = read(
            "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item\n"
            "1773446400,1773532800,2026-03-14T00:00:00+00:00,2026-03-15T00:00:00+00:00,0.0600000000001,usd,"
            "\"gpt-4o-2024-08-06, input\"\n"
            "1773446400,1773532800,2026-03-14T00:00:00+00:00,2026-03-15T00:00:00+00:00,0.01,usd,"
            "\"gpt-4o-2024-08-06, output\"\n"
            "1773446400,1773532800,2026-03-14T00:00:00+00:00,2026-03-15T00:00:00+00:00,5,eur,\"x\"\n");
        QCOMPARE(costs.format, std::string("OpenAI's export of costs"));
        QCOMPARE(costs.skippedLines, std::size_t{1}); // of another currency
        QCOMPARE(costs.use.size(), std::size_t{1});
        QCOMPARE(costs.use.front().costNanos.value_or(0), 70'000'000);
        QCOMPARE(costs.use.front().model, std::string("gpt-4o-2024-08-06"));
    }

    void readsOpenRoutersActivity()
    {
        const ProviderReport report = read(
            "cost_total,cost_cache,tokens_prompt,tokens_completion,provider_name,model_permaslug,app_name,"
            "created_at\n"
            "0.01,0.0,100,200,openai,gpt-4-turbo,vscode,2026-03-30 02:37:51.271\n"
            "0.02,-0.005,150,250,openai,gpt-4-turbo,cursor,2026-03-30 23:59:59.9\n");
        QCOMPARE(report.format, std::string("OpenRouter's export of activity"));
        const ReportedUse wanted{"2026-03-30", "gpt-4-turbo", 250, 450, {}, {}, 2, 30'000'000};
        QCOMPARE(report.use.size(), std::size_t{1});
        QVERIFY(report.use.front() == wanted);
    }

    void readsAnyTableHoweverItIsWritten_data()
    {
        QTest::addColumn<QByteArray>("csv");
        QTest::newRow("plain") << QByteArray("day,model,input,output\n2026-01-02,m,7,9\n");
        QTest::newRow("mark and line ends") << QByteArray("\xEF\xBB\xBF"
                                                          "day,model,input,output\r\n2026-01-02,m,7,9\r\n");
        QTest::newRow("semicolons") << QByteArray("Date;Model;Input Tokens;Output Tokens\n2026-01-02;m;7;9");
        QTest::newRow("tabs") << QByteArray("date\tmodel\tinput\toutput\n2026-01-02\tm\t7\t9\n");
        QTest::newRow("quotes") << QByteArray(
            "\"day\",\"model\",\"input\",\"output\"\n\"2026-01-02\",\"m\",\"7\",\"9\"\n");
        QTest::newRow("other columns")
            << QByteArray("note,output,day,input,model\n\"a \"\"b\"\",\nc\",9,2026-01-02T23:00:00Z,7,m\n\n");
        QTest::newRow("seconds") << QByteArray("timestamp,model,input,output\n1767312000,m,7.0,9\n");
    }

    void readsAnyTableHoweverItIsWritten()
    {
        QFETCH(QByteArray, csv);
        const ProviderReport report = read(csv.toStdString());
        QCOMPARE(report.skippedLines, std::size_t{0});
        QCOMPARE(report.use.size(), std::size_t{1});
        const ReportedUse wanted{"2026-01-02", "m", 7, 9, {}, {}, {}, {}};
        QVERIFY(report.use.front() == wanted);
    }

    void refusesNumbersThatCanBeReadInTwoWays_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("comma") << QByteArray("2026-01-02;m;1,000;0.5");
        QTest::newRow("point") << QByteArray("2026-01-02;m;1.000;0.5");
        QTest::newRow("blank") << QByteArray("2026-01-02;m;1 000;0.5");
        QTest::newRow("negative") << QByteArray("2026-01-02;m;-5;0.5");
        QTest::newRow("power") << QByteArray("2026-01-02;m;1e3;0.5");
        QTest::newRow("huge") << QByteArray("2026-01-02;m;99999999999999999999;0.5");
        QTest::newRow("comma in a cost") << QByteArray("2026-01-02;m;1;0,5");
        QTest::newRow("thousand dollars or one") << QByteArray("2026-01-02;m;1;1.000");
        QTest::newRow("no day") << QByteArray("02/01/2026;m;1;0.5");
        QTest::newRow("no day at all") << QByteArray(";m;1;0.5");
        QTest::newRow("open quote") << QByteArray("2026-01-02;m;1;\"0.5");
        QTest::newRow("words") << QByteArray("2026-01-02;m;many;0.5");
    }

    void refusesNumbersThatCanBeReadInTwoWays()
    {
        QFETCH(QByteArray, line);
        const ProviderReport report =
            read("day;model;input;cost\n2026-01-02;good;1;0.5\n" + line.toStdString() + "\n");
        QCOMPARE(report.skippedLines, std::size_t{1});
        QCOMPARE(report.use.size(), std::size_t{1});
        QCOMPARE(report.use.front().model, std::string("good"));
    }

    void saysWhatIsWrongWithAFile()
    {
        QVERIFY(!parseProviderReport(""));
        QVERIFY(!parseProviderReport("\n\n"));
        const auto other = parseProviderReport("name,amount\na,1\n");
        QVERIFY(!other);
        QVERIFY(other.error().message.find("day") != std::string::npos);
    }

    void knowsAModelByItsNameWithoutItsVersion()
    {
        using accounting::withoutVersion;
        QCOMPARE(withoutVersion("claude-sonnet-4-20250514"), std::string_view("claude-sonnet-4"));
        QCOMPARE(withoutVersion("gpt-4o-2024-08-06"), std::string_view("gpt-4o"));
        QCOMPARE(withoutVersion("claude@20250514"), std::string_view("claude"));
        QCOMPARE(withoutVersion("gpt-4o-latest"), std::string_view("gpt-4o"));
        QCOMPARE(withoutVersion("gpt-4.1"), std::string_view("gpt-4.1"));
        QCOMPARE(withoutVersion("-20250514"), std::string_view("-20250514"));
    }
};

QTEST_GUILESS_MAIN(ProviderReportTest)
#include "provider_report_test.moc"
