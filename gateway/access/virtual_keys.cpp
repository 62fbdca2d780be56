// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/virtual_keys.h"

#include <algorithm>
#include <cstring>

#include "base/glob.h"
#include "base/iso_time.h"
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

std::optional<std::int64_t> endOf(const std::string& expires)
{
    if (expires.empty()) return std::nullopt;
    const auto time = parseIsoTime(expires);
    // What cannot be read has no validity at all; a date is good until its day is over.
    if (!time) return 0;
    return time->dateOnly ? time->micros + kMicrosPerDay : time->micros;
}

Error refused(std::string message)
{
    return clientError(Code::InvalidApiKey, std::move(message));
}

} // namespace

bool VirtualKey::allowsModel(std::string_view model) const
{
    return models.empty() || std::any_of(models.begin(), models.end(), [model](const std::string& glob) {
               return globMatches(glob, model);
           });
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
        m_keys.push_back({key.id, *hash, key.models, key.dialects, key.tags, endOf(key.expires), key.paused,
                          key.limits, nullptr});
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

std::optional<Error> refuseUse(const VirtualKey& key, std::string_view model, std::string_view dialect)
{
    if (!key.allowsDialect(dialect)) {
        return clientError(Code::ModelNotAllowed, "The key \"" + key.id.text +
                                                      "\" may only be used with the API of " +
                                                      joined(key.dialects, ", ") + ".");
    }
    if (!key.allowsModel(model)) {
        return clientError(Code::ModelNotAllowed,
                           "The key \"" + key.id.text + "\" may not use the model \"" +
                               shortened(model, 128) + "\"; it allows " +
                               shortened(joined(key.models, ", "), 256) + ".",
                           "model");
    }
    return std::nullopt;
}

bool isSameKey(std::string_view presented, std::string_view secret)
{
    return !secret.empty() && presented.size() <= kMaxKeyBytes &&
           equalsInConstantTime(sha256(presented), sha256(secret));
}

} // namespace gateway::access
