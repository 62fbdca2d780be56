// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/models_answer.h"

#include <unordered_map>
#include <unordered_set>

#include "base/glob.h"
#include "base/json_text.h"
#include "pipeline/provider_models.h"
#include "provider/sandbox.h"

namespace gateway::pipeline {

namespace {

constexpr std::int64_t kCreated = 1'735'689'600; // a fixed day: clients want the field, we do not know it
constexpr std::string_view kCreatedText = "2025-01-01T00:00:00Z";

struct Offer {
    ProviderModel model;
    const ProviderRuntime* provider;
};

void writeOpenAi(JsonWriter& json, const ListedModel& model)
{
    json.beginObject().key("id").string(model.id).key("object").string("model");
    json.key("created").integer(kCreated).key("owned_by").string(model.owner).endObject();
}

void writeAnthropic(JsonWriter& json, const ListedModel& model)
{
    json.beginObject().key("type").string("model").key("id").string(model.id);
    json.key("display_name").string(model.id).key("created_at").string(kCreatedText).endObject();
}

/// OpenRouter prices are dollars per token, as text.
std::string perToken(const std::optional<Price>& price)
{
    if (!price) return "0";
    std::string digits = Money::fromNanos(price->perMillion.nanos()).toString();
    return digits == "0" ? digits : digits + "e-6";
}

void writeOpenRouter(JsonWriter& json, const ListedModel& model)
{
    json.beginObject().key("id").string(model.id).key("canonical_slug").string(model.id);
    json.key("name").string(model.id).key("created").integer(kCreated).key("description").string("");
    json.key("context_length");
    if (model.context)
        json.integer(*model.context);
    else
        json.null();
    json.key("architecture").beginObject().key("modality").string("text->text");
    json.key("input_modalities").beginArray().string("text").endArray();
    json.key("output_modalities").beginArray().string("text").endArray();
    json.key("tokenizer").string("Other").key("instruct_type").null().endObject();
    json.key("pricing").beginObject().key("prompt").string(perToken(model.prices.input));
    json.key("completion").string(perToken(model.prices.output)).endObject();
    json.key("top_provider").beginObject().key("is_moderated").boolean(false).endObject();
    json.key("per_request_limits").null().key("supported_parameters").beginArray().endArray();
    // OpenRouter's own SDK takes no list without these.
    json.key("default_parameters").null().key("supported_voices").null();
    json.key("links").beginObject().key("details").string("/api/v1/models/" + model.id).endObject();
    json.endObject();
}

/// What Codex tells a model that it is to do; with an empty text it would tell it nothing.
constexpr std::string_view kCodexInstructions =
    "You are a coding agent that works in the user's terminal and workspace. Look at the files before you "
    "change them, make the smallest change that does what was asked, keep to the style of the code around "
    "it, and check your work by running it or its tests where that is possible. Ask before anything that "
    "cannot be undone. Use the tools you are given; when the task is done, say briefly what you changed and "
    "what is left.";

/// The members without which Codex refuses its list of models.
void writeCodex(JsonWriter& json, const ListedModel& model, std::int64_t place)
{
    json.beginObject().key("slug").string(model.id).key("display_name").string(model.id);
    json.key("description").null().key("supported_reasoning_levels").beginArray();
    if (model.reasoning) {
        for (const char* effort : {"low", "medium", "high"}) {
            json.beginObject().key("effort").string(effort).key("description").string(effort);
            json.endObject();
        }
    }
    json.endArray();
    if (model.reasoning) json.key("default_reasoning_level").string("medium");
    json.key("shell_type").string("shell_command").key("visibility").string("list");
    json.key("supported_in_api").boolean(true).key("priority").integer(place);
    json.key("base_instructions").string(kCodexInstructions);
    json.key("supports_reasoning_summaries").boolean(model.reasoning);
    json.key("support_verbosity").boolean(false).key("supports_parallel_tool_calls").boolean(true);
    json.key("truncation_policy").beginObject().key("mode").string("bytes").key("limit").integer(10'000);
    json.endObject().key("experimental_supported_tools").beginArray().endArray();
    json.key("input_modalities").beginArray().string("text");
    if (model.images) json.string("image");
    json.endArray();
    if (model.context) json.key("context_window").integer(*model.context);
    json.endObject();
}

/// The SDKs cut off what stands before the name, and give the rest back in a path.
void writeGemini(JsonWriter& json, const ListedModel& model)
{
    json.beginObject().key("name").string("models/" + model.id).key("baseModelId").string(model.id);
    json.key("version").string("001").key("displayName").string(model.id).key("description").string("");
    if (model.context) json.key("inputTokenLimit").integer(*model.context);
    if (model.maxOutput) json.key("outputTokenLimit").integer(*model.maxOutput);
    json.key("supportedGenerationMethods").beginArray();
    if (model.embeds)
        json.string("embedContent").string("batchEmbedContents");
    else
        json.string("generateContent").string("streamGenerateContent").string("countTokens");
    json.endArray().endObject();
}

void writeCohere(JsonWriter& json, const ListedModel& model)
{
    const char* use = model.embeds ? "embed" : "chat";
    json.beginObject().key("name").string(model.id).key("is_deprecated").boolean(false);
    json.key("endpoints").beginArray().string(use).endArray().key("finetuned").boolean(false);
    if (model.context) json.key("context_length").integer(*model.context);
    json.key("default_endpoints").beginArray().endArray().endObject();
}

} // namespace

std::vector<ListedModel> listModels(const Runtime& runtime, const access::VirtualKey* key)
{
    std::vector<ListedModel> models;
    std::unordered_set<std::string> seen;
    // What a model is not known to be unable to do, it is taken to be able to.
    const auto add = [&](ListedModel model, std::string_view route = {}) {
        if ((!key || key->allows(model.id, route)) && seen.insert(model.id).second)
            models.push_back(std::move(model));
    };
    for (const RouteConfig& route : runtime.config->routes)
        add({route.id.text, "turnpike"}, route.id.text);
    for (const PresetConfig& preset : runtime.config->presets)
        add({"preset/" + preset.id.text, "turnpike"});
    for (const auto& [pattern, target] : runtime.config->aliases) {
        const bool isRoute = runtime.config->findRoute(target) != nullptr;
        if (!isGlob(pattern)) add({pattern, "turnpike"}, isRoute ? std::string_view(target) : "");
    }
    std::vector<Offer> offers;
    std::unordered_map<std::string, int> count;
    for (const ProviderRuntime& provider : runtime.providers) {
        if (provider.kind->inProcess()) continue;
        for (ProviderModel& model : offeredBy(runtime, provider)) {
            ++count[shownName(model)];
            offers.push_back({std::move(model), &provider});
        }
    }
    for (const Offer& offer : offers) {
        const std::string& owner = offer.provider->config.id.text;
        const std::string& shown = shownName(offer.model);
        const auto* row = runtime.catalogRow(*offer.provider, offer.model.name);
        ListedModel model{count[shown] > 1 ? owner + "/" + shown : shown, owner};
        model.context = runtime.context(*offer.provider, offer.model.name);
        model.prices = runtime.prices(*offer.provider, offer.model.name);
        if (row) {
            model.maxOutput = row->maxOutput;
            model.reasoning = row->reasoning;
            model.images = row->modalities.image;
            model.embeds = row->mode == catalog::ModelMode::Embedding;
        }
        add(std::move(model));
    }
    for (const std::string_view name : provider::sandboxModels()) {
        ListedModel model{"sandbox/" + std::string(name), "sandbox"};
        model.reasoning = false;
        add(std::move(model));
    }
    return models;
}

std::string modelListBody(const std::vector<ListedModel>& models, ListShape shape)
{
    std::string body;
    JsonWriter json(body);
    json.beginObject();
    if (shape == ListShape::OpenAi || shape == ListShape::Codex) json.key("object").string("list");
    const bool asModels = shape == ListShape::Gemini || shape == ListShape::Cohere;
    json.key(asModels ? "models" : "data").beginArray();
    for (const ListedModel& model : models) {
        if (shape == ListShape::Anthropic)
            writeAnthropic(json, model);
        else if (shape == ListShape::OpenRouter)
            writeOpenRouter(json, model);
        else if (shape == ListShape::Gemini)
            writeGemini(json, model);
        else if (shape == ListShape::Cohere)
            writeCohere(json, model);
        else
            writeOpenAi(json, model);
    }
    json.endArray();
    if (shape == ListShape::Codex) {
        json.key("models").beginArray();
        std::int64_t place = 0;
        for (const ListedModel& model : models)
            writeCodex(json, model, place++);
        json.endArray();
    }
    if (shape == ListShape::Anthropic) {
        json.key("has_more").boolean(false).key("first_id").string(models.empty() ? "" : models.front().id);
        json.key("last_id").string(models.empty() ? "" : models.back().id);
    }
    if (shape == ListShape::OpenRouter) {
        json.key("links").beginObject().key("next").null().endObject();
        json.key("total_count").integer(static_cast<std::int64_t>(models.size()));
    }
    json.endObject();
    return body;
}

std::optional<std::string> modelBody(const std::vector<ListedModel>& models, std::string_view id,
                                     ListShape shape)
{
    for (const ListedModel& model : models) {
        if (model.id != id) continue;
        std::string body;
        JsonWriter json(body);
        if (shape == ListShape::Anthropic)
            writeAnthropic(json, model);
        else if (shape == ListShape::Gemini)
            writeGemini(json, model);
        else if (shape == ListShape::Cohere)
            writeCohere(json, model);
        else
            writeOpenAi(json, model);
        return body;
    }
    return std::nullopt;
}

} // namespace gateway::pipeline
