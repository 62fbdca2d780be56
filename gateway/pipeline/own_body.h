// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/error.h"

#include "base/json_scan.h"
#include "routing/plan.h"

namespace gateway::pipeline {

/// A client's body as the routes that came with it have it for one target.
struct OwnBody {
    std::string text;
    JsonDocument document; // of that text
};

/// `document` is that of `body`.
[[nodiscard]] std::optional<Error> makeOwnBody(std::string_view body, const JsonDocument& document,
                                               const routing::OwnRules& rules, OwnBody& into);

} // namespace gateway::pipeline
