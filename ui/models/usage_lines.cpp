// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/usage_lines.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <QCollator>

#include "models/usage_table_model.h"
#include "models/usage_text.h"

namespace ui {
namespace {

double okShare(const gateway::UsageRow& row)
{
    if (row.requests == 0) return -1;
    return 1.0 - static_cast<double>(row.failures) / static_cast<double>(row.requests);
}

// What a column is sorted by; Name has its own order.
double sortValue(const gateway::UsageRow& now, const gateway::UsageRow& before, int column)
{
    switch (column) {
    case UsageTableModel::Requests:
        return static_cast<double>(now.requests);
    case UsageTableModel::Ok:
        return okShare(now);
    case UsageTableModel::Input:
        return static_cast<double>(now.inputTokens);
    case UsageTableModel::Output:
        return static_cast<double>(now.outputTokens);
    case UsageTableModel::CacheRead:
        return static_cast<double>(now.cacheReadTokens);
    case UsageTableModel::CacheWrite:
        return static_cast<double>(now.cacheWriteTokens);
    case UsageTableModel::PerThousand:
        return static_cast<double>(perThousand(now.costNanos, now.requests).value_or(-1));
    case UsageTableModel::Change:
        return static_cast<double>(now.costNanos - before.costNanos);
    default:
        return static_cast<double>(now.costNanos);
    }
}

// The places of the lines in their order; `less` compares two places.
template <class Less>
std::vector<std::size_t> sortedPlaces(std::size_t count, Qt::SortOrder order, Less less)
{
    std::vector<std::size_t> places(count);
    std::iota(places.begin(), places.end(), std::size_t{0});
    std::stable_sort(places.begin(), places.end(), [order, &less](std::size_t a, std::size_t b) {
        return order == Qt::AscendingOrder ? less(a, b) : less(b, a);
    });
    return places;
}

std::vector<std::size_t> placesByName(const std::vector<UsageLine>& lines, const std::string& by,
                                      Qt::SortOrder order)
{
    // Made once for each: a comparison would make two of them, and there are many.
    const QCollator collator;
    std::vector<QCollatorSortKey> keys;
    keys.reserve(lines.size());
    for (const UsageLine& line : lines) {
        keys.push_back(collator.sortKey(rowName(by, line.now.name)));
    }
    return sortedPlaces(lines.size(), order,
                        [&keys](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
}

std::vector<std::size_t> placesByValue(const std::vector<UsageLine>& lines, const UsageOrder& order)
{
    return sortedPlaces(lines.size(), order.direction, [&lines, &order](std::size_t one, std::size_t other) {
        const UsageLine &a = lines[one], &b = lines[other];
        // A change that is not known is no change from nothing.
        if (order.column == UsageTableModel::Change && a.knowsBefore != b.knowsBefore) return b.knowsBefore;
        return sortValue(a.now, a.before, order.column) < sortValue(b.now, b.before, order.column);
    });
}

} // namespace

std::vector<UsageLine> usageLines(const UsageView& view)
{
    std::unordered_map<std::string_view, const gateway::UsageRow*> before;
    for (const gateway::UsageRow& row : view.priorRows) {
        if (row.others == 0) before[row.name] = &row;
    }
    const bool knowsAll = before.size() == view.priorRows.size();
    std::vector<UsageLine> lines;
    lines.reserve(view.rows.size());
    for (const gateway::UsageRow& row : view.rows) {
        const auto found = row.others == 0 ? before.find(row.name) : before.end();
        const bool known = found != before.end() || (knowsAll && row.others == 0);
        lines.push_back({row, found == before.end() ? gateway::UsageRow{} : *found->second, known});
    }
    return lines;
}

std::vector<UsageLine> sortedLines(std::vector<UsageLine> lines, const std::string& by,
                                   const UsageOrder& order)
{
    const std::vector<std::size_t> places = order.column == UsageTableModel::Name
                                                ? placesByName(lines, by, order.direction)
                                                : placesByValue(lines, order);
    std::vector<UsageLine> sorted;
    sorted.reserve(lines.size());
    for (const std::size_t place : places) {
        sorted.push_back(std::move(lines[place]));
    }
    return sorted;
}

} // namespace ui
