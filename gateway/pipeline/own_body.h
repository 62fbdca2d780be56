// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/error.h"

#include "base/json_scan.h"
#include "routing/plan.h"

namespace gateway::pipeline {

/// A client's body as one target is to have it.
struct OwnBody {
    std::string text;
    JsonDocument document;        // of that text
    std::string cachePrefix = {}; // DecorationConfig::cachePrefix
};

/// As the routes that came with it have it. `document` is that of `body`.
[[nodiscard]] std::optional<Error> makeOwnBody(std::string_view body, const JsonDocument& document,
                                               const routing::OwnRules& rules, OwnBody& into);

} // namespace gateway::pipeline
