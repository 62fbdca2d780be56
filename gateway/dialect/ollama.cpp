// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/ollama.h"

#include "dialect/ollama_parts.h"
#include "dialect/request_facts.h"
#include "dialect/span_edit.h"

namespace gateway::dialect {
namespace {

using ollama_api::Form;

bool hasImages(const JsonDocument& document)
{
    if (hasElements(document, "images")) return true;
    bool found = false;
    forEachElement(rawMember(document, "messages"), [&found](std::string_view message, JsonKind) {
        forEachElement(memberValue(message, "images"), [&found](std::string_view, JsonKind) {
            found = true;
            return false;
        });
        return !found;
    });
    return found;
}

class Ollama final : public Dialect {
public:
    explicit Ollama(Form form) : m_form(form) {}
    DialectId id() const override
    {
        return m_form == Form::Prompt ? DialectId::OllamaPrompt : DialectId::Ollama;
    }
    const std::vector<PathRule>& paths() const override;
    Result<RequestFacts> facts(const JsonDocument& document, const PathFacts& path) const override;
    RequestNeeds needs(const JsonDocument& document) const override;
    Result<std::string> edit(std::string_view body, const JsonDocument& document,
                             const BodyEdit& edit) const override;
    Usage readUsage(const JsonDocument& answer) const override
    {
        return ollama_api::readUsage(JsonObject(answer));
    }
    bool isAnswer(const JsonDocument& answer, Operation operation) const override;
    /// There is no usage object that a cost could stand in.
    std::string addCost(std::string_view answer, const JsonDocument&, Money) const override
    {
        return std::string(answer);
    }
    std::unique_ptr<StreamMeter> meter(MeterOptions) const override { return ollama_api::meter(); }
    Framing framing() const override { return Framing::JsonLines; }
    std::string_view streamType(bool) const override { return "application/x-ndjson"; }

    Result<Request> decodeRequest(std::string_view body, const PathFacts&) const override
    {
        return ollama_api::decodeRequest(body, m_form);
    }
    std::string encodeRequest(Request& request) const override
    {
        return ollama_api::encodeRequest(request, m_form);
    }
    std::optional<ToolNameRule> toolNameRule() const override { return std::nullopt; }
    Result<Completion> decodeCompletion(std::string_view body) const override
    {
        return ollama_api::decodeCompletion(body);
    }
    std::string encodeCompletion(const Completion& completion,
                                 const CompletionContext& context) const override
    {
        return ollama_api::encodeCompletion(completion, context, m_form);
    }
    std::unique_ptr<EventDecoder> eventDecoder() const override { return ollama_api::eventDecoder(); }
    std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf) const override
    {
        return ollama_api::eventEncoder(context, m_form);
    }
    std::string encodeLoaded(const JsonDocument& request, const CompletionContext& context) const override
    {
        return ollama_api::encodeLoaded(request, context, m_form);
    }
    const EmbeddingShape* embedding() const override { return &ollama_api::embeddingShape(m_form); }

    std::string encodeError(const Error& error, std::string_view) const override
    {
        return ollama_api::encodeError(error);
    }
    std::string encodeStreamError(const Error& error, const CompletionContext&) const override
    {
        return ollama_api::encodeStreamError(error);
    }
    ProviderError readError(std::string_view body) const override { return ollama_api::readError(body); }
    /// Its Python client takes an empty line for a broken one.
    std::string_view keepAlive() const override { return {}; }

private:
    Form m_form;
};

const std::vector<PathRule>& Ollama::paths() const
{
    static const std::vector<PathRule> chat{{PathRule::Root::Exact, "/api/chat", {}, Operation::Chat},
                                            {PathRule::Root::Exact, "/api/embed", {}, Operation::Embed}};
    static const std::vector<PathRule> prompt{
        {PathRule::Root::Exact, "/api/generate", {}, Operation::Chat},
        {PathRule::Root::Exact, "/api/embeddings", {}, Operation::Embed}};
    return m_form == Form::Prompt ? prompt : chat;
}

Result<RequestFacts> Ollama::facts(const JsonDocument& document, const PathFacts& path) const
{
    if (path.operation == Operation::Embed) return embeddingFacts(document);
    // Without messages or a prompt Ollama loads the model, so neither is asked for here.
    Result<RequestFacts> facts = modelFacts(document, {}, true);
    if (!facts) return facts;
    facts->includeUsage = true;
    facts->isEmpty = ollama_api::asksNothing(document, m_form);
    facts->hasTools = hasElements(document, "tools");
    facts->hasImages = hasImages(document);
    const JsonMember* options = document.find("options");
    if (options && options->kind != JsonKind::Null && options->kind != JsonKind::Object)
        return invalidRequest("'options' has to be an object.", "options");
    const auto limit = options ? JsonObject(options->value).integer("num_predict") : std::nullopt;
    if (limit && *limit > 0) facts->maxTokens = limit;
    return facts;
}

RequestNeeds Ollama::needs(const JsonDocument& document) const
{
    RequestNeeds needs;
    needs.schema = jsonKindOf(rawMember(document, "format")) == JsonKind::Object;
    const JsonKind think = jsonKindOf(rawMember(document, "think"));
    needs.reasoning = think == JsonKind::True || think == JsonKind::String;
    return needs;
}

Result<std::string> Ollama::edit(std::string_view body, const JsonDocument& document,
                                 const BodyEdit& edit) const
{
    SpanEdit changes(body, document.members);
    if (auto outcome = applyOverrides(changes, edit); !outcome) return outcome.error();
    return changes.text();
}

bool Ollama::isAnswer(const JsonDocument& answer, Operation operation) const
{
    const auto has = [&answer](std::string_view key, JsonKind kind) {
        return jsonKindOf(rawMember(answer, key)) == kind;
    };
    if (operation == Operation::Embed)
        return has(m_form == Form::Prompt ? "embedding" : "embeddings", JsonKind::Array);
    return m_form == Form::Prompt ? has("response", JsonKind::String) : has("message", JsonKind::Object);
}

} // namespace

const Dialect& ollama()
{
    static const Ollama dialect(Form::Chat);
    return dialect;
}

const Dialect& ollamaPrompt()
{
    static const Ollama dialect(Form::Prompt);
    return dialect;
}

} // namespace gateway::dialect
