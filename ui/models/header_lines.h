// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "gateway/dry_run.h"

namespace ui {

/// Headers as they were written, or why they cannot be read, with what to do.
struct HeaderLines {
    gateway::DryHeaders headers;
    QString problem;
};

/// One `name: value` a line; empty lines are none.
[[nodiscard]] HeaderLines parseHeaderLines(const QString& text);

} // namespace ui
