// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/realtime_usage.h"

#include <algorithm>

#include "dialect/json_object.h"

namespace gateway::dialect {

namespace {

constexpr std::int64_t kMaxCount = 1'000'000'000'000;

std::int64_t countOf(const JsonObject& object, std::string_view key)
{
    return std::clamp<std::int64_t>(object.integer(key).value_or(0), 0, kMaxCount);
}

} // namespace

Usage readRealtimeUsage(std::string_view usage)
{
    Usage tokens;
    if (jsonKindOf(usage) != JsonKind::Object) return tokens;
    const JsonObject object(usage);
    const JsonObject input = object.object("input_token_details");
    const JsonObject cached = input.object("cached_tokens_details");
    tokens.inputTokens = countOf(object, "input_tokens");
    tokens.outputTokens = countOf(object, "output_tokens");
    tokens.cacheReadTokens = std::min(countOf(input, "cached_tokens"), tokens.inputTokens);
    tokens.known = object.has("input_tokens") || object.has("output_tokens");
    const std::int64_t heard = countOf(input, "audio_tokens") - countOf(cached, "audio_tokens");
    tokens.audioInputTokens = std::clamp<std::int64_t>(heard, 0, tokens.inputTokens - tokens.cacheReadTokens);
    tokens.audioOutputTokens =
        std::min(countOf(object.object("output_token_details"), "audio_tokens"), tokens.outputTokens);
    return tokens;
}

} // namespace gateway::dialect
