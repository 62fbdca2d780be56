// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/csv.h"

#include <algorithm>

namespace ui {
namespace {

bool isNumber(const QString& cell)
{
    bool number = false;
    static_cast<void>(cell.toDouble(&number));
    return number;
}

QString csvCell(QString cell)
{
    if (!cell.isEmpty() && QStringLiteral("=+-@\t\r").contains(cell.front()) && !isNumber(cell))
        cell.prepend(QLatin1Char('\''));
    const bool quoted =
        std::any_of(cell.begin(), cell.end(), [](QChar c) { return QStringLiteral(",\"\n\r").contains(c); });
    if (!quoted) return cell;
    return QLatin1Char('"') + cell.replace(QLatin1Char('"'), QLatin1String("\"\"")) + QLatin1Char('"');
}

} // namespace

QString csvLine(const QStringList& cells)
{
    QStringList written;
    for (const QString& cell : cells) {
        written.append(csvCell(cell));
    }
    return written.join(QLatin1Char(',')) + QLatin1Char('\n');
}

QString plainDollars(std::int64_t nanos)
{
    constexpr std::uint64_t kNanos = 1'000'000'000;
    const auto size = nanos < 0 ? ~static_cast<std::uint64_t>(nanos) + 1 : static_cast<std::uint64_t>(nanos);
    QString text = QString::number(size / kNanos);
    QString rest = QStringLiteral("%1").arg(size % kNanos, 9, 10, QLatin1Char('0'));
    while (rest.size() > 2 && rest.endsWith(QLatin1Char('0'))) {
        rest.chop(1);
    }
    text += QLatin1Char('.') + rest;
    return nanos < 0 ? QLatin1Char('-') + text : text;
}

} // namespace ui
