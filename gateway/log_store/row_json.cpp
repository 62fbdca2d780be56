// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/row_json.h"

#include "base/iso_time.h"
#include "base/json_scan.h"
#include "base/json_text.h"
#include "base/money.h"

namespace gateway {

namespace {

std::string momentText(std::int64_t micros)
{
    constexpr std::size_t kToMilliseconds = 23; // "2026-12-31T18:00:00.123"
    return isoText(micros).substr(0, kToMilliseconds) + "Z";
}

void writeDollars(JsonWriter& json, std::string_view name, std::int64_t nanos)
{
    json.key(name).raw(Money::fromNanos(nanos).toString());
}

/// What the log keeps as JSON text; false where it is no valid object.
bool writeObject(JsonWriter& json, std::string_view name, std::string_view text)
{
    JsonDocument document;
    if (text.empty() || scanJson(text, document) || document.root != JsonKind::Object) return false;
    json.key(name).raw(text);
    return true;
}

void writeTexts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts)
{
    json.key(name).beginArray();
    for (const std::string& text : texts)
        json.string(text);
    json.endArray();
}

void writeAttempts(JsonWriter& json, const LogRow& row)
{
    json.key("attempts").beginArray();
    for (const AttemptRow& attempt : row.attempts) {
        json.beginObject().key("provider").string(attempt.provider).key("model").string(attempt.model);
        json.key("key").string(attempt.keyId).key("status").integer(attempt.status);
        json.key("error").string(attempt.error).key("started_after_us").integer(attempt.startedAfter);
        json.key("connect_us").integer(attempt.connect).key("first_byte_us").integer(attempt.firstByte);
        json.key("total_us").integer(attempt.total);
        if (attempt.costNanos != 0) writeDollars(json, "cost_usd", attempt.costNanos);
        json.endObject();
    }
    json.endArray();
}

void writeUsage(JsonWriter& json, const LogRow& row)
{
    json.key("usage").beginObject();
    json.key("input_tokens").integer(row.inputTokens).key("output_tokens").integer(row.outputTokens);
    json.key("cache_read_tokens").integer(row.cacheReadTokens);
    json.key("cache_write_tokens").integer(row.cacheWriteTokens);
    json.key("reasoning_tokens").integer(row.reasoningTokens);
    // The rest is there where there was any of it.
    const auto rare = [&json](std::string_view name, std::int64_t count) {
        if (count != 0) json.key(name).integer(count);
    };
    rare("cache_write_1h_tokens", row.cacheWriteHourTokens);
    rare("audio_input_tokens", row.audioInputTokens);
    rare("audio_output_tokens", row.audioOutputTokens);
    rare("image_input_tokens", row.imageInputTokens);
    rare("image_output_tokens", row.imageOutputTokens);
    rare("images", row.images);
    rare("characters", row.characters);
    rare("units", row.units);
    rare("searches", row.searches);
    // A decimal of thousandths, as money is one of billionths.
    if (row.milliseconds != 0)
        json.key("seconds").raw(Money::fromNanos(row.milliseconds * 1'000'000).toString());
    json.endObject();
}

void writeCost(JsonWriter& json, const LogRow& row)
{
    writeDollars(json, "cost_usd", row.costNanos);
    json.key("cost_source").string(row.costSource);
    if (!row.priceVersion.empty()) json.key("price_version").string(row.priceVersion);
    if (!row.serviceTier.empty()) json.key("service_tier").string(row.serviceTier);
    writeDollars(json, "saved_usd", row.savedNanos);
    writeDollars(json, "routed_usd", row.routedNanos);
}

} // namespace

std::string logRowJson(const LogRow& row, bool withBodies)
{
    std::string text;
    JsonWriter json(text);
    json.beginObject().key("id").string(row.id.text()).key("time").string(momentText(row.id.microseconds()));
    json.key("key").string(row.key).key("client").string(row.client).key("dialect").string(row.dialect);
    json.key("requested_model").string(row.requestedModel).key("route").string(row.route);
    json.key("provider").string(row.provider).key("model").string(row.model);
    json.key("stream").boolean(row.stream).key("status").integer(row.status);
    if (!row.errorCode.empty())
        json.key("error")
            .beginObject()
            .key("code")
            .string(row.errorCode)
            .key("message")
            .string(row.errorMessage)
            .endObject();
    writeAttempts(json, row);
    writeUsage(json, row);
    writeCost(json, row);
    json.key("first_token_us").integer(row.firstToken).key("total_us").integer(row.total);
    json.key("overhead_us").integer(row.overhead).key("cache").string(row.cache);
    writeTexts(json, "tags", row.tags);
    if (!writeObject(json, "metadata", row.metadataJson)) json.key("metadata").raw("{}");
    json.key("session").string(row.session).key("trace").string(row.trace);
    json.key("program").string(row.program).key("folder").string(row.folder);
    json.key("repository").string(row.repository);
    if (!row.dropped.empty()) writeTexts(json, "dropped", row.dropped);
    writeObject(json, "decision", row.decisionJson);
    if (!row.guardrailsJson.empty()) json.key("guardrails").raw(row.guardrailsJson);
    if (!row.rewritesJson.empty()) json.key("rewrites").raw(row.rewritesJson);
    if (withBodies)
        json.key("request_body").string(row.requestBody).key("response_body").string(row.responseBody);
    json.endObject();
    return text;
}

std::string usageRowJson(const UsageRow& row, std::string_view by)
{
    const auto count = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
    std::string text;
    JsonWriter json(text);
    json.beginObject();
    if (!by.empty()) json.key(by).string(row.name);
    json.key("requests").integer(count(row.requests)).key("failures").integer(count(row.failures));
    json.key("input_tokens").integer(row.inputTokens).key("output_tokens").integer(row.outputTokens);
    json.key("cache_read_tokens").integer(row.cacheReadTokens);
    json.key("cache_write_tokens").integer(row.cacheWriteTokens);
    json.key("reasoning_tokens").integer(row.reasoningTokens);
    writeDollars(json, "cost_usd", row.costNanos);
    writeDollars(json, "saved_usd", row.savedNanos);
    writeDollars(json, "routed_usd", row.routedNanos);
    json.key("unpriced_requests").integer(count(row.unpriced)).endObject();
    return text;
}

} // namespace gateway
