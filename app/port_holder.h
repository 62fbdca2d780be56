// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace app {

/// Who listens on that TCP port of this machine, as "NAME (pid N)"; "another program" where the system does
/// not tell, empty where nobody listens. Reads /proc.
[[nodiscard]] std::string portHolder(std::uint16_t port);

} // namespace app
