// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/rerank.h"

#include "dialect/json_object.h"
#include "dialect/span_edit.h"

namespace gateway::dialect {
namespace {

/// Voyage takes texts; Cohere's first version took objects with one.
std::string plainDocuments(std::string_view documents)
{
    std::string out = "[";
    forEachElement(documents, [&out](std::string_view document, JsonKind kind) {
        const std::string_view text =
            kind == JsonKind::Object ? memberValue(document, "text") : std::string_view();
        out.append(out.size() > 1 ? "," : "").append(text.empty() ? document : text);
    });
    return out + ']';
}

/// A result with its document, where it has one, as the shape has it.
std::string result(std::string_view given, RerankShape shape)
{
    const std::string_view document = memberValue(given, "document");
    const JsonKind kind = jsonKindOf(document);
    if (shape == RerankShape::Results && kind == JsonKind::String)
        return withMember(given, "document", "{\"text\":" + std::string(document) + '}');
    if (shape == RerankShape::Data && kind == JsonKind::Object) {
        const std::string_view text = memberValue(document, "text");
        return withMember(given, "document", text.empty() ? "\"\"" : std::string(text));
    }
    return std::string(given);
}

} // namespace

RerankShape rerankShapeOf(const JsonDocument& request)
{
    if (request.find("top_k")) return RerankShape::Data;
    return request.find("top_n") ? RerankShape::Results : RerankShape::Undecided;
}

std::string rerankRequest(std::string_view request, RerankShape shape)
{
    const bool data = shape == RerankShape::Data;
    const char* const theirs = data ? "top_n" : "top_k";
    std::string made(request);
    if (const std::string limit(memberValue(made, theirs)); !limit.empty())
        made = withMember(withoutMember(made, theirs), data ? "top_k" : "top_n", limit);
    if (!data) return withoutMember(made, "truncation");
    if (const std::string_view documents = memberValue(made, "documents");
        jsonKindOf(documents) == JsonKind::Array)
        made = withMember(made, "documents", plainDocuments(documents));
    return withoutMember(made, "max_tokens_per_doc");
}

std::string rerankAnswer(std::string_view answer, RerankShape shape)
{
    const bool data = shape == RerankShape::Data;
    const std::string_view results = memberValue(answer, data ? "results" : "data");
    if (jsonKindOf(results) != JsonKind::Array) return std::string(answer);
    std::string list = "[";
    forEachElement(results, [&list, shape](std::string_view each, JsonKind) {
        list.append(list.size() > 1 ? "," : "").append(result(each, shape));
    });
    list += ']';
    std::string made =
        withMember(withoutMember(answer, data ? "results" : "data"), data ? "data" : "results", list);
    return data ? withMember(made, "object", "\"list\"") : withoutMember(made, "object");
}

} // namespace gateway::dialect
