// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "gateway/result.h"
#include "gateway/secrets.h"

namespace app {

/// Saves a key in the keychain and remembers its name. Blocking, with an event loop of its own.
[[nodiscard]] gateway::Outcome saveSecret(const std::string& name, gateway::Secret secret);
/// Removes it. Blocking, too.
[[nodiscard]] gateway::Outcome deleteSecret(const std::string& name);

} // namespace app
