// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::guardrail {

/// A part of a text that stands for another one: base64, hexadecimal digits, escapes of URLs, programs and
/// markup, or tag characters that nobody sees.
struct Payload {
    std::size_t start = 0, end = 0;
    std::string text = {};
};

/// Those that decode to text, by place. At most `budget` bytes are decoded, which are taken off it.
[[nodiscard]] std::vector<Payload> payloadsOf(std::string_view text, std::size_t& budget);
/// Whether there may be any; also of a text with its JSON escapes in it.
[[nodiscard]] bool mayHoldPayload(std::string_view text);
/// Where a run at the end of the text begins that may become one; the text's size where none does.
[[nodiscard]] std::size_t openPayload(std::string_view text);

} // namespace gateway::guardrail
