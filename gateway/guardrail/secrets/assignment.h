// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "guardrail/check.h"

namespace gateway::guardrail {

/// Where values may begin that are given to a name, as files, code and command lines write it. `from` is the
/// end of a word in the name.
struct ValueStarts {
    std::array<std::size_t, 3> places = {};
    std::size_t count = 0;
};
[[nodiscard]] ValueStarts valueStarts(std::string_view text, std::size_t from);

/// The words in names of secrets, for which genericValue() is asked.
[[nodiscard]] std::string_view genericWords();
/// A value that is given to a name with such a word in it, and looks like a secret. The word stands at
/// `place`. `read` is how far values have been read: no text is looked at twice.
[[nodiscard]] std::optional<Found> genericValue(std::string_view text, std::size_t place, std::size_t size,
                                                std::size_t& read);

} // namespace gateway::guardrail
