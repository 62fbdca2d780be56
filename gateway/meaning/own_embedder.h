// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "meaning/embedder.h"

namespace gateway::meaning {

/// With the weights that were built in. Made when it is asked for first.
[[nodiscard]] const Embedder& ownEmbedder();

} // namespace gateway::meaning
