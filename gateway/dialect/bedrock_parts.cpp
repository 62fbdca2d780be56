// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/bedrock_parts.h"

#include <algorithm>

#include "base/strings.h"
#include "dialect/provider_error.h"
#include "dialect/signature.h"

namespace gateway::dialect::bedrock {
namespace {

/// Far above what any model takes, and far below where sums and prices would overflow.
constexpr std::int64_t kMaxTokens = 1'000'000'000'000;

std::int64_t count(const JsonObject& usage, std::string_view key)
{
    return std::clamp<std::int64_t>(usage.integer(key).value_or(0), 0, kMaxTokens);
}

void writeCacheDetail(JsonWriter& json, std::string_view ttl, std::int64_t tokens)
{
    json.beginObject().key("ttl").string(ttl).key("inputTokens").integer(tokens).endObject();
}

/// Without the version of the offer ("-v1:0") at the end, whose numbers are none of the model's.
std::string_view withoutOffer(std::string_view model)
{
    const std::size_t at = model.rfind("-v");
    if (at == std::string_view::npos) return model;
    const std::string_view rest = model.substr(at + 2);
    const bool version = !rest.empty() && std::all_of(rest.begin(), rest.end(),
                                                      [](char c) { return isAsciiDigit(c) || c == ':'; });
    return version ? model.substr(0, at) : model;
}

} // namespace

ModelFamily familyOf(std::string_view model)
{
    ModelFamily family;
    family.claude = model.find("claude") != std::string_view::npos;
    family.nova2 = model.find("nova-2") != std::string_view::npos;
    family.nova = family.nova2 || model.find("amazon.nova") != std::string_view::npos;
    family.openWeight = model.find("gpt-oss") != std::string_view::npos;
    family.anyone = model.starts_with("arn:") && !family.claude && !family.nova && !family.openWeight;
    family.version = claudeModel(withoutOffer(model));
    const int version = family.version.version;
    family.takesMarks =
        version == 0 || version >= 307 || (version == 305 && model.find("haiku") != std::string_view::npos);
    return family;
}

Finish finishNamed(std::string_view reason)
{
    if (reason == "stop_sequence") return Finish::StopSequence;
    if (reason == "max_tokens" || reason == "model_context_window_exceeded") return Finish::Length;
    if (reason == "tool_use") return Finish::ToolCalls;
    if (reason == "guardrail_intervened" || reason == "content_filtered") return Finish::ContentFilter;
    return reason.empty() ? Finish::Undecided : Finish::Stop;
}

std::string_view finishName(Finish finish)
{
    switch (finish) {
    case Finish::Length:
        return "max_tokens";
    case Finish::ToolCalls:
        return "tool_use";
    case Finish::ContentFilter:
        return "content_filtered";
    case Finish::StopSequence:
        return "stop_sequence";
    case Finish::Undecided:
    case Finish::Stop:
    case Finish::Pause:
        break;
    }
    return "end_turn";
}

bool isMalformed(std::string_view reason)
{
    return reason == "malformed_model_output" || reason == "malformed_tool_use";
}

Error malformedOutput(std::string_view reason)
{
    return unreadableAnswer("the model's output was not usable (" + std::string(reason) + ")");
}

std::optional<Citation> readCitation(const JsonObject& citation)
{
    Citation read{citation.object("location").object("web").text("url"), citation.text("title"), {}};
    if (read.url.empty()) return std::nullopt;
    forEachElement(citation.array("sourceContent"), [&read](std::string_view value, JsonKind) {
        read.text += JsonObject(value).text("text");
    });
    return read;
}

void writeCitation(JsonWriter& json, const Citation& citation)
{
    json.beginObject().key("title").string(citation.title).key("sourceContent").beginArray();
    if (!citation.text.empty()) json.beginObject().key("text").string(citation.text).endObject();
    json.endArray().key("location").beginObject().key("web").beginObject();
    json.key("url").string(citation.url).endObject().endObject().endObject();
}

bool readBlock(const JsonObject& block, std::vector<Part>& into)
{
    if (block.kind("text") == JsonKind::String) {
        std::string text = block.text("text");
        if (!text.empty()) into.emplace_back(TextPart{std::move(text), {}});
        return true;
    }
    if (block.kind("citationsContent") == JsonKind::Object) {
        const JsonObject cited = block.object("citationsContent");
        TextPart part;
        forEachElement(cited.array("content"), [&part](std::string_view value, JsonKind) {
            part.text += JsonObject(value).text("text");
        });
        forEachElement(cited.array("citations"), [&part](std::string_view value, JsonKind) {
            if (auto citation = readCitation(JsonObject(value)))
                part.citations.push_back(*std::move(citation));
        });
        if (!part.text.empty()) into.emplace_back(std::move(part));
        return true;
    }
    if (block.kind("toolUse") == JsonKind::Object) {
        const JsonObject use = block.object("toolUse");
        if (use.text("type") == "server_tool_use") return true; // AWS runs that one itself
        const bool whole = use.kind("input") == JsonKind::Object;
        into.emplace_back(
            ToolCallPart{use.text("toolUseId"), use.text("name"),
                         whole ? compactJson(use.raw("input")) : argumentsObject(use.text("input")), false});
        return true;
    }
    if (block.kind("reasoningContent") != JsonKind::Object) return false;
    const JsonObject reasoning = block.object("reasoningContent");
    const JsonObject said = reasoning.object("reasoningText");
    // Claude's, which is the one maker on Bedrock who signs.
    ThinkingPart part{said.text("text"), markedSignature(Maker::Anthropic, said.text("signature")),
                      markedSignature(Maker::Anthropic, reasoning.text("redactedContent"))};
    if (!part.text.empty() || !part.signature.empty() || !part.redacted.empty())
        into.emplace_back(std::move(part));
    return true;
}

void writeThinking(JsonWriter& json, const ThinkingPart& part)
{
    json.beginObject().key("reasoningContent").beginObject();
    if (!part.redacted.empty()) {
        json.key("redactedContent").string(part.redacted);
    } else {
        json.key("reasoningText").beginObject().key("text").string(part.text);
        if (!part.signature.empty()) json.key("signature").string(part.signature);
        json.endObject();
    }
    json.endObject().endObject();
}

void writeToolUse(JsonWriter& json, std::string_view id, const ToolCallPart& call)
{
    json.beginObject().key("toolUse").beginObject().key("toolUseId").string(id).key("name").string(call.name);
    json.key("input").raw(call.argumentsJson.empty() ? "{}" : call.argumentsJson).endObject().endObject();
}

Usage readUsage(std::string_view usage)
{
    Usage found;
    if (jsonKindOf(usage) != JsonKind::Object) return found;
    const JsonObject object(usage);
    found.cacheReadTokens = count(object, "cacheReadInputTokens");
    found.cacheWriteTokens = count(object, "cacheWriteInputTokens");
    found.inputTokens = count(object, "inputTokens") + found.cacheReadTokens + found.cacheWriteTokens;
    found.outputTokens = count(object, "outputTokens");
    forEachElement(object.array("cacheDetails"), [&found](std::string_view value, JsonKind kind) {
        if (kind != JsonKind::Object) return;
        const JsonObject detail(value);
        if (detail.text("ttl") == "1h") found.cacheWriteHourTokens += count(detail, "inputTokens");
    });
    found.cacheWriteHourTokens = std::min(found.cacheWriteHourTokens, found.cacheWriteTokens);
    found.known = object.has("inputTokens") || object.has("outputTokens");
    return found;
}

void writeUsage(JsonWriter& json, const Usage& usage, const std::optional<Money>& cost)
{
    const std::int64_t fresh =
        std::max<std::int64_t>(0, usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens);
    json.beginObject().key("inputTokens").integer(fresh).key("outputTokens").integer(usage.outputTokens);
    json.key("totalTokens").integer(usage.inputTokens + usage.outputTokens);
    json.key("cacheReadInputTokens").integer(usage.cacheReadTokens);
    json.key("cacheWriteInputTokens").integer(usage.cacheWriteTokens);
    if (usage.cacheWriteHourTokens > 0) {
        json.key("cacheDetails").beginArray();
        writeCacheDetail(json, "1h", usage.cacheWriteHourTokens);
        if (usage.cacheWriteTokens > usage.cacheWriteHourTokens)
            writeCacheDetail(json, "5m", usage.cacheWriteTokens - usage.cacheWriteHourTokens);
        json.endArray();
    }
    if (cost) json.key("cost").raw(cost->toString());
    json.endObject();
}

} // namespace gateway::dialect::bedrock
