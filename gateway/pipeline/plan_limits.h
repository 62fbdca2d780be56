// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "gateway/error.h"

#include "routing/plan.h"

namespace gateway::pipeline {

/// Takes away the targets that lack an ability, where the client wants that; their setbacks were found
/// before. Error (model_not_found): none is left.
[[nodiscard]] std::optional<Error> limitToAble(std::vector<routing::Target>& targets,
                                               const routing::Preferences& preferences);

} // namespace gateway::pipeline
