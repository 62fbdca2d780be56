// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/config_io.h"
#include "gateway/result.h"

namespace app {

/// The file as it stands. Error (`invalid_request`, with all problems in its text): it is not a valid
/// configuration.
[[nodiscard]] gateway::Result<gateway::ParsedConfig> loadConfig(const std::string& path);

/// Reads the file, lets `change` work on it, and writes it back in one piece while no other program does the
/// same. What `change` returns as an error leaves the file as it was.
[[nodiscard]] gateway::Outcome editConfig(const std::string& path,
                                          const std::function<gateway::Outcome(gateway::Config&)>& change);

/// Complains, also in JSON when asked to, and returns the exit code for that error.
int failWith(const gateway::Error& error, bool json);

} // namespace app
