// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <QString>

#include "gateway/snapshot.h"

/// What a waiting request asks, in words.
namespace ui {

/// "Budget opus is used up: cursor waits.", with how many more wait.
[[nodiscard]] QString questionText(const gateway::SpendQuestion& question);
/// "Allow $5 more", "Let it go on".
[[nodiscard]] QString allowText(const gateway::SpendQuestion& question);
/// "1:32 left"; "over" at its end.
[[nodiscard]] QString leftText(const gateway::SpendQuestion& question, std::int64_t nowMicros);
[[nodiscard]] bool isOver(const gateway::SpendQuestion& question, std::int64_t nowMicros);
/// Who asks for what, as name and value; what is not known is left out.
[[nodiscard]] std::vector<std::pair<QString, QString>> questionFacts(const gateway::SpendQuestion& question);

} // namespace ui
