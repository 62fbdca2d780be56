// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config.h"

namespace gateway {

/// A parameter of a check, as an editor shows it.
struct CheckParameter {
    enum class Type : std::uint8_t { Undecided, Flag, Number, Text, Texts, Choice, Choices, Json, JsonList };
    std::string name, title, help;
    Type type = Type::Undecided;
    std::string defaultJson; // "null": it has to be given
    std::vector<std::string> choices;
    std::int64_t least = 0, most = 0; // of Number
};

/// A check that guardrails can be built from.
struct CheckDescription {
    std::string id, title, description;
    std::vector<CheckParameter> parameters;
    bool places = true; // it finds places in texts, which can be masked; else it judges the whole
    bool onRequest = true, onResponse = true;
};

/// All of them, in the order in which they are offered.
[[nodiscard]] std::vector<CheckDescription> checkDescriptions();
[[nodiscard]] std::vector<std::string> guardrailActions();
[[nodiscard]] std::vector<std::string> maskStyles();

/// Whether topics are told by the built-in model, whose weights not every build could get; else by letters.
[[nodiscard]] bool hasEmbedder();

/// What guardrails would make of a text.
struct GuardrailTrial {
    struct Spot {
        std::size_t start = 0, size = 0; // bytes of the text
        std::string kind;
    };
    struct Verdict {
        std::string guardrail, check, action, mode;
        bool alarm = false;
        std::vector<Spot> spots;
        std::string reason; // of a check that judges the whole
        std::int64_t nanos = 0;
    };
    std::vector<Verdict> verdicts; // one for each guardrail that looks at such a text, in order
    std::string result;            // the text as it would go on
    std::string restored;          // the same as it would come back, where masks are restored
    int status = 200;              // of the answer to the client
    std::string error;             // its message, where a guardrail refuses
};
/// Applies them to one text, as of a user's message or an answer. Pure; takes time linear in the text: not
/// for a thread that must not wait. `rules` are those of a valid configuration; modes are obeyed, scopes are
/// not.
[[nodiscard]] GuardrailTrial tryGuardrails(const std::vector<GuardrailConfig>& rules, std::string_view text,
                                           bool isAnswer);

} // namespace gateway
