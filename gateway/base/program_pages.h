// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace gateway {

/// Gives back the memory of a text that is part of the program's file and was read for the last time in a
/// long while. It stays where it is: who reads it again gets it from the file.
void releasePages(std::string_view text);

} // namespace gateway
