// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <variant>

#include "config/json_tree.h"
#include "pipeline/admin_desk.h"

namespace gateway::engine {

/// A call's body as a tree, an empty one as an object without members; or why it cannot be read.
[[nodiscard]] std::variant<config::JsonTree, pipeline::AdminAnswer> bodyObject(std::string_view body);
/// The text of a configuration file as a tree to be changed, or (409) why it must not be: what is not valid
/// would be lost.
[[nodiscard]] std::variant<config::JsonTree, pipeline::AdminAnswer> fileObject(std::string_view text);

} // namespace gateway::engine
