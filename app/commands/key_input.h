// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/result.h"
#include "gateway/secrets.h"

namespace app {

/// The key that standard input holds, asked for without an echo where that is a terminal. Blocking. Error
/// (`invalid_request`): there is none, or more than one line.
[[nodiscard]] gateway::Result<gateway::Secret> readStandardInput();

} // namespace app
