// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/near_names.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/strings.h"

namespace gateway::catalog {

namespace {

constexpr std::size_t kMaxNames = 3;
// The work grows with the square of the length, and the name comes from a client.
constexpr std::size_t kMaxComparedBytes = 128;
constexpr std::size_t kMinContainedBytes = 4;
constexpr std::size_t kContainedDistance = 2;

/// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other.
std::size_t editDistance(std::string_view left, std::string_view right)
{
    std::vector<std::size_t> beforeLast(right.size() + 1);
    std::vector<std::size_t> last(right.size() + 1);
    std::vector<std::size_t> row(right.size() + 1);
    for (std::size_t j = 0; j <= right.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= left.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            const bool swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
            if (swapped) row[j] = std::min(row[j], beforeLast[j - 2] + 1);
        }
        std::swap(beforeLast, last);
        std::swap(last, row);
    }
    return last[right.size()];
}

} // namespace

std::vector<std::string> nearNames(std::string_view wanted, std::span<const std::string_view> candidates)
{
    if (wanted.empty() || wanted.size() > kMaxComparedBytes) return {};
    const std::string name = lowered(wanted);
    const std::size_t farthest = std::max<std::size_t>(1, name.size() / 3);
    std::set<std::pair<std::size_t, std::string>> near;
    for (const std::string_view candidate : candidates) {
        if (candidate.empty() || candidate.size() > kMaxComparedBytes) continue;
        const std::string other = lowered(candidate);
        std::size_t distance = editDistance(name, other);
        const bool contained = name.size() >= kMinContainedBytes && other.find(name) != std::string::npos;
        if (contained) distance = std::min(distance, kContainedDistance);
        if (distance > farthest && !contained) continue;
        near.emplace(distance, candidate);
        if (near.size() > kMaxNames) near.erase(std::prev(near.end()));
    }
    std::vector<std::string> names;
    names.reserve(near.size());
    for (const auto& [distance, candidate] : near)
        names.push_back(candidate);
    return names;
}

} // namespace gateway::catalog
