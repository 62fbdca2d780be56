// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/result.h"

#include "base/json_scan.h"

/// What requests and answers of the Responses dialect say of each other, for whoever keeps answers.
/// Stateless; any thread. Texts are validated JSON.
namespace gateway::dialect::responses {

/// Reasoning in `input` that another maker than OpenAI encrypted. Only to be taken out on the way to OpenAI.
[[nodiscard]] bool hasForeignItems(std::string_view input);
[[nodiscard]] std::string withoutForeignItems(std::string_view input);

/// The answer that a request goes on from; empty when there is none.
[[nodiscard]] std::string previousId(const JsonDocument& request);
/// The items that it refers to instead of sending them.
[[nodiscard]] std::vector<std::string> referredItems(const JsonDocument& request);
/// `store` is true unless it says false.
[[nodiscard]] bool wantsKept(const JsonDocument& request);

/// Gives the item of that id, empty when nobody has it.
using FindItem = std::function<std::string_view(std::string_view id)>;
/// The request's own input items as they are listed: whole messages, each with an id, references resolved.
[[nodiscard]] std::vector<std::string> inputItems(const JsonDocument& request, std::string_view idBase,
                                                  const FindItem& findItem);
/// The request with `earlier` before its own input, references resolved, and no previous answer. Error: it is
/// too large, since a few bytes may refer to a large item many times.
[[nodiscard]] Result<std::string> expandedRequest(std::string_view body, const JsonDocument& request,
                                                  const std::vector<std::string_view>& earlier,
                                                  const FindItem& findItem);
inline constexpr std::size_t kMaxExpandedBytes = std::size_t{128} << 20;

[[nodiscard]] std::vector<std::string> outputItems(std::string_view answer);
[[nodiscard]] std::string idOf(std::string_view itemOrAnswer);

} // namespace gateway::dialect::responses
