// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/durations.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace gateway {

namespace {

std::int64_t secondsPer(char unit)
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

std::optional<std::chrono::seconds> durationIn(std::string_view text)
{
    constexpr std::int64_t kLongest = 3'000 * 31'557'600LL;
    const std::int64_t unit = text.size() < 2 ? 0 : secondsPer(text.back());
    if (unit == 0) return std::nullopt;
    std::int64_t count = 0;
    const char* const end = text.data() + text.size() - 1;
    const auto [stop, fault] = std::from_chars(text.data(), end, count);
    const bool isHuge = fault == std::errc::result_out_of_range && text.front() != '-';
    if ((fault != std::errc() && !isHuge) || stop != end || count < 0) return std::nullopt;
    return std::chrono::seconds(isHuge ? kLongest : std::min(count, kLongest / unit) * unit);
}

} // namespace gateway
