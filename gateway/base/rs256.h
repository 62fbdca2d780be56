// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// The signature that JWT calls RS256: RSASSA-PKCS1-v1_5 with SHA-256. `pem` is the private key without a
/// password; nothing where it is none, or no RSA key. Any thread.
std::optional<std::string> rs256(std::string_view pem, std::string_view text);

} // namespace gateway
