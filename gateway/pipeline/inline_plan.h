// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "gateway/config.h"
#include "gateway/error.h"

#include "pipeline/request_notes.h"

namespace gateway::pipeline {

/// Makes a wish for a route of the name of a saved configuration ("pc-…"). Error: there is no such route, or
/// the configuration is not `obeyed` where it came.
[[nodiscard]] std::optional<Error> placeConfig(RequestWishes& wishes, const Config& config, bool obeyed);

} // namespace gateway::pipeline
