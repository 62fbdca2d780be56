// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "accounting/model_tokens.h"
#include "exchange/canonical.h"

/// Tokens of text that no provider has counted: never on an IO thread, where the first count reads from disk.
namespace gateway::pipeline {

/// Of very long texts a part is counted.
[[nodiscard]] std::int64_t textTokens(std::string_view text, accounting::TokenFamily family);
/// Of all that the model gets to read: texts, calls, results and tools, with what marks one message from the
/// next. Pictures and documents count as kAttachmentTokens each.
[[nodiscard]] std::int64_t conversationTokens(const Request& request, accounting::TokenFamily family);
/// Of what the model said.
[[nodiscard]] std::int64_t answerTokens(const Completion& completion, accounting::TokenFamily family);
/// Gives back the memory that counting took.
void endCounting();

} // namespace gateway::pipeline
