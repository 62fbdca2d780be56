// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/gemini_generate.h"

#include "dialect/gemini_meter.h"
#include "dialect/gemini_parts.h"
#include "dialect/request_facts.h"
#include "dialect/span_edit.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect {
namespace {

class GeminiGenerateContent final : public Dialect {
public:
    DialectId id() const override { return DialectId::Gemini; }
    const std::vector<PathRule>& paths() const override;
    Result<RequestFacts> facts(const JsonDocument& document, const PathFacts& path) const override;
    RequestNeeds needs(const JsonDocument& document) const override;
    // Not for chat, but the calls for embeddings repeat it: `edit` exchanges it where it stands.
    bool modelInBody() const override { return true; }
    Result<std::string> edit(std::string_view body, const JsonDocument& document,
                             const BodyEdit& edit) const override
    {
        return gemini::edit(body, document, edit);
    }
    Usage readUsage(const JsonDocument& answer) const override
    {
        return gemini::readUse(gemini::Fields(answer));
    }
    bool isAnswer(const JsonDocument& answer, Operation operation) const override;
    std::string addCost(std::string_view answer, const JsonDocument& document, Money cost) const override;
    std::unique_ptr<StreamMeter> meter(MeterOptions options) const override
    {
        return std::make_unique<GeminiMeter>(std::move(options));
    }

    Result<Request> decodeRequest(std::string_view body, const PathFacts& path) const override
    {
        return gemini::decodeRequest(body, path);
    }
    bool answersWith(const ImagePart& image) const override { return !image.base64.empty(); }
    std::string encodeRequest(Request& request) const override { return gemini::encodeRequest(request); }
    // https://ai.google.dev/api/caching#FunctionDeclaration
    std::optional<ToolNameRule> toolNameRule() const override { return ToolNameRule{64, "_-.:", false}; }
    Result<Completion> decodeCompletion(std::string_view body) const override
    {
        return gemini::decodeCompletion(body);
    }
    std::string encodeCompletion(const Completion& completion,
                                 const CompletionContext& context) const override
    {
        return gemini::encodeCompletion(completion, context);
    }
    std::unique_ptr<EventDecoder> eventDecoder() const override { return gemini::eventDecoder(); }
    std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf) const override
    {
        return gemini::eventEncoder(context, std::move(costOf));
    }
    const EmbeddingShape* embedding() const override { return &gemini::embedding(); }
    std::string encodeCount(std::int64_t tokens) const override
    {
        std::string body;
        JsonWriter(body).beginObject().key("totalTokens").integer(tokens).endObject();
        return body;
    }
    std::optional<std::int64_t> readCount(const JsonDocument& answer) const override
    {
        return jsonInteger(rawMember(answer, "totalTokens"));
    }

    std::string encodeError(const Error& error, std::string_view) const override
    {
        return gemini::encodeError(error);
    }
    std::string encodeStreamError(const Error& error, const CompletionContext& context) const override
    {
        return gemini::encodeStreamError(error, context.jsonArray);
    }
    ProviderError readError(std::string_view body) const override { return gemini::readError(body); }
    // The parser of Google's own tools breaks on comments.
    std::string_view keepAlive() const override { return {}; }
};

const std::vector<PathRule>& GeminiGenerateContent::paths() const
{
    constexpr auto kRoot = PathRule::Root::Beta;
    static const std::vector<PathRule> rules = [] {
        std::vector<PathRule> all;
        // A name with a slash is a whole path in some clients, as `tunedModels/…` is at Google.
        for (const char* path : {"/models/", "/"}) {
            all.push_back({kRoot, path, ":generateContent", Operation::Chat, false, false});
            all.push_back({kRoot, path, ":streamGenerateContent", Operation::Chat, true, false});
            all.push_back({kRoot, path, ":countTokens", Operation::CountTokens, false, false});
            all.push_back({kRoot, path, ":embedContent", Operation::Embed, false, false});
            all.push_back({kRoot, path, ":batchEmbedContents", Operation::Embed, false, true});
        }
        return all;
    }();
    return rules;
}

Result<std::optional<std::int64_t>> tokenLimitOf(const gemini::Fields& config)
{
    const std::string param = "generationConfig.maxOutputTokens";
    if (!config.has("maxOutputTokens")) return std::optional<std::int64_t>();
    const auto limit = config.integer("maxOutputTokens");
    if (limit && *limit > 0) return limit;
    return invalidRequest("'" + param + "' has to be a positive whole number.", param);
}

bool holdsImages(std::string_view contents)
{
    // Enough for choosing a target: the words do not stand in other texts unescaped.
    return contents.find("\"inlineData\"") != std::string_view::npos ||
           contents.find("\"inline_data\"") != std::string_view::npos;
}

Result<RequestFacts> GeminiGenerateContent::facts(const JsonDocument& document, const PathFacts& path) const
{
    if (!isModelName(path.model))
        return invalidRequest("The model in the path has to be 1 to 256 letters, digits and _ . : / @ + -, "
                              "without '..'.",
                              "model");
    RequestFacts facts;
    facts.model = path.model;
    facts.stream = path.stream;
    facts.jsonArray = path.stream && path.jsonArray;
    facts.includeUsage = true;
    const std::string_view contents = rawMember(document, "contents");
    facts.needsEdit = gemini::holdsForeign(contents);
    if (path.operation != Operation::Chat) return facts;
    if (jsonKindOf(contents) != JsonKind::Array || !hasElements(document, "contents"))
        return invalidRequest("'contents' is required and has to be a list of at least one turn.",
                              "contents");
    const gemini::Fields root(document);
    const auto limit = tokenLimitOf(root.object("generationConfig"));
    if (!limit) return limit.error();
    facts.maxTokens = *limit;
    facts.hasTools = hasElements(document, "tools");
    facts.hasImages = holdsImages(contents);
    return facts;
}

RequestNeeds GeminiGenerateContent::needs(const JsonDocument& document) const
{
    RequestNeeds needs;
    // As with images: the words do not stand in other texts unescaped.
    needs.audio = rawMember(document, "contents").find("\"audio/") != std::string_view::npos;
    const gemini::Fields config = gemini::Fields(document).object("generationConfig");
    needs.schema = config.has("responseSchema") || config.has("responseJsonSchema");
    const gemini::Fields thinking = config.object("thinkingConfig");
    needs.reasoning = thinking.has("thinkingLevel") || thinking.integer("thinkingBudget").value_or(0) != 0;
    return needs;
}

bool GeminiGenerateContent::isAnswer(const JsonDocument& answer, Operation operation) const
{
    const auto is = [&answer](std::string_view key, JsonKind kind) {
        return jsonKindOf(rawMember(answer, key)) == kind;
    };
    if (operation == Operation::CountTokens) return readCount(answer).has_value();
    if (operation == Operation::Embed)
        return is("embedding", JsonKind::Object) || is("embeddings", JsonKind::Array);
    return is("candidates", JsonKind::Array) || is("promptFeedback", JsonKind::Object) ||
           is("usageMetadata", JsonKind::Object);
}

std::string GeminiGenerateContent::addCost(std::string_view answer, const JsonDocument& document,
                                           Money cost) const
{
    const std::string_view usage = rawMember(document, "usageMetadata");
    if (jsonKindOf(usage) != JsonKind::Object) return std::string(answer);
    SpanEdit changes(answer, document.members);
    changes.set("usageMetadata", withCost(usage, cost));
    return changes.text();
}

} // namespace

const Dialect& geminiGenerateContent()
{
    static const GeminiGenerateContent dialect;
    return dialect;
}

} // namespace gateway::dialect
