// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace gateway {

/// Renames a damaged file to NAME.damaged-TIME, beside those that are there already. The new name; empty: it
/// failed.
std::string setAside(const std::string& path);

} // namespace gateway
