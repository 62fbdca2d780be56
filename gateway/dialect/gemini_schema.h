// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

/// Schemas as Gemini writes them and as everybody else does. All texts are validated JSON objects.
namespace gateway::dialect::gemini {

/// A JSON Schema out of Google's own form: types in capitals, `nullable`, counts as strings. What is one
/// already only has its types put in small letters, since Google's tools mix the two.
[[nodiscard]] std::string standardSchema(std::string_view schema);

/// The same for an answer's form, as OpenAI and Anthropic want it: an object takes no members beside those it
/// names. `strict` says whether it also requires all of them, as OpenAI's strict mode wants.
struct AnswerSchema {
    std::string schema;
    bool strict = false;
};
[[nodiscard]] AnswerSchema answerSchema(std::string_view schema);

/// A JSON Schema without the keywords that Gemini's API refuses or does not know.
[[nodiscard]] std::string acceptedSchema(std::string_view schema);

} // namespace gateway::dialect::gemini
