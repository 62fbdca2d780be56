// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "exchange/dialect_id.h"

namespace gateway::provider {

/// Where OpenAI's API has what is passed on as it is, behind the version: "/audio/speech". Empty for other
/// operations.
[[nodiscard]] std::string_view openAiPath(Operation operation);

} // namespace gateway::provider
