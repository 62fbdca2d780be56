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

AddressPart addressPart(const QString& word)
{
    if (word == QLatin1String("region")) return {Text::tr("Region"), QStringLiteral("us-east-1")};
    if (word == QLatin1String("project")) return {Text::tr("Project"), QStringLiteral("my-project-123456")};
    if (word == QLatin1String("resource")) return {Text::tr("Resource"), QStringLiteral("my-resource")};
    if (word == QLatin1String("account_id"))
        return {Text::tr("Account id"), QStringLiteral("0123456789abcdef0123456789abcdef")};
    if (word == QLatin1String("account")) return {Text::tr("Account"), QStringLiteral("myorg-account")};
    if (word == QLatin1String("workspace"))
        return {Text::tr("Workspace"), QStringLiteral("adb-123456789.4.azuredatabricks.net")};
    QString name = word;
    name.replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!name.isEmpty()) name[0] = name[0].toUpper();
    return {name, {}};
}

QString kindHint(const std::string& kind)
{
    if (kind == "vertex") {
        return Text::tr(
            "The key is the JSON of a service account, pasted whole, an access token (ya29.…) or an API key. "
            "For a region instead of global, write it into the base URL twice: "
            "https://REGION-aiplatform.googleapis.com/…/locations/REGION");
    }
    if (kind == "bedrock") {
        return Text::tr("The key is a Bedrock API key (ABSK…), or an AWS key as "
                        "ACCESS_KEY_ID:SECRET_ACCESS_KEY, with :SESSION_TOKEN behind it if it has one.");
    }
    if (kind == "azure") {
        return Text::tr(
            "The key is one of the resource, or an Entra ID token (eyJ…). A model is called by the "
            "name of its deployment.");
    }
    if (kind == "gemini") return Text::tr("The key is one of Google AI Studio (AIza…).");
    return {};
}

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
