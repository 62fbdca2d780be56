// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/result.h"
#include "gateway/snapshot.h"

#include "exchange/dialect_id.h"
#include "routing/plan.h"

namespace gateway::pipeline {

/// A client's body with what routes and presets add to it.
struct Decorated {
    std::string body;
    std::string rewritesJson; // what was added, for the log: a list
    std::string cachePrefix;  // DecorationConfig::cachePrefix, the innermost that is set
};

/// What a variable of a text stands for.
using PromptValueOf = std::function<std::string(std::string_view name)>;

/// What a variable says of the request of that row; `now`: in seconds since 1970. Nothing where none has that
/// name.
[[nodiscard]] std::string promptValue(std::string_view name, const LogRow& row, std::int64_t now);
/// A client says what it stands for.
[[nodiscard]] bool isPromptMetadata(std::string_view name);

/// Texts of an outer route stand outside of those of an inner one, and its pinned parameters go before. The
/// log is told the texts as they stand in the configuration: values of variables may be private. `model`: the
/// target's. Error: a parameter cannot be said so.
[[nodiscard]] Result<Decorated> decorated(DialectId dialect, std::string_view body,
                                          const std::vector<routing::Decoration>& decorations,
                                          std::string_view model, const PromptValueOf& valueOf);

/// Whether a text of one of them asks for the client's metadata.
[[nodiscard]] bool asksForMetadata(const std::vector<routing::Decoration>& decorations);

} // namespace gateway::pipeline
