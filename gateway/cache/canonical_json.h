// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gateway::cache {

/// One text for all bodies that mean the same: members by name, no spaces, whole numbers without a point,
/// escapes only where they must be, a text that is the only part of a `content` in that one's place, no empty
/// objects in the outermost. `without`: members of the outermost object that are left out. Nothing where it
/// is no object. Builds a tree: for questions, not for streams.
[[nodiscard]] std::optional<std::string> canonicalJson(std::string_view json,
                                                       std::span<const std::string_view> without = {});

} // namespace gateway::cache
