// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/virtual_keys.h"

#include <algorithm>
#include <cstring>

#include "gateway/config_io.h"

#include "base/glob.h"
#include "base/strings.h"

namespace gateway::access {

namespace {

// What a request header may hold at most of a key; longer ones are not worth hashing.
constexpr std::size_t kMaxKeyBytes = 4096;

/// Searching by the front of the hash tells nothing of the key: whoever can aim at a hash has the key
/// already.
std::uint64_t frontOf(const Sha256& hash)
{
    std::uint64_t front = 0;
    for (std::size_t i = 0; i < sizeof front; ++i)
        front = front << 8 | hash[i];
    return front;
}

/// The earlier of the two; nothing: never.
std::optional<std::int64_t> earlier(std::optional<std::int64_t> one, std::optional<std::int64_t> other)
{
    if (!one || !other) return one ? one : other;
    return std::min(*one, *other);
}

bool matchesAny(const std::vector<std::string>& globs, std::string_view name)
{
    return std::any_of(globs.begin(), globs.end(),
                       [name](const std::string& glob) { return globMatches(glob, name); });
}

Error refused(std::string message)
{
    return clientError(Code::InvalidApiKey, std::move(message));
}

} // namespace

bool VirtualKey::allowsModel(std::string_view model) const
{
    return models.empty() ? routes.empty() : matchesAny(models, model);
}

bool VirtualKey::allowsRoute(std::string_view route) const
{
    return routes.empty() ? allowsModel(route) : matchesAny(routes, route);
}

bool VirtualKey::allows(std::string_view name, std::string_view route) const
{
    return route.empty() || routes.empty() ? allowsModel(name) : allowsRoute(route);
}

bool VirtualKey::allowsDialect(std::string_view dialect) const
{
    return dialects.empty() || std::find(dialects.begin(), dialects.end(), dialect) != dialects.end();
}

VirtualKeys::VirtualKeys(const Config& config)
{
    for (const VirtualKeyConfig& key : config.keys) {
        const auto hash = parseSha256(key.sha256);
        if (!hash) continue;
        m_keys.push_back({key.id, *hash, key.models, key.routes, key.dialects, key.tags,
                          expiryMicros(key.expires), key.paused, key.limits, nullptr});
        const auto before = key.former ? parseSha256(key.former->sha256) : std::nullopt;
        if (!before) continue;
        VirtualKey former = m_keys.back();
        former.hash = *before;
        former.expires = earlier(former.expires, expiryMicros(key.former->until));
        m_keys.push_back(std::move(former));
    }
    std::sort(m_keys.begin(), m_keys.end(),
              [](const VirtualKey& left, const VirtualKey& right) { return left.hash < right.hash; });
}

void VirtualKeys::gatesFrom(RateGates& gates)
{
    for (VirtualKey& key : m_keys) {
        if (limitsAnything(key.limits)) key.gate = gates.of("key " + key.id.text);
    }
}

const VirtualKey* VirtualKeys::named(std::string_view id) const
{
    const auto found =
        std::find_if(m_keys.begin(), m_keys.end(), [id](const VirtualKey& key) { return key.id.text == id; });
    return found == m_keys.end() ? nullptr : &*found;
}

const VirtualKey* VirtualKeys::find(std::string_view presented) const
{
    if (presented.empty() || presented.size() > kMaxKeyBytes) return nullptr;
    const Sha256 hash = sha256(presented);
    const std::uint64_t front = frontOf(hash);
    auto at = std::lower_bound(
        m_keys.begin(), m_keys.end(), front,
        [](const VirtualKey& key, std::uint64_t wanted) { return frontOf(key.hash) < wanted; });
    for (; at != m_keys.end() && frontOf(at->hash) == front; ++at) {
        if (equalsInConstantTime(at->hash, hash)) return &*at;
    }
    return nullptr;
}

Result<const VirtualKey*> VirtualKeys::admit(std::string_view presented, std::int64_t nowMicros) const
{
    if (presented.empty())
        return refused(
            "No API key was sent. Send a Turnpike key as `Authorization: Bearer KEY` or `x-api-key: KEY`.");
    const VirtualKey* key = find(presented);
    if (!key)
        return refused(
            "This API key is not known here. Use a key made in Turnpike (`turnpiked key create NAME`), not a "
            "provider's.");
    if (key->paused)
        return refused("The key \"" + key->id.text + "\" is paused; resume it in Turnpike or use another.");
    if (key->expires && nowMicros >= *key->expires)
        return refused("The key \"" + key->id.text + "\" has expired; make a new one in Turnpike.");
    return key;
}

bool isSameKey(std::string_view presented, std::string_view secret)
{
    return !secret.empty() && presented.size() <= kMaxKeyBytes &&
           equalsInConstantTime(sha256(presented), sha256(secret));
}

} // namespace gateway::access
