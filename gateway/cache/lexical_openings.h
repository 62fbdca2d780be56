// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "cache/lexical_guard.h"
#include "cache/lexical_tokens.h"

namespace gateway::cache {

/// How a sentence begins: what is wanted, and where that is said.
struct Opening {
    std::size_t end = 0; // behind "could you please tell me how to"
    LexicalText::Wish wish = LexicalText::Wish::Undecided;
};

[[nodiscard]] Opening openingAt(const std::vector<Token>& tokens, std::size_t begin);

} // namespace gateway::cache
