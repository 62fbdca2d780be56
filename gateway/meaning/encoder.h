// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "meaning/embedder.h"
#include "meaning/model_file.h"

namespace gateway::meaning {

/// The forward pass: a transformer of two layers with four heads, the mean of whose outputs goes through one
/// more layer. `ids`: 128 at most, each one of the model's.
[[nodiscard]] Vector encoded(const Model& model, const std::vector<std::uint32_t>& ids);

} // namespace gateway::meaning
