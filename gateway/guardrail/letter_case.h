// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string_view>

#include "guardrail/check_kind.h"

namespace gateway::guardrail {

/// A check that fails where letters of the other case stand in a text, in any script; with the parameter
/// `not` the other way round. `others`: those letters, as an expression.
[[nodiscard]] Result<std::unique_ptr<Check>> makeLetterCase(const Parameters& parameters,
                                                            std::string_view others);

} // namespace gateway::guardrail
