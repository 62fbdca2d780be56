// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "exchange/canonical.h"

namespace gateway::dialect::gemini {

/// What a model's name tells of the fields that it takes. A name that tells no version
/// ("gemini-flash-latest") is taken for a recent one that still counts its thinking in tokens.
struct ModelTraits {
    bool gemini = false; // else one of Google's other models, such as Gemma
    int version = 0;     // 205 for 2.5; 0 when the name tells none
    bool pro = false;
    bool lite = false;

    [[nodiscard]] bool thinks() const { return gemini && (version == 0 || version >= 205); }
    [[nodiscard]] bool takesLevel() const { return version >= 300; }
    /// Calls in the conversation have to be signed.
    [[nodiscard]] bool wantsSignedCalls() const { return gemini && (version == 0 || version >= 300); }
    /// Ids of calls and their results; older models know the names and the order alone, and some of the ways
    /// to them refuse the member.
    [[nodiscard]] bool takesCallIds() const { return version == 0 || version >= 300; }
    /// Before, a schema for the answer and tools in one request were refused.
    [[nodiscard]] bool takesFormatWithTools() const { return version == 0 || version >= 300; }
};
[[nodiscard]] ModelTraits modelTraits(std::string_view model);

/// The words of thinkingLevel; Undecided for any other.
[[nodiscard]] Effort effortOfLevel(std::string_view level);
/// What is nearest to the wish among the levels that the model knows.
[[nodiscard]] std::string_view levelFor(const ModelTraits& model, Effort effort);
/// A budget within the model's limits; -1 where it decides itself.
[[nodiscard]] std::int64_t budgetFor(const ModelTraits& model, const Reasoning& wish);

} // namespace gateway::dialect::gemini
