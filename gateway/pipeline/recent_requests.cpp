// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/recent_requests.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace gateway::pipeline {

namespace {

std::size_t hashOf(std::string_view text)
{
    return std::hash<std::string_view>()(text);
}

} // namespace

std::size_t RecentRequests::placeOf(RequestId id)
{
    // The counter in its lower bits is the same for most; the time is not.
    return static_cast<std::size_t>(id.microseconds() ^ id.value) % kShards;
}

void RecentRequests::add(const Request& request)
{
    Entry entry{request.id.value, request.trace.empty() ? 0 : hashOf(request.trace), hashOf(request.key),
                request.state};
    Shard& shard = m_shards[placeOf(request.id)];
    const std::lock_guard held(shard.lock);
    if (shard.ring.size() < kKept / kShards) {
        shard.ring.push_back(std::move(entry));
        return;
    }
    shard.ring[shard.next] = std::move(entry);
    shard.next = (shard.next + 1) % shard.ring.size();
}

std::optional<RecentRequests::Found> RecentRequests::find(RequestId id, std::string_view key) const
{
    const Shard& shard = m_shards[placeOf(id)];
    const std::lock_guard held(shard.lock);
    const auto found = std::find_if(shard.ring.begin(), shard.ring.end(),
                                    [id](const Entry& entry) { return entry.id == id.value; });
    if (found == shard.ring.end() || found->key != hashOf(key)) return std::nullopt;
    return found->state;
}

std::optional<RecentRequests::Found> RecentRequests::findTrace(std::string_view trace,
                                                               std::string_view key) const
{
    if (trace.empty()) return std::nullopt;
    const std::size_t wanted = hashOf(trace), owner = hashOf(key);
    Entry last;
    for (const Shard& shard : m_shards) {
        const std::lock_guard held(shard.lock);
        for (const Entry& entry : shard.ring) {
            if (entry.trace == wanted && entry.key == owner && entry.id > last.id) last = entry;
        }
    }
    if (last.id == 0) return std::nullopt;
    return std::move(last.state);
}

} // namespace gateway::pipeline
