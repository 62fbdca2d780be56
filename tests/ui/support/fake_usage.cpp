// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/support/fake_usage.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "models/usage_model.h"
#include "ui/support/fake_link.h"

namespace ui {
namespace {

constexpr std::int64_t kHour = 3'600'000'000;
constexpr int kPastDays = 70;

template <class T>
QFuture<T> answered(T value)
{
    QPromise<T> promise;
    promise.start();
    promise.addResult(std::move(value));
    promise.finish();
    return promise.future();
}

std::vector<std::string> groupsOf(const gateway::LogRow& row, const std::string& by)
{
    if (by == "tag") return row.tags;
    if (by == "model") return {row.model};
    if (by == "provider") return {row.provider};
    if (by == "target") return {row.provider + "/" + row.model};
    if (by == "route") return {row.route};
    if (by == "client") return {row.client};
    if (by == "key") return {row.key};
    if (by == "program") return {row.program};
    if (by == "repository") return {row.repository};
    if (by == "session") return {row.session};
    if (by == "cost_source") return {row.costSource};
    return {std::string()};
}

// The rows with what only this page shows: caches, savings, where a request came from.
std::vector<gateway::LogRow> enriched(std::vector<gateway::LogRow> rows)
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        gateway::LogRow& row = rows[i];
        const bool agent = row.client == "claude-code" || row.client == "cursor";
        row.program = agent ? "/usr/bin/node" : "/usr/bin/python3";
        if (agent) row.repository = i % 3 == 0 ? "/home/ada/code/shop" : "/home/ada/code/compiler";
        row.session = "session-" + std::to_string(i / 20);
        if (row.tags.empty() && i % 2 == 0) row.tags = {agent ? "coding" : "nightly"};
        if (row.provider == "anthropic") row.cacheReadTokens = row.inputTokens / 2;
        if (row.provider == "anthropic") row.cacheWriteTokens = row.inputTokens / 8;
        if (row.provider == "openai") row.reasoningTokens = row.outputTokens / 4;
        if (row.provider == "groq") row.costSource = i % 4 == 2 ? "reported" : "estimated";
        if (row.provider == "groq") row.routedNanos = 2 * row.costNanos;
        if (row.provider == "openai" && i % 5 == 0) row.savedNanos = row.costNanos;
        if (row.provider != "lab") continue;
        row.costSource = "unknown";
        row.costNanos = 0;
    }
    return rows;
}

/// A row of the past, and how often it was.
struct PastRow {
    const gateway::LogRow& row;
    std::int64_t micros;
    int times;
};

template <class Visit>
void visitPast(const std::vector<gateway::LogRow>& rows, std::int64_t since, std::int64_t until, Visit visit)
{
    // Fewer rows than there are, oftener: what is asked for is drawn, not counted.
    const std::size_t step = (rows.size() / 24) | 1; // Odd: there are four kinds in turn.
    for (std::size_t i = 0; i < rows.size(); i += step) {
        for (int day = 1; day <= kPastDays; ++day) {
            const double week = 1.2 + std::sin(day * 0.9 + static_cast<double>(i % 5));
            const std::int64_t at =
                rows[i].id.microseconds() - day * 24 * kHour -
                static_cast<std::int64_t>((i * 7 + static_cast<std::size_t>(day)) % 20) * kHour;
            const int times = 1 + static_cast<int>(week * 8);
            if (at >= since && at < until) visit(PastRow{rows[i], at, times});
        }
    }
}

template <class Sum>
void addTo(Sum& sum, const gateway::LogRow& row, int times)
{
    const auto often = static_cast<std::uint64_t>(times);
    sum.requests += often;
    if (row.status >= 400 || !row.errorCode.empty()) sum.failures += often;
    sum.inputTokens += row.inputTokens * times;
    sum.outputTokens += row.outputTokens * times;
    sum.cacheReadTokens += row.cacheReadTokens * times;
    sum.cacheWriteTokens += row.cacheWriteTokens * times;
    sum.reasoningTokens += row.reasoningTokens * times;
    sum.costNanos += row.costNanos * times;
}

void addRow(std::map<std::string, gateway::UsageRow>& sums, const gateway::LogRow& row, const std::string& by,
            int times)
{
    for (const std::string& name : groupsOf(row, by)) {
        gateway::UsageRow& sum = sums[name];
        sum.name = name;
        addTo(sum, row, times);
        sum.savedNanos += row.savedNanos * times;
        sum.routedNanos += row.routedNanos * times;
        if (row.costSource == "unknown") sum.unpriced += static_cast<std::uint64_t>(times);
    }
}

} // namespace

