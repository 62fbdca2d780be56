// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/provider_text.h"

#include <QCoreApplication>
#include <QStringList>

#include "models/format.h"

namespace ui {
namespace {

constexpr std::size_t kModelsNamed = 3;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::ProviderText)
};

} // namespace

QString policyText(const std::optional<gateway::DataPolicy>& policy)
{
    if (!policy) return Text::tr("not known");
    QStringList parts;
    if (policy->trainsOnData) {
        parts.append(*policy->trainsOnData ? Text::tr("may train on your data")
                                           : Text::tr("does not train on your data"));
    }
    if (policy->retentionDays) {
        parts.append(*policy->retentionDays == 0
                         ? Text::tr("keeps nothing")
                         : Text::tr("keeps it %n day(s)", nullptr, *policy->retentionDays));
    }
    if (!policy->region.empty()) parts.append(QString::fromStdString(policy->region));
    return parts.isEmpty() ? Text::tr("not known") : parts.join(QStringLiteral(", "));
}

QString testText(const gateway::ProviderTest& test)
{
    if (!test.ok || test.models.empty()) {
        QString text = QString::fromStdString(test.message);
        if (!test.detail.empty()) text += QLatin1Char('\n') + QString::fromStdString(test.detail);
        return text;
    }
    QStringList names;
    for (std::size_t i = 0; i < test.models.size() && i < kModelsNamed; ++i) {
        names.append(QString::fromStdString(test.models[i]));
    }
    const QString count = Text::tr("%Ln model(s)", nullptr, static_cast<int>(test.models.size()));
    const QString text = Text::tr("Answered in %1, %2").arg(formatDuration(test.micros), count);
    if (names.isEmpty()) return text;
    QString list = names.join(QStringLiteral(", "));
    if (test.models.size() > kModelsNamed) list += QStringLiteral(",\u00A0…"); // never alone on a line
    return text + QStringLiteral(": ") + list;
}

} // namespace ui
