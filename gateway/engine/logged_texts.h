// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/snapshot.h"

#include "exchange/dialect_id.h"
#include "guardrail/check.h"

namespace gateway::engine {

/// A text that was said in a request of the log, or in its answer.
struct LoggedText {
    guardrail::Stage stage = guardrail::Stage::Undecided;
    std::uint32_t message = 0;
    std::string text;
};

/// What the client spoke; Undecided: nothing that this version knows.
[[nodiscard]] DialectId dialectOfRow(const LogRow& row);
/// Every text that guardrails look at, in order. Nothing: no body was kept, or not the whole of it.
[[nodiscard]] std::optional<std::vector<LoggedText>> loggedRequestTexts(const LogRow& row);
[[nodiscard]] std::optional<std::vector<LoggedText>> loggedAnswerTexts(const LogRow& row);

} // namespace gateway::engine
