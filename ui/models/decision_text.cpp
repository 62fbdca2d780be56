// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/decision_text.h"

#include <QCoreApplication>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QStringList>

#include "models/route_text.h"

namespace ui {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Decision)
};

QString conditionText(const QJsonObject& condition)
{
    const QString rule =
        QStringList{condition["field"].toString(), condition["op"].toString(), condition["wanted"].toString()}
            .join(QLatin1Char(' '));
    const QString held = condition["held"].toBool() ? Text::tr("holds") : Text::tr("does not hold");
    if (!condition.contains("seen")) return Text::tr("%1: %2").arg(rule, held);
    const QString seen = condition["seen"].toString();
    return seen.isEmpty() ? Text::tr("%1: %2, nothing stands there").arg(rule, held)
                          : Text::tr("%1: %2, it is %3").arg(rule, held, seen);
}

void addStep(const QJsonObject& step, QStringList& lines)
{
    QString head = Text::tr("Route %1, %2").arg(step["route"].toString(), step["strategy"].toString());
    if (step.contains("draw"))
        head = Text::tr("%1, drew %2").arg(head, QLocale().toString(step["draw"].toDouble(), 'f', 3));
    if (step.contains("why")) {
        head = Text::tr("%1: the default, as %2")
                   .arg(head, meaningReasonText(step["why"].toString().toStdString()));
    }
    lines << head;
    const QJsonArray targets = step["targets"].toArray();
    for (const auto& value : targets) {
        const QJsonObject target = value.toObject();
        const QString name = target["name"].toString();
        if (target.contains("score"))
            lines << (usesMeaning(step["strategy"].toString().toStdString()) ? Text::tr("  %1: likeness %2")
                                                                             : Text::tr("  %1: score %2"))
                         .arg(name, QLocale().toString(target["score"].toDouble(), 'g', 4));
        const QJsonArray conditions = target["when"].toArray();
        for (const auto& condition : conditions)
            lines << Text::tr("  %1 if %2").arg(name, conditionText(condition.toObject()));
    }
}

} // namespace

QString setbackText(const QString& setback)
{
    const QHash<QString, QString> words{
        {"provider_down", Text::tr("the health checks of its provider fail")},
        {"keys_aside", Text::tr("its keys were refused or are rate-limited")},
        {"headroom_used", Text::tr("the provider says that the rate of its keys is used up")},
        {"circuit_open", Text::tr("its circuit is open")},
        {"limits_used", Text::tr("its limits of this minute are used up")},
        {"no_tools", Text::tr("the model takes no tools")},
        {"no_images", Text::tr("the model sees no pictures")},
        {"no_audio", Text::tr("the model hears no sound")},
        {"no_json_schema", Text::tr("the model cannot be held to a schema")},
        {"no_reasoning", Text::tr("the model does not reason")},
        {"context_too_small", Text::tr("the request does not fit into its context, by estimate")}};
    return words.value(setback, setback);
}

QString decisionText(const std::string& decisionJson)
{
    const QJsonObject decision = QJsonDocument::fromJson(QByteArray::fromStdString(decisionJson)).object();
    QStringList lines;
    const QJsonArray steps = decision["steps"].toArray();
    for (const auto& step : steps)
        addStep(step.toObject(), lines);
    int place = 0;
    const QJsonArray order = decision["order"].toArray();
    for (const auto& value : order) {
        const QJsonObject each = value.toObject();
        const QString target = QString::number(++place) + QStringLiteral(". ") + each["target"].toString();
        const QString setback = each["setback"].toString();
        lines << (setback.isEmpty() ? target : Text::tr("%1 (later: %2)").arg(target, setbackText(setback)));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace ui
