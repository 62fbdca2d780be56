// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gateway {

inline constexpr std::string_view kRedacted = "[redacted]";

/// `text` without the given secrets, in clear or in base64 of either alphabet. For what a provider sent back:
/// it may echo the key that it was given, and its text may have been cut inside of it. Short ones (under
/// eight bytes) are left: they would match anywhere.
std::string withoutSecrets(std::string_view text, std::span<const std::string_view> secrets);
/// `text` without anything that looks like a key: known prefixes ("sk-", "tp-", "AIza", …), what follows
/// "Bearer", and the values of query parameters such as `key` and `token`. For logs, details and exports.
std::string withoutKeys(std::string_view text);

} // namespace gateway
