// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/openai_embedding.h"

#include <algorithm>
#include <utility>

#include "base/json_text.h"
#include "dialect/content_text.h"
#include "dialect/json_object.h"
#include "dialect/provider_error.h"
#include "dialect/request_facts.h"
#include "dialect/usage_counts.h"
#include "dialect/vector_text.h"

namespace gateway::dialect::openai {
namespace {

constexpr std::size_t kMaxEmbeddingUserBytes = 64;

Error badInput()
{
    return invalidRequest("'input' is required and has to be a text, a list of texts or token numbers.",
                          "input");
}

bool isNumbers(std::string_view array)
{
    bool numbers = true;
    forEachElement(array, [&numbers](std::string_view, JsonKind kind) {
        numbers = kind == JsonKind::Number;
        return numbers;
    });
    return numbers;
}

/// True for numbers and for lists of numbers, which is how inputs are given as tokens.
bool isTokens(std::string_view array)
{
    if (isNumbers(array)) return true;
    bool tokens = true;
    forEachElement(array, [&tokens](std::string_view value, JsonKind kind) {
        tokens = kind == JsonKind::Array && isNumbers(value);
        return tokens;
    });
    return tokens;
}

/// False where `input` is nothing that can be embedded.
bool readInput(const JsonObject& root, EmbedRequest& into)
{
    const std::string_view input = root.raw("input");
    if (root.kind("input") == JsonKind::String) {
        into.single = true;
        into.texts.push_back(textOf(input));
        return true;
    }
    JsonKind first = JsonKind::Undecided;
    bool texts = true;
    forEachElement(root.array("input"), [&](std::string_view value, JsonKind kind) {
        if (first == JsonKind::Undecided) first = kind;
        texts = texts && kind == JsonKind::String;
        if (texts) into.texts.push_back(textOf(value));
        return texts;
    });
    if (first == JsonKind::Undecided) return false;
    if (texts) return true;
    if (!into.texts.empty() || !isTokens(input)) return false;
    into.single = first == JsonKind::Number;
    into.tokensJson = compactJson(input);
    return true;
}

class Shape final : public EmbeddingShape {
public:
    Result<EmbedRequest> decodeRequest(std::string_view body, const PathFacts& path) const override;
    std::string encodeRequest(EmbedRequest& request) const override;
    bool takesTokens() const override { return true; }
    Result<Embeddings> decodeAnswer(std::string_view body) const override;
    std::string encodeAnswer(const Embeddings& answer, const EmbedRequest& request) const override;
};

Result<EmbedRequest> Shape::decodeRequest(std::string_view body, const PathFacts&) const
{
    const JsonObject root(body);
    EmbedRequest request;
    request.model = root.text("model");
    request.dimensions = root.integer("dimensions");
    request.user = root.text("user");
    const std::string format = root.text("encoding_format");
    request.base64 = format == "base64";
    if (root.has("encoding_format") && !request.base64 && format != "float")
        return invalidRequest("'encoding_format' has to be float or base64.", "encoding_format");
    if (request.dimensions && *request.dimensions <= 0)
        return invalidRequest("'dimensions' has to be a positive whole number.", "dimensions");
    if (!readInput(root, request)) return badInput();
    return request;
}

std::string Shape::encodeRequest(EmbedRequest& request) const
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("model").string(request.model).key("input");
    if (!request.tokensJson.empty()) {
        json.raw(request.tokensJson);
    } else if (request.single && request.texts.size() == 1) {
        json.string(request.texts.front());
    } else {
        json.beginArray();
        for (const std::string& text : request.texts)
            json.string(text);
        json.endArray();
    }
    if (request.dimensions) json.key("dimensions").integer(*request.dimensions);
    json.key("encoding_format").string("float"); // the one that every compatible server knows
    if (!request.user.empty() && request.user.size() <= kMaxEmbeddingUserBytes)
        json.key("user").string(request.user);
    json.endObject();
    if (!request.purpose.empty()) noteDropped(request.dropped, "input_type");
    if (!request.title.empty()) noteDropped(request.dropped, "title");
    if (!request.truncate.empty()) noteDropped(request.dropped, "truncate");
    return out;
}

Result<Embeddings> Shape::decodeAnswer(std::string_view body) const
{
    const JsonObject root(body);
    if (root.kind("error") == JsonKind::Object) return streamFailure(root.raw("error"));
    if (root.kind("data") != JsonKind::Array) return unreadableAnswer("it has no list of embeddings");
    Embeddings answer;
    answer.model = root.text("model");
    answer.usage = readOpenAiUsage(root.raw("usage"));
    std::vector<std::pair<std::int64_t, std::vector<float>>> rows;
    bool good = true;
    forEachElement(root.array("data"), [&](std::string_view value, JsonKind kind) {
        const JsonObject row(kind == JsonKind::Object ? value : std::string_view());
        auto vector = readVector(row.raw("embedding"));
        good = vector.has_value();
        const auto place = static_cast<std::int64_t>(rows.size());
        if (good) rows.emplace_back(row.integer("index").value_or(place), *std::move(vector));
        return good;
    });
    if (!good) return unreadableAnswer("an embedding in it is no list of numbers");
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& left, const auto& right) { return left.first < right.first; });
    for (auto& [index, vector] : rows)
        answer.vectors.push_back(std::move(vector));
    return answer;
}

std::string Shape::encodeAnswer(const Embeddings& answer, const EmbedRequest& request) const
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("object").string("list").key("data").beginArray();
    std::int64_t index = 0;
    for (const std::vector<float>& vector : answer.vectors) {
        json.beginObject().key("object").string("embedding").key("index").integer(index++);
        json.key("embedding");
        if (request.base64) {
            json.string(packed(vector));
        } else {
            writeNumbers(json, vector);
        }
        json.endObject();
    }
    json.endArray().key("model").string(answer.model).key("usage").beginObject();
    json.key("prompt_tokens").integer(answer.usage.inputTokens);
    json.key("total_tokens").integer(answer.usage.inputTokens).endObject().endObject();
    return out;
}

} // namespace

const EmbeddingShape& embeddingShape()
{
    static const Shape shape;
    return shape;
}

} // namespace gateway::dialect::openai
