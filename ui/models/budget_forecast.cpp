// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/budget_forecast.h"

#include <cmath>

#include <QCoreApplication>
#include <QLocale>

#include "models/budget_text.h"
#include "models/format.h"

namespace ui {
namespace {

constexpr double kDayMicros = 86'400e6;
constexpr double kLeastSpent = 0.05; // of the amount: before, one dear call would be taken for a pace
constexpr double kLeastOver = 0.02;  // of the span
constexpr qint64 kDaysByName = 6;    // beyond, a weekday could be meant twice

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::BudgetForecast)
};

// A forecast to the minute would promise more than it knows.
QDateTime rounded(const QDateTime& when, gateway::BudgetPeriod per)
{
    const int step = per == gateway::BudgetPeriod::Hour ? 5 * 60 : 30 * 60;
    return when.addSecs(step / 2 - (when.time().msecsSinceStartOfDay() / 1000 + step / 2) % step);
}

} // namespace

std::optional<std::int64_t> usedUpAt(const gateway::BudgetState& state, gateway::BudgetPeriod per,
                                     std::int64_t nowMicros)
{
    using Period = gateway::BudgetPeriod;
    const bool spans =
        per == Period::Hour || per == Period::Day || per == Period::Week || per == Period::Month;
    const std::int64_t room = roomOf(state);
    if (!spans || !state.complete || room <= 0) return std::nullopt;
    if (state.spentNanos <= 0 || state.spentNanos >= room) return std::nullopt;
    const auto over = static_cast<double>(nowMicros - state.since);
    const auto span = static_cast<double>(state.until - state.since);
    const auto spent = static_cast<double>(state.spentNanos);
    const auto limit = static_cast<double>(room);
    if (span <= 0 || over < kLeastOver * span || spent < kLeastSpent * limit) return std::nullopt;
    const double at = static_cast<double>(state.since) + over * (limit / spent);
    if (at >= static_cast<double>(state.until)) return std::nullopt;
    return static_cast<std::int64_t>(std::llround(at));
}

QString forecastText(const gateway::BudgetState& state, gateway::BudgetPeriod per, const QDateTime& now)
{
    const auto at = usedUpAt(state, per, now.toMSecsSinceEpoch() * 1000);
    if (!at) return {};
    const QDateTime exact = QDateTime::fromMSecsSinceEpoch(*at / 1000);
    const QDateTime when = rounded(exact, per);
    const QString time = QLocale().toString(when.time(), QStringLiteral("HH:mm"));
    if (when <= now) return Text::tr("Used up within minutes");
    const qint64 days = now.date().daysTo(when.date());
    if (days == 0) return Text::tr("Used up today about %1").arg(time);
    if (days == 1) return Text::tr("Used up tomorrow about %1").arg(time);
    if (days <= kDaysByName)
        return Text::tr("Used up on %1 about %2").arg(QLocale().dayName(when.date().dayOfWeek()), time);
    return Text::tr("Used up about %1").arg(formatDay(when.date()));
}

std::optional<std::int64_t> dayPace(const gateway::BudgetState& state, gateway::BudgetPeriod per,
                                    std::int64_t nowMicros)
{
    if (!state.complete || per == gateway::BudgetPeriod::Undecided) return std::nullopt;
    if (per == gateway::BudgetPeriod::RollingDay) return state.spentNanos;
    if (per == gateway::BudgetPeriod::Total) return std::nullopt;
    const auto over = static_cast<double>(nowMicros - state.since);
    const auto span = static_cast<double>(state.until - state.since);
    if (span <= 0 || over < kLeastOver * span) return std::nullopt;
    return static_cast<std::int64_t>(
        std::llround(static_cast<double>(state.spentNanos) * (kDayMicros / over)));
}

QString paceText(const gateway::BudgetState* state, gateway::BudgetPeriod per, const QDateTime& now)
{
    const auto pace = state == nullptr ? std::nullopt : dayPace(*state, per, now.toMSecsSinceEpoch() * 1000);
    if (!pace) return QStringLiteral("—");
    return Text::tr("%1 a day").arg(formatMoney(*pace));
}

} // namespace ui
