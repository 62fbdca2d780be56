// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// RFC 4648, with padding.
std::string base64(std::string_view bytes);
/// The alphabet for URLs, without padding.
std::string base64Url(std::string_view bytes);
/// The bytes of text in either alphabet, with or without its padding; nothing when it is no such text.
std::optional<std::string> fromBase64(std::string_view text);

} // namespace gateway
