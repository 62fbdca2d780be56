// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_scan.h"

namespace gateway::pipeline {

/// What a provider keeps (files, batches, films) has its id there and the provider's behind a tilde here:
/// `file-abc~openai`. So a later call finds its way without anything being remembered. No provider's id of
/// its own has a tilde, and none in the configuration either.
struct KeptId {
    std::string native;
    std::string provider; // empty: the client got it elsewhere
};

/// Nothing where it can be no id: letters, digits, '-', '_', '.' only.
[[nodiscard]] std::optional<KeptId> readKeptId(std::string_view text);
[[nodiscard]] std::string keptId(std::string_view native, std::string_view provider);

/// A conversation may refer to files that a provider keeps: `file_id` and `file_ids` in OpenAI's and
/// Anthropic's bodies. `body` has the provider's own ids in their place. Where a second provider is named it
/// stands in `other`, and the body is of no use. Nothing where no id names a provider that there is.
struct KeptReferences {
    std::string body;
    std::string provider, other;
};
using IsProvider = std::function<bool(std::string_view id)>;
[[nodiscard]] std::optional<KeptReferences> withNativeFileIds(std::string_view json,
                                                              const IsProvider& isProvider);

/// An answer with all its ids as the client gets them; also the address of a batch's results, which is ours.
/// `base`: of this gateway, "http://127.0.0.1:4777".
[[nodiscard]] std::string withKeptIds(std::string_view json, const JsonDocument& document,
                                      std::string_view provider, std::string_view base);

} // namespace gateway::pipeline
