// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/ollama_calls.h"

#include <chrono>

#include "base/json_scan.h"
#include "base/json_text.h"
#include "base/sha256.h"
#include "dialect/dialect.h"
#include "pipeline/answers.h"
#include "pipeline/key_rights.h"
#include "pipeline/model_lists.h"

namespace gateway::pipeline {

namespace {

constexpr std::uint64_t kMaxShowBytes = 64 * 1024;
constexpr std::string_view kVersion = "0.30.3"; // of Ollama; clients refuse servers that are too old for them
constexpr std::string_view kModified = "2025-01-01T00:00:00Z"; // a fixed day: it is asked for, and not known
constexpr std::string_view kFamily = "turnpike";

void writeDetails(JsonWriter& json)
{
    json.key("details").beginObject().key("parent_model").string({}).key("format").string({});
    json.key("family").string(kFamily).key("families").beginArray().string(kFamily).endArray();
    json.key("parameter_size").string({}).key("quantization_level").string({}).endObject();
}

/// Without a row in the catalog only what most models can: agents leave out models without tools.
void writeCapabilities(JsonWriter& json, const catalog::CatalogModel* row)
{
    json.key("capabilities").beginArray();
    if (row && row->mode == catalog::ModelMode::Embedding) {
        json.string("embedding").endArray();
        return;
    }
    json.string("completion");
    if (!row || row->tools) json.string("tools");
    if (row && row->modalities.image) json.string("vision");
    if (row && row->reasoning) json.string("thinking");
    json.endArray();
}

/// Also the older clients' word for it.
std::string modelNamed(std::string_view body)
{
    JsonDocument document;
    if (scanJson(body, document)) return {};
    for (const char* key : {"model", "name"}) {
        const JsonMember* member = document.find(key);
        const auto name = member ? decodeJsonString(member->value) : std::nullopt;
        if (name && !name->empty()) return *name;
    }
    return {};
}

/// Ollama lists each model with a tag. Some clients put one to a name without, and then look it up in this
/// list.
std::string taggedName(const std::string& id)
{
    return id.find(':') == std::string::npos ? id + ":latest" : id;
}

class OllamaExchange final : public listener::Exchange {
public:
    OllamaExchange(ThreadContext& context, OllamaAsk ask) : m_context(context), m_ask(std::move(ask)) {}
    [[nodiscard]] std::optional<listener::Answer> earlyAnswer() override
    {
        if (m_ask.kind == EndpointKind::OllamaVersion)
            return answer("{\"version\":\"" + std::string(kVersion) + "\"}");
        // No model is held in this machine's memory for anybody.
        if (m_ask.kind == EndpointKind::OllamaRunning) return answer("{\"models\":[]}");
        return std::nullopt;
    }
    [[nodiscard]] std::uint64_t bodyLimit() const override
    {
        return m_ask.kind == EndpointKind::OllamaShow ? kMaxShowBytes : 0;
    }
    net::Task<void> run(std::string body, listener::Responder& responder) override
    {
        co_await refreshModelLists(m_context, m_ask.runtime, kListShownFor);
        const listener::Answer made = answerTo(body);
        co_await responder.send(made);
    }
    [[nodiscard]] listener::Answer refuse(const Error& error) override
    {
        return errorAnswer(dialect::dialectOf(DialectId::Ollama), error, m_ask.id.text());
    }
    void cancel() override {}

private:
    [[nodiscard]] listener::Answer answer(std::string body) const
    {
        listener::Answer made;
        made.headers.emplace_back("x-request-id", m_ask.id.text());
        made.body = std::move(body);
        return made;
    }
    [[nodiscard]] listener::Answer answerTo(std::string_view body)
    {
        if (m_ask.kind == EndpointKind::OllamaTags)
            return answer(ollamaTagsBody(listModels(*m_ask.runtime, m_ask.key)));
        auto shown = ollamaShowBody(*m_ask.runtime, m_ask.key, body);
        return shown ? answer(std::move(shown.value())) : refuse(shown.error());
    }

    ThreadContext& m_context;
    OllamaAsk m_ask;
};

} // namespace

std::string ollamaTagsBody(const std::vector<ListedModel>& models)
{
    std::string body;
    JsonWriter json(body);
    json.beginObject().key("models").beginArray();
    for (const ListedModel& model : models) {
        const std::string name = taggedName(model.id);
        json.beginObject().key("name").string(name).key("model").string(name);
        json.key("modified_at").string(kModified).key("size").integer(0);
        json.key("digest").string(hexText(sha256(model.id)));
        writeDetails(json);
        json.endObject();
    }
    json.endArray().endObject();
    return body;
}

Result<std::string> ollamaShowBody(const Runtime& runtime, const access::VirtualKey* key,
                                   std::string_view body)
{
    const std::string name = modelNamed(body);
    if (name.empty())
        return clientError(Code::InvalidRequest, "'model' is required and has to be a string.", "model");
    const auto refused = [&] {
        return clientError(Code::ModelNotAllowed, "The key `" + key->id.text + "` may not use this model.",
                           "model");
    };
    if (key && key->routes.empty() && !mayAsk(key, name)) return refused();
    auto plan = routing::planFor(*runtime.config, runtime, name);
    if (!plan) return plan.error();
    if (!mayAsk(key, name, plan.value().route.text)) return refused();
    const catalog::CatalogModel* row = nullptr;
    if (!plan->targets.empty()) {
        const routing::Target& first = plan->targets.front();
        const ProviderRuntime* provider = runtime.findProvider(first.provider.text);
        if (provider) row = runtime.catalogRow(*provider, first.model);
    }
    std::string answer;
    JsonWriter json(answer);
    json.beginObject().key("license").string({}).key("modelfile").string({}).key("parameters").string({});
    json.key("template").string({});
    writeDetails(json);
    json.key("model_info").beginObject().key("general.architecture").string(kFamily);
    json.key("general.basename").string(name);
    if (row && row->context) json.key("turnpike.context_length").integer(*row->context);
    json.endObject();
    writeCapabilities(json, row);
    json.key("modified_at").string(kModified).endObject();
    return answer;
}

std::unique_ptr<listener::Exchange> ollamaCall(ThreadContext& context, OllamaAsk ask)
{
    return std::make_unique<OllamaExchange>(context, std::move(ask));
}

} // namespace gateway::pipeline
