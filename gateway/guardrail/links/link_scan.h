// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::guardrail {

/// An address of the web in a text.
struct Link {
    std::size_t start = 0, size = 0;
    std::string host = {};      // as plainHost() writes it
    std::string_view rest = {}; // its path, query and fragment; a view into the text
    bool shown = false;         // as a picture or a link of markdown or HTML
};

/// All of them, by place.
[[nodiscard]] std::vector<Link> linksOf(std::string_view text);
/// Its path, query, fragment or the names before its domain hold more than an address has to say.
[[nodiscard]] bool carriesData(const Link& link);
/// The place from which on one may have begun that the end of the text leaves open.
[[nodiscard]] std::size_t openLink(std::string_view text);
/// Also of a text with its JSON escapes in it; false is certain.
[[nodiscard]] bool mayHoldLink(std::string_view json);

} // namespace gateway::guardrail
