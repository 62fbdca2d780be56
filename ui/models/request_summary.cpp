// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/request_summary.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QStringList>

#include "models/decision_text.h"
#include "models/format.h"
#include "models/guardrail_text.h"
#include "models/rewrite_text.h"

namespace ui {
namespace {

constexpr std::size_t kPrettyLimit =
    std::size_t{256} * 1024; // Larger ones are shown as they came: the window must not stall.
constexpr qsizetype kShownLimit = qsizetype{512} * 1024;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::RequestSummary)
};

QString qs(const std::string& value)
{
    return QString::fromStdString(value);
}

QString attemptTarget(const gateway::AttemptRow& attempt)
{
    const QString target = qs(attempt.provider) + QLatin1Char('/') + qs(attempt.model);
    return attempt.keyId.empty() ? target : Text::tr("%1 with key %2").arg(target, qs(attempt.keyId));
}

QString attemptResult(const gateway::AttemptRow& attempt)
{
    if (attempt.status == 0) return attempt.error.empty() ? Text::tr("no answer") : qs(attempt.error);
    const QString number = QString::number(attempt.status);
    return attempt.error.empty() ? number : number + QLatin1Char(' ') + qs(attempt.error);
}

QString sourceText(const std::string& source)
{
    if (source == "reported") return Text::tr("reported by the provider");
    if (source == "computed") return Text::tr("computed");
    return source == "estimated" ? Text::tr("estimated") : qs(source);
}

QString costText(const gateway::LogRow& row)
{
    if (row.costSource == "unknown") return Text::tr("unknown: no price for this model");
    if (row.costSource.empty()) return formatMoney(row.costNanos);
    return Text::tr("%1 (%2)").arg(formatMoney(row.costNanos), sourceText(row.costSource));
}

/// What of a request was sold by the piece.
QString pieceText(const gateway::LogRow& row)
{
    QStringList list;
    const auto add = [&list](std::int64_t count, const QString& text) {
        if (count > 0) list.append(text.arg(formatCount(count)));
    };
    add(row.images, Text::tr("%1 images"));
    add(row.milliseconds / 1000, Text::tr("%1 seconds"));
    add(row.characters, Text::tr("%1 characters"));
    add(row.units, Text::tr("%1 units"));
    add(row.searches, Text::tr("%1 searches"));
    return list.join(QStringLiteral(", "));
}

QString soundAndPictures(std::int64_t audio, std::int64_t image)
{
    QStringList list;
    if (audio > 0) list.append(Text::tr("%1 of sound").arg(formatCount(audio)));
    if (image > 0) list.append(Text::tr("%1 of pictures").arg(formatCount(image)));
    return list.join(QStringLiteral(", "));
}

QString priceText(const std::string& version)
{
    const QString text = qs(version);
    if (text.startsWith(QLatin1String("catalog "))) return Text::tr("the catalog of %1").arg(text.mid(8));
    if (text.startsWith(QLatin1String("update "))) return Text::tr("the newer list of %1").arg(text.mid(7));
    if (text.startsWith(QLatin1String("recalculated ")))
        return Text::tr("those of %1, afterwards").arg(text.mid(13));
    if (text == QLatin1String("config")) return Text::tr("the configuration");
    if (text == QLatin1String("told by the client")) return Text::tr("told by the client");
    return text == QLatin1String("reported by the provider") ? QString() : text; // the cost says it
}

void addFact(std::vector<Fact>& facts, const QString& name, const QString& value)
{
    if (!value.isEmpty()) facts.emplace_back(name, value);
}

} // namespace

QString summarySentence(const gateway::LogRow& row)
{
    const QString model = row.requestedModel.empty() ? Text::tr("A request") : qs(row.requestedModel);
    const QString took = formatDuration(row.total);
    QString sentence;
    if (row.errorCode == "client_cancelled") {
        sentence = Text::tr("%1: the client left after %2.").arg(model, took);
    } else if (!row.errorCode.empty() || row.status >= 400) {
        const QString reason = row.errorMessage.empty() ? qs(row.errorCode) : qs(row.errorMessage);
        sentence = Text::tr("%1 failed after %2: %3").arg(model, took, reason);
    } else {
        sentence = Text::tr("%1 was answered by %2 in %3.").arg(model, qs(row.provider), took);
    }
    if (row.attempts.size() > 1) {
        QStringList earlier;
        for (std::size_t i = 0; i + 1 < row.attempts.size(); ++i) {
            earlier.append(qs(row.attempts[i].provider) + QLatin1Char(' ') + attemptResult(row.attempts[i]));
        }
        sentence += QLatin1Char(' ') + Text::tr("Tried before: %1.").arg(earlier.join(QStringLiteral(", ")));
    }
    return sentence;
}

