// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLocale>
#include <QTest>

#include "models/decision_text.h"

namespace ui {

class DecisionTextTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void saysHowTheOrderCameAbout()
    {
        const QString text = decisionText(
            "{\"steps\":[{\"route\":\"smart\",\"strategy\":\"weighted\",\"draw\":0.25,\"targets\":["
            "{\"name\":\"lab/q\",\"score\":1.5,\"when\":[{\"field\":\"hour\",\"op\":\"$gte\","
            "\"wanted\":\"9\",\"seen\":\"7\",\"held\":false}]}]}],"
            "\"order\":[{\"target\":\"a/b\"},{\"target\":\"lab/q\",\"setback\":\"circuit_open\"}]}");
        QCOMPARE(
            text.split(QLatin1Char('\n')),
            QStringList({QStringLiteral("Route smart, weighted, drew 0.250"),
                         QStringLiteral("  lab/q: score 1.5"),
                         QStringLiteral("  lab/q if hour $gte 9: does not hold, it is 7"),
                         QStringLiteral("1. a/b"), QStringLiteral("2. lab/q (later: its circuit is open)")}));
    }

    void tellsWhatWasKeptBackFromWhatIsNotThere()
    {
        const auto condition = [](const char* seen) {
            return decisionText(std::string("{\"steps\":[{\"route\":\"r\",\"strategy\":\"conditional\","
                                            "\"targets\":[{\"name\":\"t\",\"when\":[{\"field\":\"f\",\"op\":"
                                            "\"$eq\",\"wanted\":\"1\"") +
                                seen + ",\"held\":true}]}]}],\"order\":[]}");
        };
        QVERIFY(condition("").endsWith(QLatin1String("f $eq 1: holds")));
        QVERIFY(condition(",\"seen\":\"\"").endsWith(QLatin1String("nothing stands there")));
    }

    void isEmptyWhereNothingWasKept()
    {
        QCOMPARE(decisionText({}), QString());
        QCOMPARE(decisionText("no json"), QString());
    }
};

} // namespace ui

QTEST_GUILESS_MAIN(ui::DecisionTextTest)
#include "decision_text_test.moc"
