// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/rate_headers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "base/iso_time.h"
#include "base/strings.h"

namespace gateway::pipeline {

namespace {

enum class Measure : std::uint8_t { Undecided, Requests, Tokens, InputTokens, OutputTokens };

/// A field behind its prefix.
struct Row {
    std::string_view rest;
    Measure measure;
    bool isReset;
};

// What counts nothing in particular counts requests.
constexpr std::array kPlain{
    Row{"remaining", Measure::Requests, false},          Row{"reset", Measure::Requests, true},
    Row{"remaining-requests", Measure::Requests, false}, Row{"reset-requests", Measure::Requests, true},
    Row{"remaining-tokens", Measure::Tokens, false},     Row{"reset-tokens", Measure::Tokens, true},
};
constexpr std::array kAnthropic{
    Row{"requests-remaining", Measure::Requests, false},
    Row{"requests-reset", Measure::Requests, true},
    Row{"tokens-remaining", Measure::Tokens, false},
    Row{"tokens-reset", Measure::Tokens, true},
    Row{"input-tokens-remaining", Measure::InputTokens, false},
    Row{"input-tokens-reset", Measure::InputTokens, true},
    Row{"output-tokens-remaining", Measure::OutputTokens, false},
    Row{"output-tokens-reset", Measure::OutputTokens, true},
};

constexpr std::size_t kShortestName = std::string_view("ratelimit-reset").size();
constexpr std::size_t kLongestName = std::string_view("anthropic-ratelimit-output-tokens-remaining").size();
constexpr double kSecondsAreInstants = 1e9;       // smaller numbers are spans of time
constexpr double kMillisecondsAreInstants = 1e11; // and so large seconds are milliseconds

const Row* rowOf(std::string_view name, std::string_view prefix, std::span<const Row> rows)
{
    if (!startsWithIgnoreCase(name, prefix)) return nullptr;
    const std::string_view rest = name.substr(prefix.size());
    for (const Row& row : rows) {
        if (row.rest.size() == rest.size() && equalsIgnoreCase(row.rest, rest)) return &row;
    }
    return nullptr;
}

/// By size and first letter first: a head has many fields, and few of them are of these.
const Row* rowOf(std::string_view name)
{
    if (name.size() < kShortestName || name.size() > kLongestName) return nullptr;
    switch (name.front()) {
    case 'x':
    case 'X':
        return rowOf(name, "x-ratelimit-", kPlain);
    case 'a':
    case 'A':
        return rowOf(name, "anthropic-ratelimit-", kAnthropic);
    case 'r':
    case 'R':
        return rowOf(name, "ratelimit-", kPlain);
    default:
        return nullptr;
    }
}

/// A number at the front of `text`, taken off it.
std::optional<double> takeNumber(std::string_view& text)
{
    double value = 0;
    const auto read =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (read.ec != std::errc() || !std::isfinite(value) || value < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    return value;
}

/// Seconds in one of a unit at the front of `text`, which is taken off it.
std::optional<double> takeUnit(std::string_view& text)
{
    constexpr std::array<std::pair<std::string_view, double>, 5> kUnits{
        {{"ms", 1e-3}, {"us", 1e-6}, {"h", 3600}, {"m", 60}, {"s", 1}}};
    for (const auto& [unit, seconds] : kUnits) {
        if (!text.starts_with(unit)) continue;
        text.remove_prefix(unit.size());
        return seconds;
    }
    return std::nullopt;
}

/// Seconds from now: "6m0s", "120ms", "7.66s", "59", or as an instant "1741305600000". Nothing: no time.
std::optional<double> secondsAhead(std::string_view text, std::int64_t nowMicros)
{
    const double now = static_cast<double>(nowMicros) / 1e6;
    double sum = 0;
    for (bool first = true; !text.empty(); first = false) {
        const auto number = takeNumber(text);
        if (!number) return std::nullopt;
        if (first && text.empty()) {
            if (*number >= kMillisecondsAreInstants) return *number / 1e3 - now;
            return *number >= kSecondsAreInstants ? *number - now : *number;
        }
        const auto unit = takeUnit(text);
        if (!unit) return std::nullopt;
        sum += *number * *unit;
    }
    return sum;
}

std::int64_t resetOf(std::string_view text, std::int64_t nowMicros)
{
    std::optional<double> ahead;
    const bool isDate = text.size() > 4 && text[4] == '-';
    if (!isDate) {
        ahead = secondsAhead(text, nowMicros);
    } else if (const auto instant = parseIsoTime(text)) {
        ahead = static_cast<double>(instant->micros - nowMicros) / 1e6;
    }
    if (!ahead || !(*ahead > 0)) return 0;
    const double micros = std::min(*ahead * 1e6, static_cast<double>(kLongestReset));
    return nowMicros + static_cast<std::int64_t>(micros);
}

/// Azure says -1 where it does not know.
std::optional<std::int64_t> leftOf(std::string_view text)
{
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

struct Allowance {
    std::optional<std::int64_t> left;
    std::int64_t until = 0;
};

class Allowances {
public:
    void take(const Row& row, std::string_view value, std::int64_t nowMicros)
    {
        Allowance& allowance = m_all[static_cast<std::size_t>(row.measure)];
        if (row.isReset)
            allowance.until = resetOf(value, nowMicros);
        else
            allowance.left = leftOf(value);
    }
    [[nodiscard]] RateLeft sum() const
    {
        RateLeft rate;
        const Allowance& requests = of(Measure::Requests);
        rate.requests = requests.left;
        rate.requestsUntil = requests.until;
        const auto tighten = [&rate](const Allowance& tokens) {
            if (!tokens.left || (rate.tokens && *rate.tokens <= *tokens.left)) return;
            rate.tokens = tokens.left;
            rate.tokensUntil = tokens.until;
        };
        tighten(of(Measure::Tokens));
        tighten(of(Measure::InputTokens));
        // How long the answer gets nobody knows: only none at all are too few.
        if (of(Measure::OutputTokens).left == 0) tighten(of(Measure::OutputTokens));
        return rate;
    }

private:
    [[nodiscard]] const Allowance& of(Measure measure) const
    {
        return m_all[static_cast<std::size_t>(measure)];
    }
    std::array<Allowance, 5> m_all;
};

} // namespace

RateLeft readRateHeaders(std::span<const std::pair<std::string_view, std::string_view>> fields,
                         std::int64_t nowMicros)
{
    Allowances found;
    bool any = false;
    for (const auto& [name, value] : fields) {
        const Row* const row = rowOf(name);
        if (!row) continue;
        found.take(*row, trimmed(value), nowMicros);
        any = true;
    }
    return any ? found.sum() : RateLeft();
}

} // namespace gateway::pipeline
