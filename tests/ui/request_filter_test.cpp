// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDateTime>
#include <QTest>

#include "models/request_filter.h"

namespace ui {

class RequestFilterTest : public QObject {
    Q_OBJECT

private slots:
    void nothingTypedAsksForEverything()
    {
        QVERIFY(RequestFilter::parse({}).isEmpty());
        QVERIFY(RequestFilter::parse(QStringLiteral("   ")).isEmpty());
    }

    void fieldsAndTextGoTheirOwnWays()
    {
        const auto filter = RequestFilter::parse(QStringLiteral(
            "status:Error provider:openai model:gpt-4.1 key:k client:aider route:r slow start"));
        gateway::LogQuery query;
        filter.fill(query);
        QCOMPARE(query.status, std::string("error"));
        QCOMPARE(query.provider, std::string("openai"));
        QCOMPARE(query.model, std::string("gpt-4.1"));
        QCOMPARE(query.key, std::string("k"));
        QCOMPARE(query.client, std::string("aider"));
        QCOMPARE(query.route, std::string("r"));
        QCOMPARE(query.text, std::string("slow start"));
    }

    void quotesKeepBlanksTogether()
    {
        QCOMPARE(RequestFilter::parse(QStringLiteral("client:\"my tool\" \"time out\"")).client,
                 QStringLiteral("my tool"));
        QCOMPARE(RequestFilter::parse(QStringLiteral("\"time out")).text, QStringLiteral("time out"));
    }

    void unknownFieldsAreText()
    {
        QCOMPARE(RequestFilter::parse(QStringLiteral("colour:red http://x :y")).text,
                 QStringLiteral("colour:red http://x :y"));
    }

    void timesAndWhereItCameFromAreFields()
    {
        gateway::LogQuery query;
        RequestFilter::parse(QStringLiteral("since:2026-11-22T10:30 until:2026-11-23 tag:night "
                                            "program:\"/usr/bin/my tool\" repository:/home/me/x session:s-1"))
            .fill(query);
        const QDateTime since(QDate(2026, 11, 22), QTime(10, 30));
        QCOMPARE(query.sinceMicros, since.toMSecsSinceEpoch() * 1000);
        QCOMPARE(query.untilMicros, QDate(2026, 11, 23).startOfDay().toMSecsSinceEpoch() * 1000);
        QCOMPARE(query.tag, std::string("night"));
        QCOMPARE(query.program, std::string("/usr/bin/my tool"));
        QCOMPARE(query.repository, std::string("/home/me/x"));
        QCOMPARE(query.session, std::string("s-1"));
        QCOMPARE(RequestFilter::parse(QStringLiteral("since:yesterday")).text,
                 QStringLiteral("since:yesterday"));
    }

    void hugeInputIsCut()
    {
        QVERIFY(RequestFilter::parse(QString(100'000, QLatin1Char('x'))).text.size() <= 500);
    }
};

} // namespace ui

QTEST_GUILESS_MAIN(ui::RequestFilterTest)
#include "request_filter_test.moc"
