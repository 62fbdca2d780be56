// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/batch_tally.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "dialect/batch_usage.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMostModels = 64; // A made-up name a line must not fill the log.

/// A sum is as certain as the least certain of its parts.
CostSource lessCertain(CostSource one, CostSource other)
{
    for (const CostSource source : {CostSource::Unknown, CostSource::Estimated, CostSource::Computed}) {
        if (one == source || other == source) return source;
    }
    return other;
}

} // namespace

void BatchTally::feed(std::string_view bytes)
{
    if (m_isOther || bytes.empty()) return;
    // Most of what is kept is something else, and shows it at once.
    if (!std::exchange(m_begun, true) && bytes.front() != '{') m_isOther = true;
    if (m_isOther) return;
    if (!m_lines.feed(bytes, [this](const SseEvent& line) { return take(line); })) m_isOther = true;
}

std::vector<BatchTally::Part> BatchTally::finish()
{
    if (!m_isOther) m_lines.finish([this](const SseEvent& line) { return take(line); });
    if (m_isOther) return {};
    return std::exchange(m_parts, {});
}

std::vector<BatchTally::Part> BatchTally::joined(std::vector<Part> parts)
{
    if (parts.size() < 2) return parts;
    const auto tokens = [](const Part& part) { return part.usage.inputTokens + part.usage.outputTokens; };
    const auto most = std::max_element(parts.begin(), parts.end(), [&](const Part& left, const Part& right) {
        return tokens(left) < tokens(right);
    });
    Part all{most->model, {}, {}};
    for (const Part& part : parts) {
        addTokens(all.usage, part.usage);
        all.usage.service = ServiceTier::Batch;
        all.cost.amount += part.cost.amount;
        if (all.cost.prices.empty()) all.cost.prices = part.cost.prices;
        all.cost.source = lessCertain(all.cost.source, part.cost.source);
    }
    return {std::move(all)};
}

bool BatchTally::take(const SseEvent& line)
{
    if (!line.hasData) return true;
    const auto use = dialect::readResultUse(line.data);
    m_isOther = !use;
    if (!use) return false;
    if (!use->usage.known) return true;
    auto part = std::find_if(m_parts.begin(), m_parts.end(),
                             [&use](const Part& each) { return each.model == use->model; });
    if (part == m_parts.end()) {
        m_isOther = m_parts.size() >= kMostModels;
        if (m_isOther) return false;
        part = m_parts.insert(part, {use->model, {}, {}});
    }
    const Cost cost = m_priceOf(use->model, use->usage);
    addTokens(part->usage, use->usage);
    part->usage.service = ServiceTier::Batch;
    part->cost.amount += cost.amount;
    if (part->cost.prices.empty()) part->cost.prices = cost.prices;
    part->cost.source = lessCertain(part->cost.source, cost.source);
    return true;
}

} // namespace gateway::pipeline
