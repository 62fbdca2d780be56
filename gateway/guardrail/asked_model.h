// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "gateway/result.h"

#include "guardrail/check.h"
#include "guardrail/parameters.h"

namespace gateway::guardrail {

/// Parameters that checks share which ask a model.
[[nodiscard]] std::vector<Parameter> modelParameters(std::vector<Parameter> own);
/// The model that they name. Error: none, or one that cannot be.
[[nodiscard]] Result<std::string> askedModel(const Parameters& parameters);

/// A question to a chat model in the words of OpenAI's chat completions. `system` may be empty.
[[nodiscard]] Inquiry chatInquiry(std::string_view model, std::string_view system, std::string_view user,
                                  std::int64_t mostTokens, std::chrono::milliseconds timeout);
/// What it said. Error: it said nothing, or failed.
[[nodiscard]] Result<std::string> chatReply(int status, std::string_view reply);
/// The error of a model that answered with that status.
[[nodiscard]] Error modelFailed(int status);

} // namespace gateway::guardrail
