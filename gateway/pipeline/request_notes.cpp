// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/request_notes.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "base/json_cursor.h"
#include "base/json_scan.h"
#include "base/json_text.h"
#include "base/strings.h"
#include "pipeline/data_rules.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMaxNote = 256;
constexpr std::size_t kMaxMetadata = 4096;
constexpr std::size_t kMaxTags = 32;
constexpr std::int64_t kLongestTimeout = 1'000'000'000; // milliseconds; added to a clock's time it must fit

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    std::int64_t value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

std::optional<std::int64_t> millisecondsOf(std::string_view text)
{
    const auto value = wholeNumber(text);
    return value ? std::optional(std::min(*value, kLongestTimeout)) : std::nullopt;
}

/// LiteLLM counts in seconds, with decimals. Rounded up: a wish for half a millisecond is none for no limit.
std::optional<std::int64_t> secondsToMilliseconds(std::string_view text)
{
    double value = 0;
    const auto parsed =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || !std::isfinite(value) ||
        value < 0)
        return std::nullopt;
    return static_cast<std::int64_t>(std::ceil(std::min(value * 1000, static_cast<double>(kLongestTimeout))));
}

std::string firstOf(const listener::RequestHead& head, std::initializer_list<std::string_view> names)
{
    for (const std::string_view name : names) {
        if (const auto value = head.field(name); !value.empty()) return shortened(value, kMaxNote);
    }
    return {};
}

/// Dollars a token, as Cloudflare's gateway takes them: {"per_token_in":0.000001,"per_token_out":0.000002}.
std::optional<Price> pricePerToken(std::string_view text, std::string_view key)
{
    constexpr double kMostDollars = 1.0;
    const std::string_view value = memberValue(text, key);
    double dollars = 0;
    const auto parsed = std::from_chars(value.data(), value.data() + value.size(), dollars);
    if (parsed.ec != std::errc() || parsed.ptr != value.data() + value.size() || !(dollars >= 0) ||
        dollars > kMostDollars)
        return std::nullopt;
    return Price{Money::fromNanos(std::llround(dollars * 1e6 * static_cast<double>(Money::kNanosPerDollar)))};
}

std::optional<PriceList> customPrices(std::string_view text)
{
    JsonDocument document;
    if (text.empty() || scanJson(text, document) || document.root != JsonKind::Object) return std::nullopt;
    PriceList prices;
    prices.input = pricePerToken(text, "per_token_in");
    prices.output = pricePerToken(text, "per_token_out");
    if (!prices.input || !prices.output) return std::nullopt;
    return prices;
}

} // namespace

std::optional<Error> readWishes(const listener::RequestHead& head, RequestWishes& into)
{
    if (!head.field("x-portkey-custom-host").empty())
        return clientError(Code::InvalidRequest,
                           "`x-portkey-custom-host` is not accepted: providers are set in the configuration "
                           "only. Name one of them in the model, as provider/model.",
                           "x-portkey-custom-host");
    // With two of them it would be chance which one sends prompts where their owner wants them.
    const auto isConfig = [](const HeaderField& field) {
        return equalsIgnoreCase(field.name, "x-portkey-config");
    };
    if (std::count_if(head.fields.begin(), head.fields.end(), isConfig) > 1)
        return clientError(Code::InvalidRequest, "`x-portkey-config` came twice. Send it once.",
                           "x-portkey-config");
    into.route = head.field("x-turnpike-route");
    into.config = trimmed(head.field("x-portkey-config"));
    into.totalTimeoutMs = millisecondsOf(head.field("x-turnpike-timeout-ms"));
    if (!into.totalTimeoutMs) into.totalTimeoutMs = millisecondsOf(head.field("cf-aig-request-timeout"));
    if (!into.totalTimeoutMs) into.totalTimeoutMs = secondsToMilliseconds(head.field("x-litellm-timeout"));
    if (into.totalTimeoutMs && *into.totalTimeoutMs == 0) into.totalTimeoutMs.reset();
    if (const auto most = wholeNumber(head.field("cf-aig-max-attempts")); most && *most > 0)
        into.attempts = static_cast<std::uint32_t>(std::min<std::int64_t>(*most, 10) - 1);
    else if (const auto retries = wholeNumber(head.field("x-litellm-num-retries")))
        into.attempts = static_cast<std::uint32_t>(std::min<std::int64_t>(*retries, 10));
    into.prices = customPrices(head.field("cf-aig-custom-cost"));
    const std::string_view policy = head.field("x-turnpike-data-policy");
    return policy.empty() ? std::nullopt : readDataRules(policy, into.data);
}

void noteKey(const access::VirtualKey* key, LogRow& row)
{
    if (!key) return;
    row.key = key->id.text;
    row.tags.assign(key->tags.begin(),
                    key->tags.begin() + static_cast<std::ptrdiff_t>(std::min(key->tags.size(), kMaxTags)));
}

void noteClient(const listener::RequestHead& head, LogRow& row)
{
    const std::string_view agent = head.field("user-agent");
    row.client = shortened(agent.substr(0, agent.find_first_of("/ ")), 64);
    if (const auto title = head.field("x-title"); !title.empty()) row.client = shortened(title, 64);
    row.session =
        firstOf(head, {"x-turnpike-session", "x-claude-code-session-id", "session-id", "session_id",
                       "x-session-id", "x-litellm-session-id", "cf-aig-session-id", "x-session-affinity"});
    row.trace = firstOf(head, {"x-request-id", "x-portkey-trace-id", "traceparent"});
    for (const std::string_view name : {"x-turnpike-tags", "x-litellm-tags"}) {
        const std::string_view list = head.field(name);
        if (list.empty()) continue;
        for (const std::string_view tag : splitAt(list, ',')) {
            std::string label = shortened(trimmed(tag), 64);
            const bool there = std::find(row.tags.begin(), row.tags.end(), label) != row.tags.end();
            if (!label.empty() && !there && row.tags.size() < kMaxTags) row.tags.push_back(std::move(label));
        }
    }
    for (const std::string_view name : {"x-turnpike-metadata", "x-portkey-metadata", "cf-aig-metadata"}) {
        const std::string_view text = head.field(name);
        JsonDocument document;
        if (!text.empty() && text.size() <= kMaxMetadata && !scanJson(text, document) &&
            document.root == JsonKind::Object) {
            row.metadataJson = text;
            break;
        }
    }
}

void noteSession(const JsonDocument& body, LogRow& row)
{
    if (!row.session.empty()) return;
    const JsonMember* metadata = body.find("metadata");
    const auto user = decodeJsonString(metadata ? memberValue(metadata->value, "user_id") : "");
    if (!user) return;
    // Claude Code: JSON within the text, or in earlier versions "user_…_account_…_session_UUID".
    constexpr std::string_view kMark = "_session_";
    JsonDocument told;
    if (user->starts_with('{')) {
        const JsonMember* session = scanJson(*user, told) ? nullptr : told.find("session_id");
        row.session = shortened(decodeJsonString(session ? session->value : "").value_or(""), kMaxNote);
    } else if (const std::size_t mark = user->rfind(kMark); mark != std::string::npos) {
        row.session = shortened(std::string_view(*user).substr(mark + kMark.size()), kMaxNote);
    }
}

} // namespace gateway::pipeline
