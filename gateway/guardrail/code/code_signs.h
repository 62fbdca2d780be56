// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace gateway::guardrail {

/// Languages of programs, by the bits of their places in codeLanguageNames().
using CodeLanguages = std::uint64_t;

/// "SQL", "Python", …, as parameters name them.
[[nodiscard]] const std::vector<std::string_view>& codeLanguageNames();
[[nodiscard]] CodeLanguages codeLanguageBit(std::string_view name);
/// Of the word behind a fence, such as "py"; 0: none of them.
[[nodiscard]] CodeLanguages languageOfFence(std::string_view word);

struct LineLanguages {
    CodeLanguages some = 0; // that the line is in, one of them; two such lines prove it
    CodeLanguages sure = 0; // the same; one proves it
};
/// What a line shows to be in.
[[nodiscard]] LineLanguages languagesOfLine(std::string_view line);
/// It may stand in a program of any language, though it proves nothing.
[[nodiscard]] bool isCodeLike(std::string_view line);
/// Prose, as its first words tell, however it goes on: no program.
[[nodiscard]] bool beginsAsProse(std::string_view line);

} // namespace gateway::guardrail
