// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <QString>

namespace ui {

/// How the targets of a request came to their order, in lines for a person; empty where the log kept nothing
/// (LogRow::decisionJson).
[[nodiscard]] QString decisionText(const std::string& decisionJson);
/// Why a target comes later than its route has it: "its circuit is open" for "circuit_open".
[[nodiscard]] QString setbackText(const QString& setback);

} // namespace ui