std::vector<AttemptText> attemptTexts(const gateway::LogRow& row)
{
    std::vector<AttemptText> texts;
    for (const gateway::AttemptRow& attempt : row.attempts) {
        const bool good = attempt.error.empty() && attempt.status >= 200 && attempt.status < 400;
        texts.push_back({attemptTarget(attempt),
                         Text::tr("%1 after %2").arg(attemptResult(attempt), formatDuration(attempt.total)),
                         good});
    }
    return texts;
}

std::vector<Fact> requestFacts(const gateway::LogRow& row)
{
    std::vector<Fact> facts;
    addFact(facts, Text::tr("Time"), formatFullInstant(row.id.microseconds()));
    addFact(facts, Text::tr("Client"), qs(row.client));
    addFact(facts, Text::tr("Virtual key"), qs(row.key));
    addFact(facts, Text::tr("Dialect"),
            row.stream ? Text::tr("%1, streamed").arg(qs(row.dialect)) : qs(row.dialect));
    addFact(facts, Text::tr("Asked for"), qs(row.requestedModel));
    addFact(facts, Text::tr("Route"), qs(row.route));
    addFact(facts, Text::tr("Answered by"),
            row.provider.empty() ? QString() : qs(row.provider) + QLatin1Char('/') + qs(row.model));
    addFact(facts, Text::tr("Chosen by"), decisionText(row.decisionJson));
    addFact(facts, Text::tr("Guardrails"), guardrailText(row.guardrailsJson));
    addFact(facts, Text::tr("Added"), rewriteText(row.rewritesJson));
    addFact(facts, Text::tr("First token"), row.firstToken > 0 ? formatDuration(row.firstToken) : QString());
    addFact(facts, Text::tr("Total"), formatDuration(row.total));
    addFact(facts, Text::tr("Gateway's share"), formatDuration(row.overhead));
    addFact(facts, Text::tr("Tokens"),
            Text::tr("%1 in, %2 out").arg(formatCount(row.inputTokens), formatCount(row.outputTokens)));
    if (row.cacheReadTokens > 0 || row.cacheWriteTokens > 0) {
        addFact(facts, Text::tr("Provider's cache"),
                Text::tr("%1 read, %2 written")
                    .arg(formatCount(row.cacheReadTokens), formatCount(row.cacheWriteTokens)));
    }
    if (row.cacheWriteHourTokens > 0)
        addFact(facts, Text::tr("Written for an hour"), formatCount(row.cacheWriteHourTokens));
    if (row.reasoningTokens > 0) addFact(facts, Text::tr("Reasoning"), formatCount(row.reasoningTokens));
    addFact(facts, Text::tr("Tokens in, thereof"),
            soundAndPictures(row.audioInputTokens, row.imageInputTokens));
    addFact(facts, Text::tr("Tokens out, thereof"),
            soundAndPictures(row.audioOutputTokens, row.imageOutputTokens));
    addFact(facts, Text::tr("By the piece"), pieceText(row));
    addFact(facts, Text::tr("Service"), qs(row.serviceTier));
    addFact(facts, Text::tr("Cost"), costText(row));
    addFact(facts, Text::tr("Prices"), priceText(row.priceVersion));
    if (row.savedNanos > 0) addFact(facts, Text::tr("Saved, already there"), formatMoney(row.savedNanos));
    if (row.routedNanos > 0) addFact(facts, Text::tr("Saved by the route"), formatMoney(row.routedNanos));
    addFact(facts, Text::tr("Tags"), formatList(row.tags));
    addFact(facts, Text::tr("Left out"), formatList(row.dropped));
    addFact(facts, Text::tr("Trace"), qs(row.trace));
    return facts;
}

QString whyNoBodies(const gateway::LogRow& row, gateway::LogBodies setting)
{
    if (!row.requestBody.empty() || !row.responseBody.empty()) return {};
    switch (setting) {
    case gateway::LogBodies::Off:
        return Text::tr("Request and answer are not stored: Settings, Server, Stored bodies is Off.");
    case gateway::LogBodies::All:
        return Text::tr("Nothing was stored of this request.");
    default:
        return Text::tr("Request and answer are stored for errors only (Settings, Server, Stored bodies).");
    }
}

QString readableBody(const std::string& body)
{
    if (body.size() <= kPrettyLimit) {
        const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(body));
        if (!document.isNull()) return QString::fromUtf8(document.toJson(QJsonDocument::Indented)).trimmed();
    }
    return QString::fromStdString(body).left(kShownLimit);
}

} // namespace ui
