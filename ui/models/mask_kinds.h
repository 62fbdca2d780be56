// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gateway/guardrails.h"

namespace ui {

/// How places are masked, by their kind, as a GuardrailConfig has it.
using MaskAs = std::vector<std::pair<std::string, std::string>>;

/// The kinds of places that a rule with this check looks for, then those that `maskAs` names besides ("*",
/// any other, is none).
[[nodiscard]] std::vector<std::string> maskKinds(const gateway::CheckDescription& check,
                                                 const gateway::GuardrailConfig& rule);
/// An empty style: as any other. The order of the others stays.
[[nodiscard]] MaskAs withMaskStyle(MaskAs maskAs, const std::string& kind, const std::string& style);
/// Empty: as any other.
[[nodiscard]] std::string maskStyleOf(const MaskAs& maskAs, const std::string& kind);

} // namespace ui
