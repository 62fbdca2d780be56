// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gateway {

/// RFC 4648, with padding.
std::string base64(std::string_view bytes);
/// The alphabet for URLs, without padding.
std::string base64Url(std::string_view bytes);

} // namespace gateway
