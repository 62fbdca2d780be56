// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gateway::guardrail {

/// A letter as its plainest form: small, without accents, of normal width, and the Latin one of those that
/// look alike in Latin, Cyrillic and Greek. 0: nobody sees it (no width, marks over letters, direction,
/// tags).
[[nodiscard]] char32_t folded(char32_t codePoint);
/// All of a text, in UTF-8; bytes that are none are left out.
[[nodiscard]] std::string foldedText(std::string_view text);
/// Of a folded code point: part of a word that spaces set apart.
[[nodiscard]] bool isSpacedLetter(char32_t codePoint);
/// Of scripts that are written without spaces.
[[nodiscard]] bool isUnspaced(char32_t codePoint);
/// The character that a tag stands for (U+E0020 to U+E007E), else '\0'.
[[nodiscard]] char tagged(char32_t codePoint);

} // namespace gateway::guardrail
