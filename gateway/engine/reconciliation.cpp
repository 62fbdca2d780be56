// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/reconciliation.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>

#include "base/iso_time.h"

namespace gateway::engine {

namespace {

using accounting::ProviderReport;
using accounting::ReportedUse;
using log_store::DayUse;

struct Kind {
    const char* name;
    ReportedUse::Count ReportedUse::*theirs;
    std::int64_t DayUse::*ours;
};
constexpr std::array kKinds{Kind{"input", &ReportedUse::input, &DayUse::inputTokens},
                            Kind{"output", &ReportedUse::output, &DayUse::outputTokens},
                            Kind{"cache_read", &ReportedUse::cacheRead, &DayUse::cacheReadTokens},
                            Kind{"cache_write", &ReportedUse::cacheWrite, &DayUse::cacheWriteTokens},
                            Kind{"requests", &ReportedUse::requests, &DayUse::requests},
                            Kind{"cost", &ReportedUse::costNanos, &DayUse::costNanos}};

/// What both sides say of a model on a day.
struct Pair {
    std::string model; // as the log has it, or else the provider
    std::array<std::int64_t, kKinds.size()> theirs{}, ours{};
};
using Key = std::pair<std::string, std::string>; // day, model without its version

/// Counts come from a file, whoever made it. Half the range, so that the difference of two fits, too.
void addClamped(std::int64_t& sum, std::int64_t count)
{
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / 2;
    sum = std::clamp(sum + std::clamp(count, -kMost, kMost), -kMost, kMost);
}

} // namespace

Span spanOf(const ProviderReport& report)
{
    Span span;
    if (report.use.empty()) return span;
    // Each is a day: they were made from instants.
    const auto first = parseIsoTime(report.use.front().day);
    const auto last = parseIsoTime(report.use.back().day);
    if (first) span.since = first->micros;
    if (last) span.until = last->micros + kMicrosPerDay;
    return span;
}

std::vector<ReconcileRow> compared(const ProviderReport& report, const std::vector<DayUse>& days)
{
    const bool byModel = std::any_of(report.use.begin(), report.use.end(),
                                     [](const ReportedUse& use) { return !use.model.empty(); });
    const auto keyOf = [byModel](const std::string& day, const std::string& model) {
        return Key(day, byModel ? std::string(accounting::withoutVersion(model)) : std::string());
    };
    std::map<Key, Pair> pairs;
    std::array<bool, kKinds.size()> told{};
    for (const ReportedUse& use : report.use) {
        Pair& pair = pairs[keyOf(use.day, use.model)];
        pair.model = use.model;
        for (std::size_t i = 0; i < kKinds.size(); ++i) {
            const ReportedUse::Count& count = use.*kKinds[i].theirs;
            told[i] = told[i] || count;
            addClamped(pair.theirs[i], count.value_or(0));
        }
    }
    for (const DayUse& day : days) {
        Pair& pair = pairs[keyOf(day.day, day.model)];
        pair.model = byModel ? day.model : std::string();
        for (std::size_t i = 0; i < kKinds.size(); ++i)
            addClamped(pair.ours[i], day.*kKinds[i].ours);
    }
    std::vector<ReconcileRow> rows;
    for (const auto& [key, pair] : pairs) {
        for (std::size_t i = 0; i < kKinds.size(); ++i) {
            if (told[i] && (pair.theirs[i] != 0 || pair.ours[i] != 0))
                rows.push_back({key.first, pair.model, kKinds[i].name, pair.theirs[i], pair.ours[i]});
        }
    }
    return rows;
}

} // namespace gateway::engine
