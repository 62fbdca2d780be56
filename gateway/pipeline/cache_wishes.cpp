// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/cache_wishes.h"

#include <algorithm>
#include <charconv>

#include "base/json_cursor.h"
#include "base/json_text.h"
#include "base/strings.h"

namespace gateway::pipeline {

namespace {

constexpr std::int64_t kMostSeconds = 31'536'000;
constexpr std::int64_t kKeyOnlySeconds = 300; // what Cloudflare takes where only a key is said
constexpr std::int64_t kOpenRouterSeconds = 300, kMostOpenRouterSeconds = 86'400;
constexpr std::size_t kMostCacheKey = 1024;

std::optional<std::int64_t> secondsIn(std::string_view text)
{
    text = trimmed(text);
    std::int64_t value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec == std::errc::result_out_of_range && !text.starts_with('-')) return kMostSeconds;
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || value < 0) return std::nullopt;
    return std::min(value, kMostSeconds);
}

bool isYes(std::string_view text)
{
    return equalsIgnoreCase(trimmed(text), "true") || trimmed(text) == "1";
}

bool isNo(std::string_view text)
{
    return equalsIgnoreCase(trimmed(text), "false") || trimmed(text) == "0";
}

void bypass(CacheWishes& wishes)
{
    wishes.mayRead = wishes.mayKeep = false;
}

/// A time of nothing keeps nothing.
void keepFor(std::int64_t seconds, CacheWishes& wishes)
{
    wishes.isAsked = true;
    wishes.ttlSeconds = seconds;
    if (seconds == 0) wishes.mayKeep = false;
}

void readCacheControl(std::string_view text, CacheWishes& wishes)
{
    for (const std::string_view each : splitAt(text, ',')) {
        const std::string_view directive = trimmed(each);
        const std::size_t equals = directive.find('=');
        const std::string_view name = trimmed(directive.substr(0, equals));
        if (equalsIgnoreCase(name, "no-store"))
            bypass(wishes);
        else if (equalsIgnoreCase(name, "no-cache"))
            wishes.mayRead = false;
        else if (equalsIgnoreCase(name, "only-if-cached"))
            wishes.isOnly = true;
        else if (equalsIgnoreCase(name, "max-age") && equals != std::string_view::npos)
            wishes.maxAge = secondsIn(directive.substr(equals + 1));
    }
}

void readOpenRouter(const listener::RequestHead& head, CacheWishes& wishes)
{
    const std::string_view cache = head.field("x-openrouter-cache");
    if (isNo(cache)) bypass(wishes);
    if (isYes(cache)) {
        const auto seconds = secondsIn(head.field("x-openrouter-cache-ttl")).value_or(kOpenRouterSeconds);
        keepFor(std::clamp<std::int64_t>(seconds, 1, kMostOpenRouterSeconds), wishes);
    }
    if (isYes(head.field("x-openrouter-cache-clear"))) wishes.mayRead = false;
}

void readCloudflare(const listener::RequestHead& head, CacheWishes& wishes)
{
    wishes.key = std::string(head.field("cf-aig-cache-key").substr(0, kMostCacheKey));
    if (const auto seconds = secondsIn(head.field("cf-aig-cache-ttl")))
        keepFor(*seconds, wishes);
    else if (!wishes.key.empty())
        keepFor(kKeyOnlySeconds, wishes);
    if (isYes(head.field("cf-aig-skip-cache"))) bypass(wishes);
}

} // namespace

CacheWishes readCacheWishes(const listener::RequestHead& head)
{
    CacheWishes wishes;
    readCacheControl(head.field("cache-control"), wishes);
    readOpenRouter(head, wishes);
    readCloudflare(head, wishes);
    if (isYes(head.field("x-portkey-cache-force-refresh"))) wishes.mayRead = false;
    wishes.space = std::string(head.field("x-portkey-cache-namespace").substr(0, kMostCacheKey));
    if (const auto seconds = secondsIn(head.field("x-turnpike-cache-ttl"))) keepFor(*seconds, wishes);
    const std::string_view own = trimmed(head.field("x-turnpike-cache"));
    if (equalsIgnoreCase(own, "bypass")) bypass(wishes);
    if (equalsIgnoreCase(own, "refresh")) wishes.mayRead = false;
    if (equalsIgnoreCase(own, "only")) wishes.isOnly = wishes.mayRead = true;
    return wishes;
}

void addBodyWishes(std::string_view cacheObject, CacheWishes& into)
{
    const auto member = [&](std::string_view name) { return memberValue(cacheObject, name); };
    if (isYes(member("no-cache"))) into.mayRead = false;
    if (isYes(member("no-store"))) into.mayKeep = false;
    if (const auto seconds = secondsIn(member("ttl"))) keepFor(*seconds, into);
    if (const auto seconds = secondsIn(member("s-maxage"))) into.maxAge = seconds;
    if (isYes(member("use-cache"))) into.isAsked = true;
    if (const auto space = decodeJsonString(member("namespace")))
        into.space = space->substr(0, kMostCacheKey);
}

void addConfigWishes(std::string_view configJson, CacheWishes& into)
{
    const std::string_view cache = memberValue(configJson, "cache");
    const auto mode = decodeJsonString(memberValue(cache, "mode"));
    if (!mode || (*mode != "simple" && *mode != "semantic")) return;
    into.isAsked = true;
    if (const auto seconds = secondsIn(memberValue(cache, "max_age"))) into.ttlSeconds = seconds;
}

} // namespace gateway::pipeline
