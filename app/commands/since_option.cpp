// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/since_option.h"

#include <charconv>

#include <QDateTime>
#include <QString>

#include "app/commands/output.h"

namespace app {

namespace {

std::int64_t secondsOf(char unit)
{
    switch (unit) {
    case 's':
        return 1;
    case 'm':
        return 60;
    case 'h':
        return 3600;
    case 'd':
        return 86'400;
    case 'w':
        return 7 * 86'400;
    default:
        return 0;
    }
}

} // namespace

std::optional<std::int64_t> parseSince(std::string_view text, std::int64_t nowMicros)
{
    constexpr std::int64_t kMicros = 1'000'000;
    if (text.empty()) return std::nullopt;
    if (const std::int64_t unit = secondsOf(text.back()); unit != 0 && text.size() > 1) {
        std::int64_t count = 0;
        const char* end = text.data() + text.size() - 1;
        const auto [stop, fault] = std::from_chars(text.data(), end, count);
        const std::int64_t most = nowMicros / kMicros / unit;
        if (fault == std::errc() && stop == end && count >= 0)
            return count > most ? 0 : nowMicros - count * unit * kMicros;
    }
    const QString date = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    QDateTime time = QDateTime::fromString(date, Qt::ISODateWithMs);
    if (!time.isValid()) time = QDateTime::fromString(date, Qt::ISODate);
    if (!time.isValid() || time.toMSecsSinceEpoch() < 0) return std::nullopt;
    return time.toMSecsSinceEpoch() * 1000;
}

gateway::Result<std::int64_t> sinceOf(const CommandLine& line)
{
    if (!line.has("since")) return std::int64_t{0};
    const auto since = parseSince(line.value("since"), nowMicros());
    if (!since)
        return gateway::clientError(gateway::Code::InvalidRequest,
                                    "--since needs 15m, 2h, 7d, or a date or time.");
    return *since;
}

} // namespace app
