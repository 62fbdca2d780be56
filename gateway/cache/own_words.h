// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/thesaurus.h"

namespace gateway::cache {

/// With the words that were built in. Made when it is asked for first.
[[nodiscard]] const Thesaurus& ownWords();

} // namespace gateway::cache
