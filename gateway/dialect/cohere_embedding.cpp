// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "dialect/cohere_parts.h"
#include "dialect/content_text.h"
#include "dialect/provider_error.h"
#include "dialect/request_facts.h"
#include "dialect/vector_text.h"

namespace gateway::dialect::cohere_api {
namespace {

constexpr std::string_view kUsualInput =
    "search_document"; // required, and most clients elsewhere say nothing

/// Cohere's word for what the vectors are for; empty where it has none.
std::string_view inputType(std::string_view purpose)
{
    struct Row {
        std::string_view purpose;
        std::string_view type;
    };
    constexpr std::array kRows{Row{"RETRIEVAL_DOCUMENT", "search_document"},
                               Row{"RETRIEVAL_QUERY", "search_query"},
                               Row{"CODE_RETRIEVAL_QUERY", "search_query"},
                               Row{"QUESTION_ANSWERING", "search_query"},
                               Row{"FACT_VERIFICATION", "search_query"},
                               Row{"CLASSIFICATION", "classification"},
                               Row{"CLUSTERING", "clustering"}};
    if (purpose.empty()) return kUsualInput;
    for (const Row& row : kRows) {
        if (purpose == row.purpose || purpose == row.type) return row.type;
    }
    return {};
}

class Shape final : public EmbeddingShape {
public:
    Result<EmbedRequest> decodeRequest(std::string_view body, const PathFacts& path) const override;
    std::string encodeRequest(EmbedRequest& request) const override;
    Result<Embeddings> decodeAnswer(std::string_view body) const override;
    std::string encodeAnswer(const Embeddings& answer, const EmbedRequest& request) const override;
};

/// Numbers where they are asked for at all; what no other provider gives is noted.
void readTypes(const JsonObject& root, EmbedRequest& into)
{
    bool numbers = false;
    forEachElement(root.array("embedding_types"), [&](std::string_view value, JsonKind) {
        const std::string type = textOf(value);
        numbers = numbers || type == "float";
        into.base64 = into.base64 || type == "base64";
        if (type != "float" && type != "base64") noteDropped(into.dropped, "embedding_types." + type);
    });
    if (numbers && into.base64) {
        noteDropped(into.dropped, "embedding_types.base64");
        into.base64 = false;
    }
}

Result<EmbedRequest> Shape::decodeRequest(std::string_view body, const PathFacts&) const
{
    const JsonObject root(body);
    EmbedRequest request;
    request.model = root.text("model");
    request.purpose = root.text("input_type");
    request.truncate = root.text("truncate");
    request.dimensions = root.integer("output_dimension");
    bool good = true;
    forEachElement(root.array("texts"), [&](std::string_view value, JsonKind kind) {
        good = kind == JsonKind::String;
        request.texts.push_back(textOf(value));
        return good;
    });
    for (const char* key : {"images", "inputs"}) {
        if (!root.has(key)) continue;
        if (request.texts.empty())
            return invalidRequest("Only 'texts' can be embedded by providers other than Cohere.", key);
        noteDropped(request.dropped, key);
    }
    if (!good || request.texts.empty())
        return invalidRequest("'texts' is required and has to be a list of texts.", "texts");
    if (request.dimensions && *request.dimensions <= 0)
        return invalidRequest("'output_dimension' has to be a positive whole number.", "output_dimension");
    readTypes(root, request);
    return request;
}

std::string Shape::encodeRequest(EmbedRequest& request) const
{
    std::string out;
    JsonWriter json(out);
    std::string_view type = inputType(request.purpose);
    if (type.empty()) {
        noteDropped(request.dropped, "input_type");
        type = kUsualInput;
    }
    json.beginObject().key("model").string(request.model).key("input_type").string(type);
    json.key("texts").beginArray();
    for (const std::string& text : request.texts)
        json.string(text);
    json.endArray().key("embedding_types").beginArray().string("float").endArray();
    if (request.dimensions) json.key("output_dimension").integer(*request.dimensions);
    if (!request.truncate.empty()) json.key("truncate").string(request.truncate);
    json.endObject();
    if (!request.title.empty()) noteDropped(request.dropped, "title");
    return out;
}

Result<Embeddings> Shape::decodeAnswer(std::string_view body) const
{
    const JsonObject root(body);
    const JsonObject kinds = root.object("embeddings");
    const bool packed = kinds.kind("float") != JsonKind::Array;
    // Version 1 has the plain list itself there.
    const std::string_view list = root.kind("embeddings") == JsonKind::Array
                                      ? root.raw("embeddings")
                                      : kinds.array(packed ? "base64" : "float");
    if (list.empty()) return unreadableAnswer("it has no embeddings");
    Embeddings answer;
    answer.usage = readUsage(root.raw("meta"));
    bool good = true;
    forEachElement(list, [&](std::string_view value, JsonKind) {
        auto vector = readVector(value);
        good = vector.has_value();
        if (good) answer.vectors.push_back(*std::move(vector));
        return good;
    });
    if (!good) return unreadableAnswer("an embedding in it is no list of numbers");
    return answer;
}

std::string Shape::encodeAnswer(const Embeddings& answer, const EmbedRequest& request) const
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("id").string({}).key("embeddings").beginObject();
    json.key(request.base64 ? "base64" : "float").beginArray();
    for (const std::vector<float>& vector : answer.vectors) {
        if (request.base64) {
            json.string(packed(vector));
        } else {
            writeNumbers(json, vector);
        }
    }
    json.endArray().endObject().key("texts").beginArray();
    for (const std::string& text : request.texts)
        json.string(text);
    json.endArray().key("meta").beginObject();
    json.key("api_version").beginObject().key("version").string("2").endObject();
    json.key("billed_units").beginObject().key("input_tokens").integer(answer.usage.inputTokens);
    json.endObject().endObject().key("response_type").string("embeddings_by_type").endObject();
    return out;
}

} // namespace

const EmbeddingShape& embeddingShape()
{
    static const Shape shape;
    return shape;
}

} // namespace gateway::dialect::cohere_api
