// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/time_ticks.h"

#include <array>

#include <QDateTime>
#include <QLocale>
#include <QStringList>

#include "models/format.h"

namespace ui {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr int kDaySeconds = 86'400;
constexpr std::array kSteps{60,     120,    300,    600,    900,     1'800,   3'600,   7'200,    10'800,
                            14'400, 21'600, 43'200, 86'400, 172'800, 432'000, 864'000, 2'592'000};

int stepFor(std::int64_t spanMicros, int most)
{
    for (const int step : kSteps) {
        if (spanMicros <= most * (step * kSecond)) return step;
    }
    return kSteps.back();
}

// Charts need names that differ: the same hour of two days gets something that is not seen.
QString unlike(QString name, const QStringList& taken)
{
    while (taken.contains(name)) {
        name += QChar(0x200B);
    }
    return name;
}

} // namespace

std::vector<TimeTick> timeTicks(std::int64_t sinceMicros, std::int64_t untilMicros, int most)
{
    std::vector<TimeTick> ticks;
    if (untilMicros <= sinceMicros || most < 1) return ticks;
    const int step = stepFor(untilMicros - sinceMicros, most);
    const int dayStep = step / kDaySeconds;
    const bool fewDays = untilMicros - sinceMicros <= 8 * kDaySeconds * kSecond;
    const QDate last = QDateTime::fromMSecsSinceEpoch(untilMicros / 1000).date();
    QStringList names;
    for (QDate day = QDateTime::fromMSecsSinceEpoch(sinceMicros / 1000).date(); day <= last;
         day = day.addDays(1)) {
        if (dayStep > 1 && day.toJulianDay() % dayStep != 0) continue;
        for (int second = 0; second < kDaySeconds; second += step) {
            const QDateTime when(day, QTime(0, 0).addSecs(second)); // Each day anew: clocks are put forward.
            const std::int64_t micros = when.toMSecsSinceEpoch() * 1000;
            if (!when.isValid() || micros < sinceMicros || micros > untilMicros) continue;
            const QString name = dayStep == 0 ? QLocale().toString(when.time(), QStringLiteral("HH:mm"))
                                 : fewDays    ? QLocale().toString(day, QStringLiteral("ddd d"))
                                              : formatDay(day);
            names.append(unlike(name, names));
            ticks.push_back({micros, names.back()});
        }
    }
    return ticks;
}

} // namespace ui
