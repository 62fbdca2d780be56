// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/key_text.h"

#include <QCoreApplication>
#include <QLocale>

#include "gateway/config_io.h"

#include "models/format.h"

namespace ui {
namespace {

constexpr int kDateLetters = 10;
constexpr int kDaysByName = 6;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::KeyText)
};

QString none()
{
    return QStringLiteral("—");
}

QString qs(const std::string& text)
{
    return QString::fromStdString(text);
}

bool isDateOnly(const std::string& text)
{
    return text.size() <= kDateLetters;
}

QString dayOf(const QDate& day)
{
    return formatDay(day) + QStringLiteral(", ") + QString::number(day.year());
}

} // namespace

std::optional<QDateTime> configTime(const std::string& text)
{
    const QString shown = qs(text).replace(QLatin1Char(' '), QLatin1Char('T'));
    if (isDateOnly(text)) {
        const QDate day = QDate::fromString(shown, Qt::ISODate);
        if (!day.isValid()) return std::nullopt;
        return QDateTime(day, QTime(0, 0), Qt::UTC);
    }
    QDateTime when = QDateTime::fromString(shown, Qt::ISODateWithMs);
    if (!when.isValid()) return std::nullopt;
    // Without an offset Qt takes it for a time of this machine, the engine for UTC.
    if (when.timeSpec() == Qt::LocalTime) when.setTimeSpec(Qt::UTC);
    return when;
}

std::optional<QDateTime> endOf(const std::string& text)
{
    const auto end = gateway::expiryMicros(text);
    if (!end) return std::nullopt;
    return QDateTime::fromMSecsSinceEpoch(*end / 1000, Qt::UTC);
}

bool isExpired(const gateway::VirtualKeyConfig& key, const QDateTime& now)
{
    const auto end = endOf(key.expires);
    return end && *end <= now;
}

std::optional<QDateTime> overlapEnd(const gateway::VirtualKeyConfig& key, const QDateTime& now)
{
    if (!key.former) return std::nullopt;
    auto end = endOf(key.former->until);
    if (!end || *end <= now) return std::nullopt;
    return end;
}

QString prefixText(const gateway::VirtualKeyConfig& key)
{
    return key.prefix.empty() ? none() : qs(key.prefix) + QStringLiteral("…");
}

QString createdText(const gateway::VirtualKeyConfig& key)
{
    const auto when = configTime(key.created);
    return when ? dayOf(isDateOnly(key.created) ? when->date() : when->toLocalTime().date()) : none();
}

QString expiresText(const gateway::VirtualKeyConfig& key, const QDateTime& now)
{
    if (key.expires.empty()) return Text::tr("Never");
    const auto when = configTime(key.expires);
    if (!when) return qs(key.expires);
    if (isDateOnly(key.expires)) return dayOf(when->date());
    const qint64 days = now.date().daysTo(when->toLocalTime().date());
    if (days >= 0 && days <= kDaysByName) return momentText(*when, now);
    return dayOf(when->toLocalTime().date());
}

QString allowedText(const gateway::VirtualKeyConfig& key)
{
    QStringList parts;
    if (!key.models.empty()) parts.append(formatList(key.models));
    if (!key.routes.empty()) parts.append(Text::tr("routes %1").arg(formatList(key.routes)));
    return parts.isEmpty() ? Text::tr("All") : parts.join(QStringLiteral("; "));
}

QString lastUsedText(const gateway::KeyUse* use, const QDateTime& now)
{
    return use == nullptr || use->lastUsed <= 0 ? Text::tr("Never") : formatAgo(use->lastUsed, now);
}

QString lastUseStory(const gateway::KeyUse* use)
{
    if (use == nullptr || use->lastUsed <= 0) return {};
    QStringList lines{Text::tr("Last used: %1").arg(formatFullInstant(use->lastUsed))};
    if (!use->client.empty()) lines.append(Text::tr("Client: %1").arg(qs(use->client)));
    if (!use->program.empty()) lines.append(Text::tr("Program: %1").arg(qs(use->program)));
    return lines.join(QLatin1Char('\n'));
}

QString momentText(const QDateTime& when, const QDateTime& now)
{
    const QDateTime local = when.toLocalTime();
    QString time = QLocale().toString(local.time(), QStringLiteral("HH:mm"));
    const qint64 days = now.date().daysTo(local.date());
    if (days == 0) return time;
    if (days > 0 && days <= kDaysByName)
        return QLocale().dayName(local.date().dayOfWeek(), QLocale::ShortFormat) + QLatin1Char(' ') + time;
    return formatDay(local.date()) + QLatin1Char(' ') + time;
}

QString overlapText(const gateway::VirtualKeyConfig& key, const QDateTime& now)
{
    const auto end = overlapEnd(key, now);
    return end ? Text::tr("Old key good until %1").arg(momentText(*end, now)) : QString();
}

QString keyStory(const gateway::VirtualKeyConfig& key, const gateway::KeyUse* use, const QDateTime& now)
{
    QStringList lines{qs(key.id.text)};
    if (!key.prefix.empty()) lines.append(Text::tr("Begins with %1").arg(prefixText(key)));
    if (!key.created.empty()) lines.append(Text::tr("Created: %1").arg(createdText(key)));
    if (const QString used = lastUseStory(use); !used.isEmpty()) lines.append(used);
    if (!key.dialects.empty()) lines.append(Text::tr("APIs: %1").arg(formatList(key.dialects)));
    if (!key.tags.empty()) lines.append(Text::tr("Tags: %1").arg(formatList(key.tags)));
    if (const QString overlap = overlapText(key, now); !overlap.isEmpty()) lines.append(overlap);
    return lines.join(QLatin1Char('\n'));
}

} // namespace ui
