// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace gateway::pipeline {

/// About how many tokens the text in a JSON body has, before anybody counted: a quarter of its bytes.
/// Pictures and documents in it, which are long texts of base64, count as kAttachmentTokens each.
[[nodiscard]] std::int64_t estimatedTokens(std::string_view json);

inline constexpr std::int64_t kAttachmentTokens = 1500;

} // namespace gateway::pipeline
