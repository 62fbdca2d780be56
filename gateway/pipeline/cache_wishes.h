// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_scan.h"
#include "listener/request_head.h"

namespace gateway::pipeline {

/// What a request wants of the cache of answers, in our words and in those of the peers.
struct CacheWishes {
    bool isAsked = false;                   // answers are to be kept although the route does not say so
    bool mayRead = true;                    // a kept answer may be given
    bool mayKeep = true;                    // the answer may be kept
    bool isOnly = false;                    // nobody is to be asked: a kept answer or none
    std::optional<std::int64_t> ttlSeconds; // instead of the route's
    std::optional<std::int64_t> maxAge;     // seconds; older answers are not wanted
    std::string key;                        // stands for what was asked, instead of the body
    std::string space;                      // answers of other spaces are not given

    [[nodiscard]] bool isOff() const { return !mayRead && !mayKeep; }
};

/// Of the head: `x-turnpike-cache` and `-ttl`; `cf-aig-cache-ttl`, `cf-aig-skip-cache`, `cf-aig-cache-key`
/// (https://developers.cloudflare.com/ai-gateway/features/caching); `x-portkey-cache-force-refresh` and
/// `-namespace`; `X-OpenRouter-Cache`, `-TTL`, `-Clear`; `cache-control` of RFC 9111. Ours come first.
[[nodiscard]] CacheWishes readCacheWishes(const listener::RequestHead& head);
/// Adds those of the member `cache` that LiteLLM's clients put into a body
/// (https://docs.litellm.ai/docs/proxy/caching).
void addBodyWishes(std::string_view cacheObject, CacheWishes& into);
/// Adds those of `x-portkey-config`: its outermost `cache`.
void addConfigWishes(std::string_view configJson, CacheWishes& into);

} // namespace gateway::pipeline
