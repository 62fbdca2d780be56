// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/modal_usage.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "dialect/json_object.h"

namespace gateway::dialect {

namespace {

constexpr double kLongestSeconds = 1e9;

std::int64_t count(const JsonObject& object, std::string_view key)
{
    return std::max<std::int64_t>(object.integer(key).value_or(0), 0);
}

/// Some write a number, some its text.
std::int64_t millisecondsOf(const JsonObject& object, std::string_view key)
{
    auto seconds = object.number(key);
    if (!seconds) seconds = jsonNumber(object.text(key));
    if (!seconds || !(*seconds > 0)) return 0;
    return std::llround(std::min(*seconds, kLongestSeconds) * 1000);
}

void addTokens(Usage& usage, const JsonObject& counts, Operation operation)
{
    const bool newNames = counts.has("input_tokens") || counts.has("output_tokens");
    const bool oldNames = counts.has("prompt_tokens") || counts.has("completion_tokens");
    if (!newNames && !oldNames && !counts.has("total_tokens")) return;
    usage.known = true;
    usage.estimated = false;
    usage.inputTokens = count(counts, newNames ? "input_tokens" : "prompt_tokens");
    usage.outputTokens = count(counts, newNames ? "output_tokens" : "completion_tokens");
    if (usage.inputTokens + usage.outputTokens == 0) usage.inputTokens = count(counts, "total_tokens");
    JsonObject details = counts.object("input_tokens_details");
    // Transcriptions have it in the singular.
    if (details.empty()) details = counts.object("input_token_details");
    usage.imageInputTokens = count(details, "image_tokens");
    usage.audioInputTokens = count(details, "audio_tokens");
    usage.cacheReadTokens = count(details, "cached_tokens");
    const JsonObject made = counts.object("output_tokens_details");
    if (operation == Operation::Speak) usage.audioOutputTokens = usage.outputTokens;
    const bool picture = operation == Operation::MakeImage || operation == Operation::EditImage ||
                         operation == Operation::VaryImage;
    if (picture)
        usage.imageOutputTokens = made.has("image_tokens") ? count(made, "image_tokens") : usage.outputTokens;
}

void addUsage(Usage& usage, const JsonObject& counts, Operation operation)
{
    addTokens(usage, counts, operation);
    if (const std::int64_t time = millisecondsOf(counts, "seconds")) usage.milliseconds = time;
}

std::int64_t elementsOf(std::string_view array)
{
    std::int64_t elements = 0;
    forEachElement(array, [&elements](std::string_view, JsonKind) { ++elements; });
    return elements;
}

/// Characters as people count them, near enough: all bytes but the later ones of a UTF-8 sequence.
std::int64_t charactersOf(const std::string& text)
{
    return std::count_if(text.begin(), text.end(),
                         [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; });
}

} // namespace

bool isModalAnswer(const JsonDocument& answer, Operation operation)
{
    const auto has = [&answer](std::string_view key, JsonKind kind) {
        const JsonMember* member = answer.find(key);
        return member && member->kind == kind;
    };
    switch (operation) {
    case Operation::Moderate:
        return has("results", JsonKind::Array);
    case Operation::MakeImage:
    case Operation::EditImage:
    case Operation::VaryImage:
        return has("data", JsonKind::Array);
    case Operation::Transcribe:
    case Operation::TranslateSpeech:
        return has("text", JsonKind::String);
    case Operation::Rerank:
        return has("results", JsonKind::Array) || has("data", JsonKind::Array);
    case Operation::Video:
        return has("id", JsonKind::String);
    default:
        return answer.root == JsonKind::Object;
    }
}

Usage readModalRequest(const JsonDocument& request, Operation operation)
{
    Usage usage;
    if (operation == Operation::Speak) usage.characters = charactersOf(JsonObject(request).text("input"));
    if (operation == Operation::Rerank) usage.requests = 1;
    if (operation == Operation::Moderate) {
        // Its answers count nothing.
        usage.inputTokens = roughTokens(JsonObject(request).raw("input").size());
        usage.known = usage.estimated = true;
    }
    return usage;
}

void addModalAnswer(Usage& usage, const JsonDocument& answer, Operation operation)
{
    const JsonObject root(answer);
    addUsage(usage, root.object("usage"), operation);
    switch (operation) {
    case Operation::MakeImage:
    case Operation::EditImage:
    case Operation::VaryImage:
        usage.images = elementsOf(root.array("data"));
        break;
    case Operation::Transcribe:
    case Operation::TranslateSpeech:
        if (usage.milliseconds == 0) usage.milliseconds = millisecondsOf(root, "duration");
        break;
    case Operation::Rerank: {
        const JsonObject billed = root.object("meta").object("billed_units");
        usage.requests = std::max<std::int64_t>(count(billed, "search_units"), 1);
        addTokens(usage, billed, operation);
        break;
    }
    case Operation::Video:
        usage.milliseconds = millisecondsOf(root, "seconds");
        usage.estimated = true; // it is only ordered yet
        break;
    default:
        break;
    }
}

void addModalEvent(Usage& usage, std::string_view data, Operation operation)
{
    if (data.find("\"usage\"") == std::string_view::npos) return;
    const std::string_view counts = memberValue(data, "usage");
    if (jsonKindOf(counts) == JsonKind::Object) addUsage(usage, JsonObject(counts), operation);
    const bool picture = operation == Operation::MakeImage || operation == Operation::EditImage;
    if (picture) usage.images = std::max<std::int64_t>(usage.images, 1);
}

} // namespace gateway::dialect
