// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "gateway/config.h"
#include "gateway/result.h"
#include "gateway/secrets.h"

#include "app/command_line.h"

namespace app {

/// A key of the administration and where it is from, for messages: "env:TURNPIKE_ADMIN_KEY".
struct AdminKey {
    gateway::Secret secret;
    std::string source;
};

/// The option of all commands that take the admin key.
inline constexpr OptionSpec kKeyStdinOption{
    "key-stdin", "", "read the admin key from standard input instead of where server.admin_key says"};

/// From standard input with `--key-stdin`; else from where the server reads it, else from the environment
/// variable TURNPIKE_ADMIN_KEY. Blocking: the keychain may take its time. Error: it can be read nowhere.
[[nodiscard]] gateway::Result<AdminKey> readAdminKey(const CommandLine& line, const gateway::Config& config);

} // namespace app
