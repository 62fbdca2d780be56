// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "guardrail/check.h"

namespace gateway::guardrail {

/// "-----BEGIN … PRIVATE KEY-----" at `place`, to the end of its block, or of what there is of it. `read` is
/// how far blocks have been read.
[[nodiscard]] std::optional<Found> privateKeyAt(std::string_view text, std::size_t place, std::size_t& read);
/// Whether the text ends within a block that begins at `place`, or may yet become one.
[[nodiscard]] bool isBlockOpen(std::string_view text, std::size_t place);
/// The password in scheme://user:password@host, whose "://" stands at `place`.
[[nodiscard]] std::optional<Found> urlPasswordAt(std::string_view text, std::size_t place);
/// A JSON Web Token, whose "eyJ" stands at `place`.
[[nodiscard]] std::optional<Found> webTokenAt(std::string_view text, std::size_t place);

inline constexpr std::string_view kBlockBegins = "-----BEGIN";

} // namespace gateway::guardrail
