// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/usage_counts.h"

#include <algorithm>

#include "base/json_cursor.h"
#include "dialect/span_edit.h"

namespace gateway::dialect {
namespace {

/// Far above what any model takes, and far below where sums and prices would overflow.
constexpr std::int64_t kMaxTokens = 1'000'000'000'000;

std::int64_t clamped(std::optional<std::int64_t> count)
{
    return std::clamp<std::int64_t>(count.value_or(0), 0, kMaxTokens);
}

std::optional<std::int64_t> integerOf(const JsonMember& member)
{
    return member.kind == JsonKind::Number ? jsonInteger(member.value) : std::nullopt;
}

std::optional<Money> readCost(std::string_view value)
{
    if (jsonKindOf(value) != JsonKind::Number) return std::nullopt;
    const auto cost = Money::parseRounded(value);
    return cost && *cost >= Money() ? cost : std::nullopt;
}

/// A number of dollars, or Perplexity's object of them.
std::optional<Money> readAnyCost(const JsonMember& member)
{
    return readCost(member.kind == JsonKind::Object ? memberValue(member.value, "total_cost") : member.value);
}

/// xAI's: of a dollar there are 10^10.
std::optional<Money> readTicks(const JsonMember& member)
{
    constexpr std::int64_t kTicksPerNano = 10;
    const auto ticks = integerOf(member);
    if (!ticks || *ticks < 0) return std::nullopt;
    return Money::fromNanos(*ticks / kTicksPerNano + (*ticks % kTicksPerNano >= kTicksPerNano / 2 ? 1 : 0));
}

/// Parts that only some models have.
void readModalDetail(const JsonMember& member, std::int64_t& audio, std::int64_t& image)
{
    if (isNamed(member, "audio_tokens"))
        audio = clamped(integerOf(member));
    else if (isNamed(member, "image_tokens"))
        image = clamped(integerOf(member));
}

/// What OpenAI charges as one: opening and looking through a page that was found is none.
bool isSearch(const JsonObject& item)
{
    if (item.text("type") != "web_search_call") return false;
    const std::string action = item.object("action").text("type");
    return action.empty() || action == "search";
}

std::int64_t uncached(const Usage& usage)
{
    return std::max<std::int64_t>(0, usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens);
}

} // namespace

// Read of every answer, so in one walk and without a list of members. Where the same is told by several
// names, these are those of Mistral, Moonshot, DeepSeek and Alibaba.
Usage readOpenAiUsage(std::string_view usage, std::string_view service)
{
    Usage found;
    found.service = readService(service);
    std::optional<std::int64_t> cached, cacheHits, total;
    const auto readInput = [&](const JsonMember& member) {
        if (isNamed(member, "cached_tokens"))
            cached = integerOf(member);
        else if (isNamed(member, "cache_write_tokens") || isNamed(member, "cache_creation_input_tokens"))
            found.cacheWriteTokens = clamped(integerOf(member));
        else
            readModalDetail(member, found.audioInputTokens, found.imageInputTokens);
    };
    const auto readOutput = [&](const JsonMember& member) {
        if (isNamed(member, "reasoning_tokens"))
            found.reasoningTokens = clamped(integerOf(member));
        else
            readModalDetail(member, found.audioOutputTokens, found.imageOutputTokens);
    };
    forEachMember(usage, [&](const JsonMember& member) {
        const bool said = member.kind != JsonKind::Null;
        if (isNamed(member, "prompt_tokens")) {
            found.inputTokens = clamped(integerOf(member));
            found.known = found.known || said;
        } else if (isNamed(member, "completion_tokens")) {
            found.outputTokens = clamped(integerOf(member));
            found.known = found.known || said;
        } else if (isNamed(member, "total_tokens")) {
            total = integerOf(member);
        } else if (isNamed(member, "prompt_tokens_details") || isNamed(member, "prompt_token_details")) {
            forEachMember(member.value, readInput);
        } else if (isNamed(member, "completion_tokens_details")) {
            forEachMember(member.value, readOutput);
        } else if (isNamed(member, "prompt_cache_hit_tokens") || isNamed(member, "num_cached_tokens") ||
                   isNamed(member, "cached_tokens")) {
            cacheHits = integerOf(member);
        } else if (isNamed(member, "num_search_queries")) {
            found.searches = clamped(integerOf(member));
        } else if (isNamed(member, "cost")) {
            found.reportedCost = readAnyCost(member);
        } else if (isNamed(member, "cost_in_usd_ticks")) {
            found.reportedCost = readTicks(member);
        }
    });
    found.cacheReadTokens = std::min(clamped(cached ? cached : cacheHits), found.inputTokens);
    found.cacheWriteTokens = std::min(found.cacheWriteTokens, found.inputTokens - found.cacheReadTokens);
    // xAI's thoughts stand beside the answer, not inside: only the total tells.
    if (total == found.inputTokens + found.outputTokens + found.reasoningTokens)
        found.outputTokens += found.reasoningTokens;
    found.reasoningTokens = std::min(found.reasoningTokens, found.outputTokens);
    return found;
}

void writeOpenAiUsage(JsonWriter& json, const Usage& usage, const std::optional<Money>& cost)
{
    json.beginObject();
    json.key("prompt_tokens").integer(usage.inputTokens);
    json.key("completion_tokens").integer(usage.outputTokens);
    json.key("total_tokens").integer(usage.inputTokens + usage.outputTokens);
    json.key("prompt_tokens_details").beginObject().key("cached_tokens").integer(usage.cacheReadTokens);
    if (usage.cacheWriteTokens > 0) {
        json.key("cache_write_tokens").integer(usage.cacheWriteTokens);
    }
    if (usage.audioInputTokens > 0) json.key("audio_tokens").integer(usage.audioInputTokens);
    json.endObject();
    json.key("completion_tokens_details").beginObject();
    json.key("reasoning_tokens").integer(usage.reasoningTokens);
    if (usage.audioOutputTokens > 0) json.key("audio_tokens").integer(usage.audioOutputTokens);
    json.endObject();
    if (cost) {
        json.key("cost").raw(cost->toString());
    }
    json.endObject();
}

Usage readResponsesUsage(std::string_view usage)
{
    Usage found;
    if (jsonKindOf(usage) != JsonKind::Object) return found;
    const JsonObject object(usage);
    const JsonObject input = object.object("input_tokens_details");
    found.inputTokens = clamped(object.integer("input_tokens"));
    found.outputTokens = clamped(object.integer("output_tokens"));
    found.cacheReadTokens = std::min(clamped(input.integer("cached_tokens")), found.inputTokens);
    found.cacheWriteTokens =
        std::min(clamped(input.integer("cache_write_tokens")), found.inputTokens - found.cacheReadTokens);
    found.reasoningTokens = std::min(
        clamped(object.object("output_tokens_details").integer("reasoning_tokens")), found.outputTokens);
    if (const JsonMember* cost = object.find("cost")) found.reportedCost = readAnyCost(*cost);
    if (const JsonMember* ticks = object.find("cost_in_usd_ticks")) found.reportedCost = readTicks(*ticks);
    found.known = object.has("input_tokens") || object.has("output_tokens");
    return found;
}

Usage readResponseUse(const JsonObject& response)
{
    Usage use = readResponsesUsage(response.raw("usage"));
    use.service = readService(response.raw("service_tier"));
    forEachElement(response.array("output"), [&use](std::string_view item, JsonKind kind) {
        if (kind == JsonKind::Object && item.find("web_search_call") != std::string_view::npos &&
            isSearch(JsonObject(item)))
            ++use.searches;
    });
    return use;
}

ServiceTier readService(std::string_view value)
{
    constexpr std::size_t kLongest = 32;
    if (value.size() > kLongest || jsonKindOf(value) != JsonKind::String) return ServiceTier::Undecided;
    return serviceNamed(textOf(value));
}

void writeResponsesUsage(JsonWriter& json, const Usage& usage, const std::optional<Money>& cost)
{
    json.beginObject();
    json.key("input_tokens").integer(usage.inputTokens);
    json.key("input_tokens_details").beginObject().key("cached_tokens").integer(usage.cacheReadTokens);
    json.key("cache_write_tokens").integer(usage.cacheWriteTokens).endObject();
    json.key("output_tokens").integer(usage.outputTokens);
    json.key("output_tokens_details").beginObject();
    json.key("reasoning_tokens").integer(usage.reasoningTokens).endObject();
    json.key("total_tokens").integer(usage.inputTokens + usage.outputTokens);
    if (cost) {
        json.key("cost").raw(cost->toString());
    }
    json.endObject();
}

void AnthropicCounts::take(std::int64_t& count, std::string_view value)
{
    const auto number = jsonInteger(value);
    if (!number) return;
    m_known = true;
    if (*number > 0) {
        count = clamped(number);
    }
}

/// What is part of the counts, or beside them. None of it makes a usage known.
void AnthropicCounts::readPart(const JsonMember& member)
{
    const auto larger = [](std::int64_t& count, std::string_view value) {
        count = std::max(count, clamped(jsonInteger(value)));
    };
    if (member.key == "cache_creation") {
        larger(m_cacheWriteHour, memberValue(member.value, "ephemeral_1h_input_tokens"));
    } else if (member.key == "server_tool_use") {
        larger(m_searches, memberValue(member.value, "web_search_requests"));
    } else if (member.key == "service_tier" && member.kind == JsonKind::String) {
        m_service = readService(member.value);
    }
}

void AnthropicCounts::add(std::string_view usage)
{
    forEachMember(usage, [this](const JsonMember& member) {
        if (member.key == "input_tokens") {
            take(m_input, member.value);
        } else if (member.key == "output_tokens") {
            take(m_output, member.value);
        } else if (member.key == "cache_read_input_tokens") {
            take(m_cacheRead, member.value);
        } else if (member.key == "cache_creation_input_tokens") {
            take(m_cacheWrite, member.value);
        } else if (member.key == "cost") {
            m_cost = readCost(member.value);
        } else {
            readPart(member);
        }
    });
}

Usage AnthropicCounts::usage() const
{
    Usage usage;
    usage.inputTokens = m_input + m_cacheRead + m_cacheWrite;
    usage.cacheReadTokens = m_cacheRead;
    usage.cacheWriteTokens = m_cacheWrite;
    usage.cacheWriteHourTokens = std::min(m_cacheWriteHour, m_cacheWrite);
    usage.searches = m_searches;
    usage.service = m_service;
    usage.outputTokens = m_output;
    usage.reportedCost = m_cost;
    usage.known = m_known;
    return usage;
}

void writeAnthropicUsage(JsonWriter& json, const Usage& usage, const std::optional<Money>& cost)
{
    json.beginObject();
    json.key("input_tokens").integer(uncached(usage));
    json.key("cache_creation_input_tokens").integer(usage.cacheWriteTokens);
    json.key("cache_read_input_tokens").integer(usage.cacheReadTokens);
    if (usage.cacheWriteHourTokens > 0) {
        json.key("cache_creation").beginObject();
        json.key("ephemeral_5m_input_tokens").integer(usage.cacheWriteTokens - usage.cacheWriteHourTokens);
        json.key("ephemeral_1h_input_tokens").integer(usage.cacheWriteHourTokens).endObject();
    }
    json.key("output_tokens").integer(usage.outputTokens);
    if (usage.searches > 0) {
        json.key("server_tool_use").beginObject();
        json.key("web_search_requests").integer(usage.searches).endObject();
    }
    if (cost) {
        json.key("cost").raw(cost->toString());
    }
    json.endObject();
}

std::string withCost(std::string_view usage, Money cost)
{
    return withMember(usage, "cost", cost.toString());
}

} // namespace gateway::dialect
