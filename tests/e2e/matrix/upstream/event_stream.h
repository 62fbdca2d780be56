// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace matrix {

/// One message of application/vnd.amazon.eventstream: lengths, CRC of both, headers of strings, payload, CRC
/// of all before it.
[[nodiscard]] std::string
eventStreamMessage(const std::vector<std::pair<std::string_view, std::string_view>>& headers,
                   std::string_view payload);

} // namespace matrix
