// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "upstream/protocol.h"

namespace matrix {

/// What of the conversation that a cell is about did not arrive; empty when all did.
[[nodiscard]] std::string judge(const Seen& seen, const Marker& marker);
/// What the model says in such a cell.
[[nodiscard]] Answer answerFor(const Marker& marker, bool secondTurn);

} // namespace matrix
