// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/gemini_parts.h"

#include <algorithm>
#include <array>

#include "base/base64.h"
#include "dialect/signature.h"

namespace gateway::dialect::gemini {
namespace {

constexpr std::string_view kSigned = "tp1.signed.";
constexpr std::string_view kSealed = "tp1.sealed.";
constexpr std::string_view kWrapped = "dHAxLnN"; // how both begin in base64

constexpr std::int64_t kMaxTokens = 1'000'000'000'000; // sums and prices stay far below an overflow

std::int64_t clamped(std::optional<std::int64_t> count)
{
    return std::clamp<std::int64_t>(count.value_or(0), 0, kMaxTokens);
}

/// Of a list of counts by what was counted, `[{"modality":"AUDIO","tokenCount":7}]`.
std::int64_t countOf(std::string_view details, std::string_view modality)
{
    std::int64_t count = 0;
    forEachElement(details, [&](std::string_view each, JsonKind kind) {
        if (kind != JsonKind::Object) return;
        const Fields detail(each);
        if (detail.text("modality") == modality) count += clamped(detail.integer("tokenCount"));
    });
    return std::min(count, kMaxTokens);
}

/// Vertex says what kind of traffic it was, Google's own API names the service.
ServiceTier serviceOf(const Fields& counts)
{
    const std::string traffic = counts.text("trafficType");
    if (traffic == "ON_DEMAND_FLEX") return ServiceTier::Flex;
    if (traffic == "ON_DEMAND_PRIORITY") return ServiceTier::Priority;
    return serviceNamed(counts.text("serviceTier"));
}

void readModalities(const Fields& counts, Usage& usage)
{
    const std::string_view prompt = counts.array("promptTokensDetails");
    const std::string_view cached = counts.array("cacheTokensDetails");
    const std::string_view made = counts.array("candidatesTokensDetails");
    const auto fresh = [&](std::string_view modality) {
        return std::max<std::int64_t>(0, countOf(prompt, modality) - countOf(cached, modality));
    };
    usage.audioInputTokens = fresh("AUDIO");
    usage.imageInputTokens = fresh("IMAGE");
    usage.audioOutputTokens = countOf(made, "AUDIO");
    usage.imageOutputTokens = countOf(made, "IMAGE");
}

bool isOneOf(std::string_view name, std::initializer_list<std::string_view> names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

Finish finishNamed(std::string_view reason)
{
    if (reason.empty() || reason == "FINISH_REASON_UNSPECIFIED") return Finish::Undecided;
    if (reason == "MAX_TOKENS") return Finish::Length;
    if (isOneOf(reason, {"SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "LANGUAGE", "IMAGE_SAFETY",
                         "IMAGE_PROHIBITED_CONTENT", "MODEL_ARMOR"}))
        return Finish::ContentFilter;
    return Finish::Stop;
}

std::string_view finishName(Finish finish)
{
    switch (finish) {
    case Finish::Length:
        return "MAX_TOKENS";
    case Finish::ContentFilter:
        return "SAFETY";
    case Finish::Undecided:
    case Finish::Stop:
    case Finish::ToolCalls: // Gemini has no word for it: the parts tell
    case Finish::StopSequence:
    case Finish::Pause:
        break;
    }
    return "STOP";
}

bool tellsBrokenCall(std::string_view reason)
{
    return isOneOf(reason, {"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS",
                            "MALFORMED_RESPONSE", "MISSING_THOUGHT_SIGNATURE"});
}

Usage readUsage(std::string_view usageMetadata)
{
    Usage usage;
    if (jsonKindOf(usageMetadata) != JsonKind::Object) return usage;
    const Fields counts(usageMetadata);
    usage.inputTokens =
        clamped(counts.integer("promptTokenCount")) + clamped(counts.integer("toolUsePromptTokenCount"));
    usage.cacheReadTokens = std::min(clamped(counts.integer("cachedContentTokenCount")), usage.inputTokens);
    usage.reasoningTokens = clamped(counts.integer("thoughtsTokenCount"));
    usage.outputTokens = clamped(counts.integer("candidatesTokenCount")) + usage.reasoningTokens;
    if (const auto cost = Money::parseRounded(counts.raw("cost")); cost && *cost >= Money())
        usage.reportedCost = cost;
    usage.known = counts.has("promptTokenCount") || counts.has("candidatesTokenCount");
    usage.service = serviceOf(counts);
    readModalities(counts, usage);
    return usage;
}

// https://ai.google.dev/gemini-api/docs/pricing: up to 2.5 a prompt that was searched for, from 3 on a query.
std::int64_t searchesIn(std::string_view candidates, std::string_view model)
{
    const bool byPrompt = model.starts_with("gemini-1") || model.starts_with("gemini-2");
    std::int64_t searches = 0;
    forEachElement(candidates, [&](std::string_view candidate, JsonKind kind) {
        if (kind != JsonKind::Object) return;
        const std::string_view queries =
            Fields(candidate).object("groundingMetadata").array("webSearchQueries");
        forEachElement(queries, [&searches](std::string_view, JsonKind) { ++searches; });
    });
    return byPrompt ? std::min<std::int64_t>(searches, 1) : searches;
}

Usage readUse(const Fields& answer)
{
    Usage usage = readUsage(answer.raw("usageMetadata"));
    usage.searches = searchesIn(answer.array("candidates"), answer.text("modelVersion"));
    return usage;
}

void writeUsage(JsonWriter& json, const Usage& usage, const std::optional<Money>& cost)
{
    json.beginObject().key("promptTokenCount").integer(usage.inputTokens);
    json.key("candidatesTokenCount")
        .integer(std::max<std::int64_t>(0, usage.outputTokens - usage.reasoningTokens));
    json.key("totalTokenCount").integer(usage.inputTokens + usage.outputTokens);
    if (usage.cacheReadTokens > 0) json.key("cachedContentTokenCount").integer(usage.cacheReadTokens);
    if (usage.reasoningTokens > 0) json.key("thoughtsTokenCount").integer(usage.reasoningTokens);
    if (cost) json.key("cost").raw(cost->toString());
    json.endObject();
}

std::string signatureText(const ThinkingPart& part)
{
    if (!part.redacted.empty()) return base64(std::string(kSealed) + part.redacted);
    if (part.signature.empty()) return {};
    const std::string_view own = ownSignature(Maker::Gemini, part.signature);
    return own.empty() ? base64(std::string(kSigned) + part.signature) : std::string(own);
}

std::optional<ThinkingPart> readProviderSignature(std::string_view text)
{
    if (text.empty() || text == kNoSignature) return std::nullopt;
    return ThinkingPart{{}, markedSignature(Maker::Gemini, text), {}};
}

std::optional<ThinkingPart> readSignature(std::string_view text)
{
    if (!text.starts_with(kWrapped)) return readProviderSignature(text);
    const auto inside = fromBase64(text);
    if (inside && inside->starts_with(kSigned)) return ThinkingPart{{}, inside->substr(kSigned.size()), {}};
    if (inside && inside->starts_with(kSealed)) return ThinkingPart{{}, {}, inside->substr(kSealed.size())};
    return readProviderSignature(text);
}

bool holdsForeign(std::string_view body)
{
    return body.find(kWrapped) != std::string_view::npos;
}

std::string withoutForeign(std::string_view body)
{
    const std::string begin = '"' + std::string(kWrapped);
    std::string out;
    for (std::size_t at = body.find(begin); at != std::string_view::npos; at = body.find(begin)) {
        const std::size_t end = body.find('"', at + 1);
        if (end == std::string_view::npos) break;
        const auto inside = fromBase64(body.substr(at + 1, end - at - 1));
        const bool ours = inside && (inside->starts_with(kSigned) || inside->starts_with(kSealed));
        out.append(body, 0, ours ? at + 1 : end);
        if (ours) out.append(kNoSignature);
        body.remove_prefix(end);
    }
    return out.append(body);
}

ToolCallPart readCall(const Fields& call)
{
    const bool whole = call.kind("args") == JsonKind::Object;
    return {call.text("id"), call.text("name"), whole ? compactJson(call.raw("args")) : "{}", false};
}

void writeCall(JsonWriter& json, const ToolCallPart& call, bool withId)
{
    json.key("functionCall").beginObject();
    if (withId && !call.id.empty()) json.key("id").string(call.id);
    json.key("name").string(call.name);
    json.key("args").raw(call.argumentsJson.empty() ? "{}" : call.argumentsJson).endObject();
}

void writeText(JsonWriter& json, std::string_view text, bool thought, std::string_view signature)
{
    json.beginObject().key("text").string(text);
    if (thought) json.key("thought").boolean(true);
    if (!signature.empty()) json.key("thoughtSignature").string(signature);
    json.endObject();
}

std::optional<ImagePart> readImage(const Fields& part)
{
    const Fields data = part.object("inlineData");
    std::string type = data.text("mimeType");
    std::string base64 = data.text("data");
    // Drafts that a model thinks with are no part of its answer.
    if (base64.empty() || !type.starts_with("image/") || part.boolean("thought").value_or(false))
        return std::nullopt;
    return ImagePart{std::move(type), std::move(base64), {}, {}};
}

void writeImage(JsonWriter& json, const ImagePart& image)
{
    json.beginObject().key("inlineData").beginObject().key("mimeType").string(image.mediaType);
    json.key("data").string(image.base64).endObject().endObject();
}

bool tellsThoughts(const CompletionContext& context)
{
    if (!context.document) return true;
    const Fields config = Fields(*context.document).object("generationConfig");
    return config.object("thinkingConfig").boolean("includeThoughts").value_or(false);
}

bool outlivesText(const ThinkingPart& part)
{
    // Anthropic's belongs to the text before it and is refused without it.
    return !part.redacted.empty() || makerOf(part.signature) != Maker::Anthropic;
}

void writeOrigin(JsonWriter& json, const CompletionContext& context)
{
    json.key("modelVersion").string(context.model).key("responseId").string(context.id.text());
}

} // namespace gateway::dialect::gemini
