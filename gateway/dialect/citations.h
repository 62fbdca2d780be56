// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "dialect/json_object.h"
#include "exchange/canonical.h"

/// Citations in answers: their places, and the form of OpenAI's two dialects.
namespace gateway::dialect {

/// Gives the citation that place, where it is one.
void setPlace(Citation& citation, std::optional<std::int64_t> start, std::optional<std::int64_t> end);
/// With its place counted from `before` the text, whose length is taken where it has none.
[[nodiscard]] Citation placed(Citation citation, std::int64_t before, std::int64_t length);

/// The `annotations` of a text, `before` code points of which come before that which is annotated. Those
/// that name no address are left out.
[[nodiscard]] std::vector<Citation> readAnnotations(std::string_view list, std::int64_t before = 0);
/// {"type":"url_citation",…}; Chat Completions has what follows in an object of its own.
void writeAnnotation(JsonWriter& json, const Citation& citation, bool nested);

/// Addresses, or objects with `url` and `title`: what an answer of Perplexity's relies on.
[[nodiscard]] std::vector<Citation> readSources(std::string_view list);
/// Where they are in an answer or chunk; empty when there are none.
[[nodiscard]] std::string_view sourcesIn(const JsonObject& answer);

/// All of an answer, placed in its joinedText().
[[nodiscard]] std::vector<Citation> joinedCitations(const std::vector<Part>& parts);

} // namespace gateway::dialect
