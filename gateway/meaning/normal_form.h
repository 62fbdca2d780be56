// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gateway::meaning {

/// The text in Unicode's form NFKC; as it is where it is no UTF-8.
[[nodiscard]] std::string normalForm(std::string_view text);

} // namespace gateway::meaning
