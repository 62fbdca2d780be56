// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/find_cache.h"

#include <cstring>

namespace gateway::guardrail {

std::size_t FindCache::KeyHash::operator()(const Key& key) const
{
    std::size_t hash = 0; // the digest's own bytes are as good as any
    std::memcpy(&hash, key.text.data(), sizeof hash);
    return hash ^ (key.set * 0x9e3779b97f4a7c15U) ^ (key.rule << 7);
}

std::optional<std::vector<Found>> FindCache::find(const Sha256& text, Looker looker)
{
    const Key key{text, looker.set, looker.rule};
    Shard& shard = shardOf(key);
    const std::lock_guard lock(shard.mutex);
    const auto place = shard.places.find(key);
    if (place == shard.places.end()) return std::nullopt;
    shard.entries.splice(shard.entries.begin(), shard.entries, place->second);
    return place->second->found;
}

void FindCache::keep(const Sha256& text, Looker looker, const std::vector<Found>& found)
{
    if (found.size() > kMostFound) return;
    const Key key{text, looker.set, looker.rule};
    Shard& shard = shardOf(key);
    const std::lock_guard lock(shard.mutex);
    if (shard.places.contains(key)) return;
    shard.entries.push_front({key, found});
    shard.places.emplace(key, shard.entries.begin());
    if (shard.entries.size() <= kMost) return;
    shard.places.erase(shard.entries.back().key);
    shard.entries.pop_back();
}

} // namespace gateway::guardrail
