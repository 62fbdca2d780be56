// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/format.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace ui {
namespace {

constexpr double kNanosPerDollar = 1e9;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::Format)
};

QString number(double value, int decimals)
{
    return QLocale().toString(value, 'f', decimals);
}

// At least two significant digits of a small price, so that it never reads as nothing.
int decimalsFor(double dollars)
{
    if (dollars == 0.0 || dollars >= 1.0) return 2;
    if (dollars >= 0.001) return 4;
    const int leadingZeros = static_cast<int>(std::floor(-std::log10(dollars)));
    return std::min(9, leadingZeros + 2);
}

} // namespace

QString formatMoney(std::int64_t nanos)
{
    const double dollars = std::abs(static_cast<double>(nanos)) / kNanosPerDollar;
    QString digits = number(dollars, decimalsFor(dollars));
    return (nanos < 0 ? QStringLiteral("-$") : QStringLiteral("$")) + digits;
}

QString formatDuration(std::int64_t micros)
{
    const double ms = static_cast<double>(micros) / 1000.0;
    if (micros > 0 && micros < 100) return Text::tr("%1 µs").arg(formatCount(micros));
    if (micros > 0 && ms < 1.0) return Text::tr("%1 ms").arg(number(ms, 1));
    if (ms < 999.5) return Text::tr("%1 ms").arg(number(ms, 0));
    if (ms < 10'000.0) return Text::tr("%1 s").arg(number(ms / 1000.0, 2));
    if (ms < 119'950.0) return Text::tr("%1 s").arg(number(ms / 1000.0, 1));
    const auto totalSeconds = static_cast<std::int64_t>(ms / 1000.0);
    return Text::tr("%1 min %2 s").arg(formatCount(totalSeconds / 60)).arg(totalSeconds % 60);
}

QString formatCount(std::int64_t count)
{
    return QLocale().toString(static_cast<qlonglong>(count));
}

QString formatShare(std::uint64_t part, std::uint64_t whole)
{
    if (whole == 0 || part == 0) return Text::tr("0%");
    const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
    return Text::tr("%1%").arg(number(percent, percent < 10.0 ? 2 : 1));
}

QString formatInstant(std::int64_t microsSince1970, const QDateTime& now)
{
    const QDateTime when = QDateTime::fromMSecsSinceEpoch(microsSince1970 / 1000);
    QString time = QLocale().toString(when.time(), QStringLiteral("HH:mm:ss"));
    if (when.date() == now.date()) return time;
    return formatDay(when.date()) + QLatin1Char(' ') + time.left(5);
}

QString formatAgo(std::int64_t microsSince1970, const QDateTime& now)
{
    const qint64 seconds = std::max<qint64>(0, now.toSecsSinceEpoch() - microsSince1970 / 1'000'000);
    if (seconds < 60) return Text::tr("just now");
    if (seconds < 3600) return Text::tr("%1 min ago").arg(seconds / 60);
    if (seconds < 86'400) return Text::tr("%1 h ago").arg(seconds / 3600);
    return Text::tr("%Ln day(s) ago", nullptr, static_cast<int>(seconds / 86'400));
}

QString formatMoment(std::int64_t microsSince1970, const QDateTime& now)
{
    return formatMoment(QDateTime::fromMSecsSinceEpoch(microsSince1970 / 1000), now);
}

QString formatMoment(const QDateTime& when, const QDateTime& now)
{
    const QString time = QLocale().toString(when.time(), QStringLiteral("HH:mm"));
    return when.date() == now.date() ? time : formatDay(when.date()) + QLatin1Char(' ') + time;
}

QString formatDay(const QDate& day)
{
    const QString pattern = QLocale().dateFormat(QLocale::ShortFormat);
    const bool monthFirst = pattern.indexOf(QLatin1Char('M')) < pattern.indexOf(QLatin1Char('d'));
    return QLocale().toString(day, monthFirst ? QStringLiteral("MMM d") : QStringLiteral("d MMM"));
}

QString formatFullInstant(std::int64_t microsSince1970)
{
    const QDateTime when = QDateTime::fromMSecsSinceEpoch(microsSince1970 / 1000);
    return formatDay(when.date()) + when.toString(QStringLiteral(" yyyy ")) +
           QLocale().toString(when.time(), QStringLiteral("HH:mm:ss.zzz"));
}

QString formatList(const std::vector<std::string>& parts)
{
    QStringList list;
    for (const std::string& part : parts) {
        list.append(QString::fromStdString(part));
    }
    return list.join(QStringLiteral(", "));
}

} // namespace ui
