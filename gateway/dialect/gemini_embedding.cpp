// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <utility>

#include "dialect/content_text.h"
#include "dialect/gemini_parts.h"
#include "dialect/provider_error.h"
#include "dialect/request_facts.h"

namespace gateway::dialect::gemini {
namespace {

constexpr std::size_t kMaxDimensions = 65536;

/// The tasks by Google's names and by those of others.
struct Task {
    std::string_view name, own;
};
constexpr std::array kTasks{
    Task{"search_document", "RETRIEVAL_DOCUMENT"}, Task{"search_query", "RETRIEVAL_QUERY"},
    Task{"document", "RETRIEVAL_DOCUMENT"},        Task{"query", "RETRIEVAL_QUERY"},
    Task{"classification", "CLASSIFICATION"},      Task{"clustering", "CLUSTERING"}};
constexpr std::array<std::string_view, 8> kOwnTasks{
    "RETRIEVAL_QUERY", "RETRIEVAL_DOCUMENT", "SEMANTIC_SIMILARITY", "CLASSIFICATION",
    "CLUSTERING",      "QUESTION_ANSWERING", "FACT_VERIFICATION",   "CODE_RETRIEVAL_QUERY"};

std::string_view taskNamed(std::string_view purpose)
{
    for (const Task& task : kTasks) {
        if (task.name == purpose) return task.own;
    }
    for (const std::string_view own : kOwnTasks) {
        if (own == purpose) return own;
    }
    return {};
}

void readOne(const Fields& one, EmbedRequest& into)
{
    std::string text;
    const Fields content = one.object("content");
    forEachObject(content.array("parts"), [&](const Fields& part) {
        if (part.has("inlineData") || part.has("fileData")) noteDropped(into.dropped, "inlineData");
        text += part.text("text");
    });
    text += content.object("parts").text("text");
    into.texts.push_back(std::move(text));
    // One setting for all: no client of this dialect sends different ones.
    if (into.purpose.empty()) into.purpose = one.text("taskType");
    if (into.title.empty()) into.title = one.text("title");
    if (!into.dimensions) into.dimensions = one.integer("outputDimensionality");
}

void writeOne(JsonWriter& json, const EmbedRequest& request, std::string_view text, std::string_view task)
{
    json.beginObject().key("model").string("models/" + request.model);
    json.key("content").beginObject().key("parts").beginArray();
    writeText(json, text, false, {});
    json.endArray().endObject();
    if (!task.empty()) json.key("taskType").string(task);
    if (!request.title.empty()) json.key("title").string(request.title);
    if (request.dimensions) json.key("outputDimensionality").integer(*request.dimensions);
    json.endObject();
}

void readVector(const Fields& embedding, Embeddings& into)
{
    std::vector<float>& vector = into.vectors.emplace_back();
    forEachElement(embedding.array("values"), [&vector](std::string_view value, JsonKind) {
        vector.push_back(static_cast<float>(jsonNumber(value).value_or(0)));
        return vector.size() < kMaxDimensions;
    });
}

void writeVector(JsonWriter& json, const std::vector<float>& vector)
{
    json.beginObject().key("values").beginArray();
    for (const float value : vector)
        json.number(static_cast<double>(value));
    json.endArray().endObject();
}

class GeminiEmbedding final : public EmbeddingShape {
public:
    Result<EmbedRequest> decodeRequest(std::string_view body, const PathFacts& path) const override
    {
        const Fields root(body);
        EmbedRequest request;
        request.model = path.model;
        request.single = !path.batch;
        if (path.batch)
            forEachObject(root.array("requests"), [&request](const Fields& one) { readOne(one, request); });
        else if (root.has("content"))
            readOne(root, request);
        if (request.texts.empty()) {
            const std::string param = path.batch ? "requests" : "content";
            return invalidRequest("'" + param + "' is required.", param);
        }
        if (request.dimensions && *request.dimensions <= 0)
            return invalidRequest("'outputDimensionality' has to be a positive whole number.",
                                  "outputDimensionality");
        return request;
    }

    /// Always the call that takes a list: it answers one text as well as many.
    std::string encodeRequest(EmbedRequest& request) const override
    {
        if (!request.tokensJson.empty()) noteDropped(request.dropped, "input");
        if (!request.truncate.empty() && request.truncate != "END") noteDropped(request.dropped, "truncate");
        const std::string_view task = taskNamed(request.purpose);
        if (task.empty() && !request.purpose.empty()) noteDropped(request.dropped, "input_type");
        std::string out;
        JsonWriter json(out);
        json.beginObject().key("requests").beginArray();
        for (const std::string& text : request.texts)
            writeOne(json, request, text, task);
        json.endArray().endObject();
        return out;
    }

    Result<Embeddings> decodeAnswer(std::string_view body) const override
    {
        const Fields root(body);
        Embeddings answer;
        if (root.kind("embedding") == JsonKind::Object)
            readVector(root.object("embedding"), answer);
        else if (root.kind("embeddings") == JsonKind::Array)
            forEachObject(root.array("embeddings"),
                          [&answer](const Fields& one) { readVector(one, answer); });
        else
            return unreadableAnswer("it has no embeddings");
        answer.usage = readUsage(root.raw("usageMetadata"));
        return answer;
    }

    std::string encodeAnswer(const Embeddings& answer, const EmbedRequest& request) const override
    {
        std::string out;
        JsonWriter json(out);
        json.beginObject();
        if (request.single) {
            json.key("embedding");
            writeVector(json, answer.vectors.empty() ? std::vector<float>() : answer.vectors.front());
        } else {
            json.key("embeddings").beginArray();
            for (const auto& vector : answer.vectors)
                writeVector(json, vector);
            json.endArray();
        }
        json.endObject();
        return out;
    }
};

} // namespace

const EmbeddingShape& embedding()
{
    static const GeminiEmbedding shape;
    return shape;
}

} // namespace gateway::dialect::gemini
