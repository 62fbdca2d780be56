// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <QDateTime>
#include <QString>

/// Figures as people read them, in the user's locale.
namespace ui {

/// "$18.42"; small amounts keep the digits that matter ("$0.00013"). Always with the currency.
[[nodiscard]] QString formatMoney(std::int64_t nanos);
/// "812 ms", "1.24 s", "2 min 5 s"; under a millisecond "0.4 ms", then "72 µs".
[[nodiscard]] QString formatDuration(std::int64_t micros);
[[nodiscard]] QString formatCount(std::int64_t count);
/// "0.42%"; `part` of `whole`, "0%" of nothing.
[[nodiscard]] QString formatShare(std::uint64_t part, std::uint64_t whole);
/// Time of day for today, date and time for older rows.
[[nodiscard]] QString formatInstant(std::int64_t microsSince1970, const QDateTime& now);
/// "just now", "5 min ago", "3 h ago", "2 days ago".
[[nodiscard]] QString formatAgo(std::int64_t microsSince1970, const QDateTime& now);
[[nodiscard]] QString formatFullInstant(std::int64_t microsSince1970);
/// "Nov 24" or "24 Nov", as the locale has it.
[[nodiscard]] QString formatDay(const QDate& day);
/// Where a bar or a point of a chart begins: hour and minute, with the day unless that is today.
[[nodiscard]] QString formatMoment(std::int64_t microsSince1970, const QDateTime& now);
[[nodiscard]] QString formatMoment(const QDateTime& when, const QDateTime& now);
/// "a, b"
[[nodiscard]] QString formatList(const std::vector<std::string>& parts);

} // namespace ui
