// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "gateway/snapshot.h"

namespace ui {

/// "gpt-4.1 answered in 812 ms: 9 + 12 tokens, $0.0003", or what went wrong.
[[nodiscard]] QString trialText(const QString& model, const gateway::TrialAnswer& answer);

} // namespace ui
