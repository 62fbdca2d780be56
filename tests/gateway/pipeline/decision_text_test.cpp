// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <QJsonDocument>
#include <QTest>

#include "pipeline/decision_text.h"

using namespace gateway;

class DecisionTextTest : public QObject {
    Q_OBJECT

private slots:
    void staysSmallWhateverRulesAndRequestsHold()
    {
        const std::string book(20'000, 'x');
        routing::RouteStep step;
        for (int i = 0; i < 100; ++i)
            step.targets.push_back({"lab/m", 1.0, {{"metadata.a", "$eq", book, book, false}}});
        const std::string text = pipeline::decisionJson(std::vector<routing::RouteStep>(5, step),
                                                        std::vector<routing::Target>(64));
        QVERIFY2(text.size() <= std::size_t{17} << 10, std::to_string(text.size()).c_str());
        QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(text)).isObject());
    }
};

QTEST_APPLESS_MAIN(DecisionTextTest)
#include "decision_text_test.moc"
