// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gateway::dialect {

/// Whether it names a member within an object: "a", "a.b", or "a[*].b" for a member of every element.
[[nodiscard]] bool isMemberPath(std::string_view path);

/// `object` without what such a path names; as it came where nothing stands there.
[[nodiscard]] std::string withoutPath(std::string_view object, std::string_view path);

} // namespace gateway::dialect
