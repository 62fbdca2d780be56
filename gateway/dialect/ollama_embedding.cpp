// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/content_text.h"
#include "dialect/ollama_parts.h"
#include "dialect/provider_error.h"
#include "dialect/request_facts.h"
#include "dialect/token_count.h"
#include "dialect/vector_text.h"

namespace gateway::dialect::ollama_api {
namespace {

/// Both forms alike: /api/embed takes one text or several as `input`, /api/embeddings one as `prompt`.
class Shape final : public EmbeddingShape {
public:
    explicit Shape(Form form) : m_form(form) {}
    Result<EmbedRequest> decodeRequest(std::string_view body, const PathFacts& path) const override;
    std::string encodeRequest(EmbedRequest& request) const override;
    Result<Embeddings> decodeAnswer(std::string_view body) const override;
    std::string encodeAnswer(const Embeddings& answer, const EmbedRequest& request) const override;

private:
    Form m_form;
};

Result<EmbedRequest> Shape::decodeRequest(std::string_view body, const PathFacts&) const
{
    const JsonObject root(body);
    const char* const key = m_form == Form::Prompt ? "prompt" : "input";
    EmbedRequest request;
    request.model = root.text("model");
    request.dimensions = root.integer("dimensions");
    if (const auto truncate = root.boolean("truncate")) request.truncate = *truncate ? "END" : "NONE";
    request.single = root.kind(key) == JsonKind::String;
    bool good = request.single || (m_form == Form::Chat && root.kind(key) == JsonKind::Array);
    if (request.single) request.texts.push_back(root.text(key));
    forEachElement(root.array(key), [&](std::string_view value, JsonKind kind) {
        good = good && kind == JsonKind::String;
        request.texts.push_back(textOf(value));
        return good;
    });
    if (!good || request.texts.empty()) {
        const std::string name(key);
        return invalidRequest(m_form == Form::Prompt
                                  ? "'prompt' is required and has to be a text."
                                  : "'input' is required and has to be a text or a list of texts.",
                              name);
    }
    if (request.dimensions && *request.dimensions <= 0)
        return invalidRequest("'dimensions' has to be a positive whole number.", "dimensions");
    return request;
}

std::string Shape::encodeRequest(EmbedRequest& request) const
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("model").string(request.model);
    if (m_form == Form::Prompt) {
        if (request.texts.size() > 1) noteDropped(request.dropped, "input");
        json.key("prompt").string(request.texts.empty() ? std::string() : request.texts.front());
    } else if (request.single && request.texts.size() == 1) {
        json.key("input").string(request.texts.front());
    } else {
        json.key("input").beginArray();
        for (const std::string& text : request.texts)
            json.string(text);
        json.endArray();
    }
    if (request.dimensions) json.key("dimensions").integer(*request.dimensions);
    if (request.truncate == "END" || request.truncate == "NONE")
        json.key("truncate").boolean(request.truncate == "END");
    else if (!request.truncate.empty())
        noteDropped(request.dropped, "truncate");
    json.endObject();
    if (!request.purpose.empty()) noteDropped(request.dropped, "input_type");
    if (!request.title.empty()) noteDropped(request.dropped, "title");
    return out;
}

Result<Embeddings> Shape::decodeAnswer(std::string_view body) const
{
    const JsonObject root(body);
    if (root.has("error")) return streamFailure(root.raw("error"));
    Embeddings answer;
    answer.model = root.text("model");
    answer.usage.inputTokens = tokenCount(root.integer("prompt_eval_count"));
    answer.usage.known = root.has("prompt_eval_count");
    bool good = root.kind("embeddings") == JsonKind::Array || root.kind("embedding") == JsonKind::Array;
    const auto add = [&](std::string_view value) {
        auto vector = readNumbers(value);
        good = good && vector.has_value();
        if (good) answer.vectors.push_back(*std::move(vector));
        return good;
    };
    if (root.kind("embedding") == JsonKind::Array) {
        add(root.raw("embedding"));
    } else {
        forEachElement(root.array("embeddings"),
                       [&](std::string_view value, JsonKind) { return add(value); });
    }
    if (!good) return unreadableAnswer("it has no embeddings");
    return answer;
}

std::string Shape::encodeAnswer(const Embeddings& answer, const EmbedRequest&) const
{
    std::string out;
    JsonWriter json(out);
    json.beginObject();
    if (m_form == Form::Prompt) {
        json.key("embedding");
        writeNumbers(json, answer.vectors.empty() ? std::vector<float>() : answer.vectors.front());
        json.endObject();
        return out;
    }
    json.key("model").string(answer.model).key("embeddings").beginArray();
    for (const std::vector<float>& vector : answer.vectors)
        writeNumbers(json, vector);
    json.endArray().key("total_duration").integer(0).key("load_duration").integer(0);
    json.key("prompt_eval_count").integer(answer.usage.inputTokens).endObject();
    return out;
}

} // namespace

const EmbeddingShape& embeddingShape(Form form)
{
    static const Shape chat(Form::Chat);
    static const Shape prompt(Form::Prompt);
    return form == Form::Prompt ? prompt : chat;
}

} // namespace gateway::dialect::ollama_api
