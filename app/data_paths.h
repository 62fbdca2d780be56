// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace app {

/// Where the program keeps its things when nothing else is asked for: $XDG_CONFIG_HOME/turnpike/config.json
/// and $XDG_DATA_HOME/turnpike, or what takes their place on other systems. Nothing is made.
[[nodiscard]] std::string defaultConfigPath();
[[nodiscard]] std::string defaultDataDir();

} // namespace app
