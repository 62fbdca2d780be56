// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/cache_text.h"

#include <algorithm>

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include "models/format.h"

namespace ui {
namespace {

constexpr std::int64_t kMicros = 1'000'000;
constexpr std::int64_t kMinuteSeconds = 60, kHourSeconds = 3600, kDaySeconds = 86'400;
constexpr qsizetype kPromptLetters = 44;
constexpr qsizetype kKeyLetters = 8;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::CacheText)
};

QString instant(std::int64_t seconds)
{
    return formatInstant(seconds * kMicros, QDateTime::currentDateTime());
}

} // namespace

std::array<TileText, 4> cacheTiles(const gateway::CacheFigures& figures)
{
    const std::uint64_t looked = figures.hits + figures.misses;
    const auto hits = static_cast<std::int64_t>(figures.hits);
    TileText rate, money, time, kept;
    rate.value = looked == 0 ? QStringLiteral("—") : formatShare(figures.hits, looked);
    rate.note = looked == 0 ? Text::tr("nobody asked yet")
                            : Text::tr("%1 of %2 requests")
                                  .arg(formatCount(hits), formatCount(static_cast<std::int64_t>(looked)));
    money.value = formatMoney(figures.savedNanos);
    time.value = formatDuration(figures.savedMicros);
    money.note = time.note = Text::tr("since the start");
    kept.value = formatCount(static_cast<std::int64_t>(figures.answers));
    kept.note = Text::tr("%1 of %2").arg(sizeText(figures.bytes), sizeText(figures.maxBytes));
    return {rate, money, time, kept};
}

QString timeText(std::int64_t seconds)
{
    if (seconds >= 2 * kDaySeconds) return Text::tr("%1 days").arg(formatCount(seconds / kDaySeconds));
    if (seconds >= kHourSeconds) return Text::tr("%1 h").arg(formatCount(seconds / kHourSeconds));
    if (seconds >= kMinuteSeconds) return Text::tr("%1 min").arg(formatCount(seconds / kMinuteSeconds));
    return Text::tr("%1 s").arg(formatCount(std::max<std::int64_t>(0, seconds)));
}

QString sizeText(std::int64_t bytes)
{
    return QLocale().formattedDataSize(bytes, bytes < 1024 ? 0 : 1, QLocale::DataSizeTraditionalFormat);
}

QString timeLeftText(const gateway::CacheEntry& entry, std::int64_t now)
{
    if (entry.pinned) return Text::tr("pinned");
    return entry.expiresAt <= now ? Text::tr("ended") : timeText(entry.expiresAt - now);
}

QString keyPrefix(const gateway::CacheEntry& entry)
{
    return QString::fromStdString(entry.key).left(kKeyLetters);
}

QString ownerText(const gateway::CacheEntry& entry)
{
    return entry.owner.empty() ? Text::tr("all keys") : QString::fromStdString(entry.owner);
}

QString promptText(const gateway::CacheEntry& entry)
{
    const QString text = QString::fromStdString(entry.prompt).simplified();
    if (text.isEmpty()) return Text::tr("no text");
    return text.size() <= kPromptLetters ? text : text.left(kPromptLetters).trimmed() + QChar(0x2026);
}

std::vector<std::pair<QString, QString>> cachedFacts(const gateway::CacheEntry& entry, std::int64_t now)
{
    const auto qs = [](const std::string& text) { return QString::fromStdString(text); };
    std::vector<std::pair<QString, QString>> facts{
        {Text::tr("Asked for"), qs(entry.asked)},
        {Text::tr("Answered by"), qs(entry.provider + "/" + entry.model)}};
    if (!entry.route.empty()) facts.emplace_back(Text::tr("Route"), qs(entry.route));
    facts.emplace_back(Text::tr("Whose"), ownerText(entry));
    facts.emplace_back(Text::tr("Came"), entry.isStream ? Text::tr("as a stream") : Text::tr("whole"));
    facts.emplace_back(Text::tr("Made"), instant(entry.madeAt));
    facts.emplace_back(Text::tr("Good until"), entry.pinned             ? Text::tr("it is unpinned or purged")
                                               : entry.expiresAt <= now ? Text::tr("ended")
                                                                        : instant(entry.expiresAt));
    facts.emplace_back(Text::tr("Hits"), formatCount(entry.hits));
    facts.emplace_back(Text::tr("Last hit"),
                       entry.usedAt == 0 ? Text::tr("none yet") : instant(entry.usedAt));
    facts.emplace_back(Text::tr("Cost once"), formatMoney(entry.costNanos));
    facts.emplace_back(Text::tr("Saved"), formatMoney(entry.savedNanos));
    facts.emplace_back(Text::tr("Size"), sizeText(entry.bytes));
    return facts;
}

} // namespace ui
