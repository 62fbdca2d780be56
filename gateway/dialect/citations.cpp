// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/citations.h"

#include <utility>

#include "base/utf8.h"

namespace gateway::dialect {
namespace {

constexpr std::int64_t kMostPlace = std::int64_t{1} << 40; // sums of them stay far below an overflow

std::int64_t lengthOf(std::string_view text)
{
    return static_cast<std::int64_t>(utf8Length(text));
}

} // namespace

void setPlace(Citation& citation, std::optional<std::int64_t> start, std::optional<std::int64_t> end)
{
    if (!start || !end || *start < 0 || *end < *start || *end > kMostPlace) return;
    citation.start = start;
    citation.end = end;
}

Citation placed(Citation citation, std::int64_t before, std::int64_t length)
{
    citation.start = before + citation.start.value_or(0);
    citation.end = before + citation.end.value_or(length);
    return citation;
}

std::vector<Citation> readAnnotations(std::string_view list, std::int64_t before)
{
    std::vector<Citation> citations;
    forEachElement(list, [&](std::string_view value, JsonKind kind) {
        if (kind != JsonKind::Object) return;
        const JsonObject annotation(value);
        if (annotation.text("type") != "url_citation") return;
        const bool nested = annotation.kind("url_citation") == JsonKind::Object;
        const JsonObject fields = nested ? annotation.object("url_citation") : annotation;
        Citation citation{fields.text("url"), fields.text("title"), fields.text("content")};
        if (citation.url.empty()) return;
        setPlace(citation, fields.integer("start_index"), fields.integer("end_index"));
        if (citation.start) citation = placed(std::move(citation), before, 0);
        citations.push_back(std::move(citation));
    });
    return citations;
}

void writeAnnotation(JsonWriter& json, const Citation& citation, bool nested)
{
    json.beginObject().key("type").string("url_citation");
    if (nested) json.key("url_citation").beginObject();
    json.key("start_index").integer(citation.start.value_or(0));
    json.key("end_index").integer(citation.end.value_or(0));
    // Clients show the title, and it is never missing at OpenAI.
    json.key("title").string(citation.title.empty() ? citation.url : citation.title);
    json.key("url").string(citation.url);
    if (nested) json.endObject();
    json.endObject();
}

std::vector<Citation> readSources(std::string_view list)
{
    std::vector<Citation> citations;
    forEachElement(list, [&citations](std::string_view value, JsonKind kind) {
        const JsonObject source(kind == JsonKind::Object ? value : std::string_view());
        Citation citation{kind == JsonKind::String ? textOf(value) : source.text("url"), source.text("title"),
                          source.text("snippet")};
        if (!citation.url.empty()) citations.push_back(std::move(citation));
    });
    return citations;
}

std::string_view sourcesIn(const JsonObject& answer)
{
    const std::string_view results = answer.array("search_results"); // have titles, too
    return results.size() > 2 ? results : answer.array("citations");
}

std::vector<Citation> joinedCitations(const std::vector<Part>& parts)
{
    std::vector<Citation> citations;
    std::int64_t before = 0;
    for (const Part& part : parts) {
        const auto* text = std::get_if<TextPart>(&part);
        if (!text || text->text.empty()) continue;
        const std::int64_t length = lengthOf(text->text);
        for (const Citation& citation : text->citations)
            citations.push_back(placed(citation, before, length));
        before += length + 2; // the blank line
    }
    return citations;
}

} // namespace gateway::dialect
