// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace gateway {

/// `*` stands for any run of characters, `?` for one; all else for itself. Does not allocate, and takes at
/// most pattern times text steps: no pattern can make it run away.
bool globMatches(std::string_view pattern, std::string_view text);
/// True when the pattern can match more than itself.
bool isGlob(std::string_view pattern);

} // namespace gateway
