// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "exchange/canonical.h"

namespace gateway::dialect {

/// What a model's name tells of the fields that its provider takes. Names that say nothing are taken to be
/// able: a provider's own refusal is clearer than a field that was left out in silence.
struct OpenAiModel {
    bool named = false;   // one of OpenAI's own, whose API refuses fields that it does not know
    bool reasons = false; // o1…, gpt-5 and later: max_completion_tokens, no sampling parameters
    std::string_view leastEffort = {}; // how one of these is told not to reason, as far as it can
    [[nodiscard]] bool takesEffort() const { return reasons || !named; }
    [[nodiscard]] bool takesReasoningBack() const { return !named; }
    [[nodiscard]] bool takesVerbosity() const { return reasons; }
    [[nodiscard]] bool takesCustomTools() const { return named; }
    /// Reasoning items of the Responses API, and the wish for what only OpenAI can read in them.
    [[nodiscard]] bool takesReasoningItems() const { return reasons; }
};
[[nodiscard]] OpenAiModel openAiModel(std::string_view model);

struct ClaudeModel {
    int version = 0; // 405 for 4.5; 0 when the name is no Claude's
    bool opus = false;
    [[nodiscard]] bool thinks() const { return version == 0 || version >= 307; }
    [[nodiscard]] bool thinksAdaptively() const { return version >= 406; }
    [[nodiscard]] bool takesEffort() const { return version >= 406 || (opus && version >= 405); }
    [[nodiscard]] bool takesMaxEffort() const { return version >= 407 || (opus && version >= 406); }
    [[nodiscard]] bool takesSchema() const
    {
        return version == 0 || version >= 405 || (opus && version >= 401);
    }
    [[nodiscard]] bool takesSampling() const { return version < 407; }
    [[nodiscard]] bool takesOneSampler() const { return version >= 401; } // temperature or top_p, not both
};
[[nodiscard]] ClaudeModel claudeModel(std::string_view model);

/// Undecided for a word that is none. "xhigh" and "max" are one.
[[nodiscard]] Effort effortNamed(std::string_view name);
[[nodiscard]] std::string_view effortName(Effort effort); // as OpenAI says it; Max is "high" there
[[nodiscard]] std::int64_t budgetOf(Effort effort);
[[nodiscard]] Effort effortOfBudget(std::int64_t tokens);
/// The effort that a wish to reason comes to, however it was said.
[[nodiscard]] Effort effortOf(const Reasoning& reasoning);

} // namespace gateway::dialect
