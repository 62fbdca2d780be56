// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/route_test_text.h"

#include <QCoreApplication>

#include "models/format.h"

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::RouteTest)
};

} // namespace

QString routeTestSummary(const gateway::RouteTest& test)
{
    QStringList parts;
    if (!test.expect.target.empty())
        parts.append(Text::tr("goes to %1").arg(QString::fromStdString(test.expect.target)));
    if (!test.expect.never.empty()) parts.append(Text::tr("never to %1").arg(namesText(test.expect.never)));
    if (test.expect.maxCost)
        parts.append(Text::tr("for at most $%1").arg(QString::fromStdString(*test.expect.maxCost)));
    if (!test.down.empty()) parts.append(Text::tr("with %1 down").arg(namesText(test.down)));
    if (!test.limited.empty()) parts.append(Text::tr("with %1 rate-limited").arg(namesText(test.limited)));
    if (!test.slow.empty()) parts.append(Text::tr("with %1 slow").arg(namesText(test.slow)));
    return parts.isEmpty() ? Text::tr("expects nothing yet") : parts.join(QStringLiteral(" · "));
}

QStringList failedTests(const std::vector<gateway::RouteTestResult>& results, const std::string& own)
{
    QStringList others, mine;
    for (const gateway::RouteTestResult& result : results) {
        if (result.passed) continue;
        const QString name = QString::fromStdString(result.name);
        const QString why = QString::fromStdString(result.why);
        if (result.route == own)
            mine.append(Text::tr("%1: %2").arg(name, why));
        else
            others.append(Text::tr("Route %1, %2: %3").arg(QString::fromStdString(result.route), name, why));
    }
    return others + mine;
}

QString passedTestText(const gateway::RouteTestResult& result)
{
    const QString answers = QString::fromStdString(result.answers);
    return result.costNanos ? Text::tr("%1, about %2").arg(answers, formatMoney(*result.costNanos)) : answers;
}

std::vector<std::string> namesIn(const QString& text)
{
    std::vector<std::string> names;
    for (const QString& part : text.split(QLatin1Char(','))) {
        const QString name = part.trimmed();
        if (!name.isEmpty()) names.push_back(name.toStdString());
    }
    return names;
}

QString namesText(const std::vector<std::string>& names)
{
    QStringList texts;
    for (const std::string& name : names) {
        texts.append(QString::fromStdString(name));
    }
    return texts.join(QStringLiteral(", "));
}

} // namespace ui
