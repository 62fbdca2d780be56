// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/commands/output.h"

namespace app {

/// A member of an answer of the administration; empty, 0 or false where it is not there or of another kind.
[[nodiscard]] std::string textIn(const Json& object, std::string_view name);
[[nodiscard]] std::int64_t numberIn(const Json& object, std::string_view name);
[[nodiscard]] bool truthIn(const Json& object, std::string_view name);
/// Dollars as the answer has them, for people.
[[nodiscard]] std::string dollarsIn(const Json& object, std::string_view name);
/// A moment of the answer in local time.
[[nodiscard]] std::string timeIn(const Json& object, std::string_view name);
/// An empty one where there is none.
[[nodiscard]] Json listIn(const Json& object, std::string_view name);

} // namespace app
