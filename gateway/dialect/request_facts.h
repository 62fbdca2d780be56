// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "dialect/dialect.h"

namespace gateway::dialect {

/// The members that every dialect with the model in its body shares: model, models, stream, tools. Unknown
/// members are never refused. A model in the path goes before the body's; `streams`: what a request without
/// `stream` means.
[[nodiscard]] Result<RequestFacts> modelFacts(const JsonDocument& document, const PathFacts& path = {},
                                              bool streams = false);
/// The same, and `messages` has to be there.
[[nodiscard]] Result<RequestFacts> sharedFacts(const JsonDocument& document, const PathFacts& path = {});

/// Those of a request for embeddings, which is never answered as a stream.
[[nodiscard]] Result<RequestFacts> embeddingFacts(const JsonDocument& document, const PathFacts& path = {});

/// The raw value of a member, empty where there is none.
[[nodiscard]] std::string_view rawMember(const JsonDocument& document, std::string_view key);

/// A model name as it may go into URLs, logs and other requests.
[[nodiscard]] bool isModelName(std::string_view name);

/// True when a content block of one of these types stands in a message, or in a tool's result in a message.
[[nodiscard]] bool hasBlock(const JsonDocument& document, std::string_view type);

/// The value is an object whose member has this text.
[[nodiscard]] bool memberIs(std::string_view value, std::string_view key, std::string_view text);

/// OpenAI's word for how much a model may think: any but none.
[[nodiscard]] bool wantsEffort(std::string_view effort);

[[nodiscard]] bool hasElements(const JsonDocument& document, std::string_view key);

/// A member that has to be a boolean where it is present; `fallback` where it is not.
[[nodiscard]] Result<bool> booleanMember(const JsonMember* member, std::string_view param, bool fallback);

/// A count of tokens that has to be a positive integer where it is present.
[[nodiscard]] Result<std::optional<std::int64_t>> tokenLimit(const JsonDocument& document,
                                                             std::string_view key);

[[nodiscard]] Error invalidRequest(std::string message, std::string param);

} // namespace gateway::dialect
