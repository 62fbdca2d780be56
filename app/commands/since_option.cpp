// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/since_option.h"

#include <algorithm>
#include <chrono>

#include <QDateTime>
#include <QString>

#include "gateway/durations.h"

#include "app/commands/output.h"

namespace app {

std::optional<std::int64_t> parseSince(std::string_view text, std::int64_t nowMicros)
{
    if (const auto before = gateway::durationIn(text))
        return std::max<std::int64_t>(nowMicros - std::chrono::microseconds(*before).count(), 0);
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
