// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QString>

#include "gateway/snapshot.h"

namespace ui {

/// A text to try guardrails with.
struct GuardrailSample {
    QString name, text;
    bool isAnswer = false;
};
[[nodiscard]] std::vector<GuardrailSample> guardrailSamples();

/// What was said in a request of the log, or in its answer: no more of it than can be tried while one types.
struct LoggedWords {
    QString text; // empty: nothing that can be read was kept
    bool isCut = false;
};
/// Reads a body that may be long: not on the GUI thread.
[[nodiscard]] LoggedWords loggedWords(const gateway::LogRow& row, bool ofAnswer);

} // namespace ui
