// SPDX-License-Identifier: GPL-3.0-or-later
#include "import/shared_fields.h"

#include <algorithm>
#include <cmath>

namespace gateway::imports {

namespace {

constexpr double kMaxWeight = 1'000'000;
constexpr std::size_t kMaxStatuses = 100;

} // namespace

std::vector<std::uint32_t> wholeWeights(const std::vector<double>& weights)
{
    const bool whole =
        std::all_of(weights.begin(), weights.end(), [](double each) { return each == std::floor(each); });
    const double most = weights.empty() ? 0 : *std::max_element(weights.begin(), weights.end());
    double factor = whole ? 1 : 1000;
    if (most * factor > kMaxWeight) factor = kMaxWeight / most;
    std::vector<std::uint32_t> made;
    made.reserve(weights.size());
    for (const double weight : weights) {
        // One that is not nothing must not become so.
        const double least = weight > 0 ? 1 : 0;
        made.push_back(
            static_cast<std::uint32_t>(std::clamp(std::round(weight * factor), least, kMaxWeight)));
    }
    return made;
}

std::optional<milliseconds> timeIn(const FileValue& value, milliseconds unit)
{
    constexpr double kDayMs = 86'400'000;
    const auto number = value.number();
    if (!number) return std::nullopt;
    const double time = *number * static_cast<double>(unit.count());
    if (!(time >= 1 && time <= kDayMs)) return std::nullopt;
    return milliseconds(static_cast<std::int64_t>(time));
}

std::optional<std::vector<int>> statusesIn(const FileValue& list)
{
    if (!list.isList() || list.children.empty() || list.children.size() > kMaxStatuses) return std::nullopt;
    std::vector<int> statuses;
    for (const FileValue& each : list.children) {
        const auto status = each.whole(100, 599);
        if (!status) return std::nullopt;
        statuses.push_back(static_cast<int>(*status));
    }
    return statuses;
}

} // namespace gateway::imports
