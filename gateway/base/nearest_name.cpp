// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/nearest_name.h"

#include <algorithm>

#include "base/strings.h"

namespace gateway {

namespace {

// Longer names are hostile or nonsense, and the distance costs the product of the lengths.
constexpr std::size_t kMaxNameBytes = 128;

/// Edit distance with swapped neighbours as one step.
std::size_t distance(const std::string& left, const std::string& right)
{
    std::vector<std::size_t> beforeLast(right.size() + 1);
    std::vector<std::size_t> last(right.size() + 1);
    std::vector<std::size_t> row(right.size() + 1);
    for (std::size_t j = 0; j <= right.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= left.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t change = left[i - 1] == right[j - 1] ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
            const bool swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
            if (swapped) row[j] = std::min(row[j], beforeLast[j - 2] + 1);
        }
        std::swap(beforeLast, last);
        std::swap(last, row);
    }
    return last[right.size()];
}

} // namespace

std::string nearestName(std::string_view name, const std::vector<std::string>& candidates)
{
    if (name.empty() || name.size() > kMaxNameBytes) return {};
    const std::string wanted = lowered(name);
    const std::size_t near = std::max<std::size_t>(1, wanted.size() / 3);
    std::string best;
    std::size_t bestDistance = near + 1;
    for (const std::string& candidate : candidates) {
        if (candidate.empty() || candidate.size() > kMaxNameBytes) continue;
        const std::size_t steps = distance(wanted, lowered(candidate));
        if (steps < bestDistance) {
            bestDistance = steps;
            best = candidate;
        }
    }
    return best;
}

std::string didYouMean(std::string_view name, const std::vector<std::string>& candidates)
{
    const std::string nearest = nearestName(name, candidates);
    return nearest.empty() ? std::string() : " Did you mean \"" + nearest + "\"?";
}

} // namespace gateway
