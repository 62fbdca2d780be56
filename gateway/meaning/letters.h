// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "meaning/embedder.h"

namespace gateway::meaning {

/// A text by the letters that stand together in it, three to five at a time, whatever its language. Of a long
/// one its beginning.
[[nodiscard]] Vector byLetters(std::string_view text);

} // namespace gateway::meaning