std::vector<gateway::UsageRow> madeUpUsage(const std::vector<gateway::LogRow>& logged,
                                           const gateway::UsageQuery& query)
{
    const std::vector<gateway::LogRow> rows = query.untilMicros > 0 ? enriched(logged) : logged;
    std::map<std::string, gateway::UsageRow> sums;
    if (query.by.empty()) sums[{}] = {};
    const bool ends = query.untilMicros > 0;
    for (const gateway::LogRow& row : rows) {
        if (!query.route.empty() && row.route != query.route) continue;
        const std::int64_t at = row.id.microseconds();
        if (ends && (at < query.sinceMicros || at >= query.untilMicros)) continue;
        addRow(sums, row, query.by, 1);
    }
    if (ends)
        visitPast(rows, query.sinceMicros, query.untilMicros,
                  [&](const PastRow& past) { addRow(sums, past.row, query.by, past.times); });
    std::vector<gateway::UsageRow> result;
    result.reserve(sums.size());
    for (const auto& [name, sum] : sums) {
        result.push_back(sum);
    }
    std::stable_sort(result.begin(), result.end(),
                     [](const auto& a, const auto& b) { return a.costNanos > b.costNanos; });
    if (query.limit > 0 && result.size() > query.limit) {
        gateway::UsageRow others = sumOf({result.begin() + query.limit, result.end()});
        others.others = result.size() - query.limit;
        result.resize(query.limit);
        result.push_back(others);
    }
    return result;
}

std::vector<gateway::UsagePoint> madeUpSeries(const std::vector<gateway::LogRow>& logged,
                                              const gateway::UsageSeriesQuery& query)
{
    const std::vector<gateway::LogRow> rows = enriched(logged);
    std::map<std::pair<std::int64_t, std::string>, gateway::UsagePoint> sums;
    const std::int64_t offset = std::int64_t{query.utcOffsetSeconds} * 1'000'000;
    const auto add = [&](const gateway::LogRow& row, std::int64_t at, int times) {
        const std::int64_t local = at + offset;
        const std::int64_t start = local - local % query.bucketMicros - offset;
        for (const std::string& name : groupsOf(row, query.by)) {
            gateway::UsagePoint& sum = sums[{start, name}];
            sum.start = start;
            sum.name = name;
            addTo(sum, row, times);
        }
    };
    for (const gateway::LogRow& row : rows) {
        const std::int64_t at = row.id.microseconds();
        if (at >= query.sinceMicros && at < query.untilMicros) add(row, at, 1);
    }
    visitPast(rows, query.sinceMicros, query.untilMicros,
              [&](const PastRow& past) { add(past.row, past.micros, past.times); });
    std::vector<gateway::UsagePoint> points;
    points.reserve(sums.size());
    for (const auto& [key, point] : sums) {
        points.push_back(point);
    }
    return points;
}

gateway::Reconciliation madeUpReconciliation()
{
    gateway::Reconciliation answer;
    answer.format = "OpenAI's usage by day";
    answer.skippedLines = 2;
    for (const char* day : {"2026-11-20", "2026-11-21", "2026-11-22"}) {
        const bool last = std::string(day) == "2026-11-22";
        answer.rows.push_back({day, "gpt-4.1", "requests", 120, 120});
        answer.rows.push_back({day, "gpt-4.1", "input", 182'400, last ? 181'900 : 182'400});
        answer.rows.push_back({day, "gpt-4.1", "output", 41'210, 41'210});
        answer.rows.push_back({day, "gpt-4.1", "cost", 694'480'000, last ? 610'000'000 : 694'480'000});
        answer.rows.push_back({day, "o4-mini", "input", 9'100, last ? 0 : 9'100});
    }
    return answer;
}

QFuture<std::vector<gateway::UsagePoint>> FakeLink::usageSeries(const gateway::UsageSeriesQuery& query)
{
    if (neverAnswers) return held<std::vector<gateway::UsagePoint>>();
    return answered(madeUpSeries(m_rows, query));
}

QFuture<gateway::Recalculation> FakeLink::recalculate(std::int64_t sinceMicros, bool write)
{
    recalculations.emplace_back(sinceMicros, write);
    if (neverAnswers) return held<gateway::Recalculation>();
    return answered(nextRecalculation);
}

QFuture<gateway::Reconciliation> FakeLink::reconcile(const gateway::ReconcileQuery& query)
{
    reconciled.push_back(query);
    if (neverAnswers) return held<gateway::Reconciliation>();
    return answered(nextReconciliation.rows.empty() && nextReconciliation.problem.empty()
                        ? madeUpReconciliation()
                        : nextReconciliation);
}

} // namespace ui
