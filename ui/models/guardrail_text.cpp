// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/guardrail_text.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

#include "models/format.h"
#include "models/guardrails_model.h"

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::GuardrailText)
};

QString lineOf(const QJsonObject& entry)
{
    QString name = entry.value(QLatin1String("guardrail")).toString();
    if (name.isEmpty()) name = entry.value(QLatin1String("check")).toString();
    QStringList parts{guardrailActionText(entry.value(QLatin1String("action")).toString().toStdString())};
    const QJsonObject found = entry.value(QLatin1String("found")).toObject();
    for (auto each = found.begin(); each != found.end(); ++each) {
        parts.append(formatCount(each.value().toInteger()) + QLatin1Char(' ') + each.key());
    }
    const QString reason = entry.value(QLatin1String("reason")).toString();
    if (!reason.isEmpty()) parts.append(reason);
    parts.removeAll(QString());
    const QString text = Text::tr("%1: %2").arg(name, parts.join(QStringLiteral(", ")));
    const bool observed = entry.value(QLatin1String("mode")).toString() == QLatin1String("observe");
    return observed ? Text::tr("%1 (observed only)").arg(text) : text;
}

} // namespace

QString guardrailText(const std::string& json)
{
    QStringList lines;
    const QJsonArray all = QJsonDocument::fromJson(QByteArray::fromStdString(json)).array();
    for (const QJsonValue& entry : all) {
        if (entry.isObject()) lines.append(lineOf(entry.toObject()));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace ui
