// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace gateway::guardrail {

/// A language that can be told from others, as its ISO 639-1 code names it, in the form that languageOf()
/// gives
/// ("nb" and "nn" are "no"); empty: it cannot.
[[nodiscard]] std::string_view knownLanguage(std::string_view code);
/// The code of the language that most of a text is in, and ISO 639-3's or another name where it has none.
/// Blocks of code between fences and addresses of the web do not count. Empty: there is too little to tell,
/// or it is not certain. Any bytes; of a long text its beginning.
[[nodiscard]] std::string_view languageOf(std::string_view text);

} // namespace gateway::guardrail
