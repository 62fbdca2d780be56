// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "exchange/canonical.h"

namespace gateway::dialect {

/// The whole answer that a stream's events make. A stream that failed gives what came until then.
[[nodiscard]] Completion completionOf(std::span<const Event> events);
/// The shortest stream that makes that answer: each part in one piece.
[[nodiscard]] std::vector<Event> eventsOf(const Completion& completion);

} // namespace gateway::dialect
