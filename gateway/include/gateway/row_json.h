// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/snapshot.h"

namespace gateway {

/// A row of the request log as programs read it: one compact JSON object in ASCII, the same from the command
/// line and from the administration. Money is in US dollars, exact; times are in microseconds. The bodies,
/// where there are any, only when asked for.
[[nodiscard]] std::string logRowJson(const LogRow& row, bool withBodies = false);

/// The same of a row of usage; `by` is what its name is called ("model", …), empty: no name.
[[nodiscard]] std::string usageRowJson(const UsageRow& row, std::string_view by);

} // namespace gateway
