// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "exchange/usage.h"

/// What batches tell of their use. The shapes are those of OpenAI's reference (batches, and the lines of
/// their output files, which other providers' batches share) and of Anthropic's (results of message batches).
namespace gateway::dialect {

struct BatchUse {
    std::string model;
    Usage usage;
};

/// A whole batch, once it is over and where its object says it; nothing else is told by `batch`, a JSON
/// object.
[[nodiscard]] std::optional<BatchUse> readBatchUse(std::string_view batch);

/// One line of results. Nothing: it is no such line. A request that failed has no known usage.
[[nodiscard]] std::optional<BatchUse> readResultUse(std::string_view line);

} // namespace gateway::dialect
