// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/turn_history.h"

#include <utility>

#include "dialect/responses_history.h"

namespace gateway::pipeline {

namespace {

// A client goes on from its last answer, or from one before it when that failed.
constexpr std::size_t kMaxTurns = 4;
constexpr std::size_t kMaxBytes = std::size_t{64} << 20;

} // namespace

const TurnHistory::Items* TurnHistory::find(std::string_view answerId) const
{
    for (auto turn = m_turns.rbegin(); turn != m_turns.rend(); ++turn) {
        if (turn->id == answerId) return &turn->items;
    }
    return nullptr;
}

std::string_view TurnHistory::findItem(std::string_view id) const
{
    for (auto turn = m_turns.rbegin(); turn != m_turns.rend(); ++turn) {
        for (const auto& item : turn->items) {
            if (dialect::responses::idOf(*item) == id) return *item;
        }
    }
    return {};
}

void TurnHistory::keep(std::string answerId, Items items)
{
    std::size_t bytes = 0;
    for (const auto& item : items)
        bytes += item->size();
    if (answerId.empty() || bytes > kMaxBytes) return;
    std::size_t all = bytes; // shared items count for each turn, which is the safe side
    for (const Turn& turn : m_turns)
        all += turn.bytes;
    m_turns.push_back({std::move(answerId), std::move(items), bytes});
    while (m_turns.size() > kMaxTurns || all > kMaxBytes) {
        all -= m_turns.front().bytes;
        m_turns.pop_front();
    }
}

} // namespace gateway::pipeline
