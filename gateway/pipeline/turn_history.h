// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::pipeline {

/// What one WebSocket of the Responses dialect remembers of its last turns, whether they are to be stored or
/// not: a client goes on from them by id and sends only what is new. Items are shared by the turns that have
/// them. IO thread only.
class TurnHistory {
public:
    using Items = std::vector<std::shared_ptr<const std::string>>;

    /// The whole conversation up to that answer, itself included; null when it is not remembered.
    [[nodiscard]] const Items* find(std::string_view answerId) const;
    /// Any item by its id, empty when there is none.
    [[nodiscard]] std::string_view findItem(std::string_view id) const;
    void keep(std::string answerId, Items items);

private:
    struct Turn {
        std::string id;
        Items items;
        std::size_t bytes;
    };
    std::deque<Turn> m_turns; // the newest last
};

} // namespace gateway::pipeline
