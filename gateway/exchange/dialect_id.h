// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace gateway {

/// Wire shapes. A client speaks one, a provider speaks one.
enum class DialectId : std::uint8_t { Undecided, OpenAiChat, AnthropicMessages };

/// What a call asks for, whatever its dialect.
enum class Operation : std::uint8_t { Undecided, Chat, CountTokens };

[[nodiscard]] std::string_view dialectName(DialectId id); // "openai", "anthropic"

} // namespace gateway
