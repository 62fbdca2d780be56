// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/iso_time.h"

#include <chrono>
#include <cstdio>

#include "base/strings.h"

namespace gateway {

namespace {

/// `count` digits from the front of `text`.
std::optional<int> takeNumber(std::string_view& text, std::size_t count)
{
    if (text.size() < count) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(0, count)) {
        if (!isAsciiDigit(c)) return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool takeChar(std::string_view& text, std::string_view allowed)
{
    if (text.empty() || allowed.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::int64_t> takeDate(std::string_view& text)
{
    const auto year = takeNumber(text, 4);
    if (!year || !takeChar(text, "-")) return std::nullopt;
    const auto month = takeNumber(text, 2);
    if (!month || !takeChar(text, "-")) return std::nullopt;
    const auto day = takeNumber(text, 2);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch().count() * kMicrosPerDay;
}

std::int64_t takeFraction(std::string_view& text)
{
    std::int64_t micros = 0;
    std::int64_t unit = kMicrosPerSecond / 10;
    while (!text.empty() && isAsciiDigit(text.front())) {
        micros += (text.front() - '0') * unit;
        unit /= 10;
        text.remove_prefix(1);
    }
    return micros;
}

std::optional<std::int64_t> takeClock(std::string_view& text)
{
    const auto hour = takeNumber(text, 2);
    if (!hour || *hour > 23 || !takeChar(text, ":")) return std::nullopt;
    const auto minute = takeNumber(text, 2);
    if (!minute || *minute > 59) return std::nullopt;
    std::int64_t micros = (*hour * 60 + *minute) * 60 * kMicrosPerSecond;
    if (!takeChar(text, ":")) return micros;
    const auto second = takeNumber(text, 2);
    if (!second || *second > 59) return std::nullopt;
    micros += *second * kMicrosPerSecond;
    if (!takeChar(text, ".")) return micros;
    if (text.empty() || !isAsciiDigit(text.front())) return std::nullopt;
    return micros + takeFraction(text);
}

std::optional<std::int64_t> takeOffset(std::string_view& text)
{
    if (text.empty() || takeChar(text, "Zz")) return 0;
    const bool west = text.front() == '-';
    if (!takeChar(text, "+-")) return std::nullopt;
    const auto hours = takeNumber(text, 2);
    if (!hours || *hours > 23) return std::nullopt;
    takeChar(text, ":");
    const auto minutes = takeNumber(text, 2);
    if (!minutes || *minutes > 59) return std::nullopt;
    const std::int64_t micros = (*hours * 60 + *minutes) * 60 * kMicrosPerSecond;
    return west ? -micros : micros;
}

} // namespace

std::optional<IsoTime> parseIsoTime(std::string_view text)
{
    const auto date = takeDate(text);
    if (!date) return std::nullopt;
    if (text.empty()) return IsoTime{*date, true};
    if (!takeChar(text, "Tt ")) return std::nullopt;
    const auto clock = takeClock(text);
    if (!clock) return std::nullopt;
    const auto offset = takeOffset(text);
    if (!offset || !text.empty()) return std::nullopt;
    return IsoTime{*date + *clock - *offset, false};
}

std::string isoText(std::int64_t micros)
{
    using namespace std::chrono;
    const sys_time<microseconds> instant{microseconds(micros)};
    const auto midnight = floor<days>(instant);
    const year_month_day date(midnight);
    const hh_mm_ss clock(instant - midnight);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return text;
}

} // namespace gateway
