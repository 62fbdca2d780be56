// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "gateway/config.h"
#include "gateway/snapshot.h"

namespace gateway::pipeline {

/// What came of a question to the user.
enum class SpendWord : std::uint8_t { Undecided, Allowed, Refused, NoAnswer };

/// A question of one request; those that wait for the same word share it. What only the desk knows of it
/// (id, times, how many wait) is left open.
struct SpendAsking {
    SpendQuestion question;
    milliseconds wait{0};     // for the answer
    std::int64_t allowed = 0; // nano-dollars that were allowed beyond the budget when it refused
};

/// Where requests ask the user about spending, and tell what the user should know. Any thread; no call waits.
class SpendDesk {
public:
    using Answered = std::function<void(SpendWord)>;

    virtual ~SpendDesk() = default;
    /// `answered` is called once, on another thread; not any more once the asker has left. The ticket to
    /// leave with.
    virtual std::uint64_t ask(SpendAsking asking, Answered answered) = 0;
    virtual void leave(std::uint64_t ticket) = 0;
    /// Without its id and time; not again for an hour for the same incident.
    virtual void tell(Alert alert, std::string incident) = 0;
};

} // namespace gateway::pipeline
