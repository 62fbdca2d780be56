// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "guardrail/attacks/marks.h"

namespace gateway::guardrail {

/// What an attack is after, or how it hides.
enum class AttackFamily : std::uint8_t {
    IgnoreInstructions,
    RoleTakeover,
    PromptExtraction,
    Delimiter,
    Exfiltration,
    ToolHijack,
    Encoded,
    Typoglycemia
};
constexpr std::size_t kAttackFamilies = 8;
/// "ignore_instructions", …, in the order of the enumeration.
[[nodiscard]] const std::vector<std::string_view>& attackFamilyNames();

struct SignStep {
    Meanings meanings = 0; // any of them
    std::uint8_t gap = 0;  // the most words between the step before and this one
};

/// Words in a row that are a sign of an attack.
struct SignRule {
    AttackFamily family = AttackFamily::IgnoreInstructions;
    std::uint8_t weight = 0;
    std::uint8_t manner = 0; // of signs of one family and manner only the heaviest counts
    bool commands = false;   // what says that others do it, or that it must not be done, is none
    bool leads = false;      // only where its sentence begins with it, or nearly
    bool elsewhere = true;   // also of what is within something else ("in the file")
    std::vector<SignStep> steps = {};
};

[[nodiscard]] const std::vector<SignRule>& signRules();

} // namespace gateway::guardrail
