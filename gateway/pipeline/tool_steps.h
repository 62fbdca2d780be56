// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "exchange/dialect_id.h"

namespace gateway::pipeline {

/// A piece of a conversation, as far as it tells how an agent gets on.
struct ToolStep {
    enum class Kind : std::uint8_t { Undecided, Call, Result, User };
    Kind kind = Kind::Undecided;
    std::uint64_t mark = 0;     // the same for what is the same
    std::string_view name = {}; // of a call's tool, as it stands in the body
};

/// No conversation of an agent has as many. Where there are more, none is read beyond the first of them.
inline constexpr std::size_t kMostToolSteps = 100'000;

/// In the conversation's order. The views point into the body. `upToUser`: no further than what the user
/// said first.
[[nodiscard]] std::vector<ToolStep> toolSteps(DialectId dialect, std::string_view body,
                                              bool upToUser = false);
/// A hash of a JSON value: space, escapes and the order of members make no difference, nor do marks of what
/// to cache.
[[nodiscard]] std::uint64_t valueMark(std::string_view json);

} // namespace gateway::pipeline
