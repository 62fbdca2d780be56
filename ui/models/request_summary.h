// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>
#include <vector>

#include <QString>

#include "gateway/config.h"
#include "gateway/snapshot.h"

/// What became of a request, in words.
namespace ui {

/// "claude-sonnet-4-5 was answered by anthropic in 1.24 s; the first attempt, openai, gave 429."
[[nodiscard]] QString summarySentence(const gateway::LogRow& row);
/// "1. openai/gpt-4.1 with key work" and "429 rate_limit after 180 ms".
struct AttemptText {
    QString target;
    QString result;
    bool good = false;
};
[[nodiscard]] std::vector<AttemptText> attemptTexts(const gateway::LogRow& row);
using Fact = std::pair<QString, QString>;
[[nodiscard]] std::vector<Fact> requestFacts(const gateway::LogRow& row);
/// Why there are no bodies to see; empty where there are.
[[nodiscard]] QString whyNoBodies(const gateway::LogRow& row, gateway::LogBodies setting);
/// JSON with line breaks; anything else as it is.
[[nodiscard]] QString readableBody(const std::string& body);

} // namespace ui
