// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/config.h"

#include "exchange/dialect_id.h"
#include "pipeline/loop_sessions.h"

namespace gateway::pipeline {

/// What a conversation shows of an agent that works by itself: since the user spoke last.
struct LoopSigns {
    /// The last thing in it is what a tool gave; else nothing below is counted. What stands beside a tool's
    /// result in the same message is not the user's.
    bool goesOn = false;
    std::uint32_t sameCalls = 0; // of one tool with the same arguments, turn after turn up to the last
    std::string tool;            // which
    std::uint32_t idleTurns = 0; // up to the last, in which no call and no result was new
};

/// Reads a request's body where it lies; `body` has been scanned. Arguments are compared as JSON values:
/// space and the order of members make no difference. Of more than kMostToolSteps there are no signs.
[[nodiscard]] LoopSigns loopSigns(DialectId dialect, std::string_view body);
/// The same for all requests of one conversation, by what the user said first, or else by what comes first
/// of tools; 0: there is nothing.
[[nodiscard]] std::uint64_t conversationMark(DialectId dialect, std::string_view body);

/// Which limit a session has reached.
struct LoopVerdict {
    enum class Kind : std::uint8_t { Undecided, SameCalls, IdleTurns, SessionSpend };
    Kind kind = Kind::Undecided;
    std::string text; // in plain words; names the tool, never its arguments
    [[nodiscard]] explicit operator bool() const { return kind != Kind::Undecided; }
};
[[nodiscard]] LoopVerdict loopVerdict(const LoopSigns& signs, const LoopGuardConfig& limits,
                                      const LoopSessions::Session& session);
/// How far a session may go that the user lets go on: twice as far, or for as much money again.
[[nodiscard]] LoopSessions::Session goneOn(const LoopVerdict& verdict, const LoopSigns& signs,
                                           const LoopGuardConfig& limits,
                                           const LoopSessions::Session& session);

} // namespace gateway::pipeline
