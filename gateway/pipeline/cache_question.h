// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "dialect/dialect.h"

namespace gateway::pipeline {

/// What a body asks, as one text for all bodies that ask the same: without what changes no answer (who asks,
/// whether it is streamed, the model, which the caller knows better) and whatever the order of members. Where
/// the neutral form of a conversation holds all that the body says, which is tried, it is the same text for
/// every dialect; else it is one of this dialect's own. Takes trees: for a worker where the body is long.
[[nodiscard]] std::string questionText(const dialect::Dialect& dialect, const dialect::PathFacts& path,
                                       std::string_view body);

} // namespace gateway::pipeline
