// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "gateway/result.h"
#include "gateway/secrets.h"

#include "base/sha256.h"
#include "net/task.h"
#include "provider/kind.h"

namespace gateway::pipeline {

struct ProviderRuntime;
struct ProviderKeyRuntime;
struct ThreadContext;

/// The token that a key was last exchanged for. Any thread.
class KeyToken {
public:
    /// Empty when there is none of this very key that is good for another minute: what a reference names may
    /// have been exchanged for another key.
    [[nodiscard]] Secret valid(const Secret& key, std::int64_t nowSeconds) const;
    void set(const Secret& key, const provider::Token& token, std::int64_t nowSeconds);
    void clear();

private:
    mutable std::mutex m_mutex;
    Secret m_secret;
    Sha256 m_key{};               // of the key that it came for
    std::int64_t m_goodUntil = 0; // seconds since 1970
};

/// Why a key was not exchanged, by the status of the answer. Only where that speaks of the key is the key at
/// fault; Google may also be overloaded.
[[nodiscard]] Error tokenRefusal(const std::string& provider, int status);

/// Who waits for a token, where it may have to leave before that has come.
struct TokenWait {
    std::shared_ptr<net::Signal> woken; // notified when that may be so
    std::function<bool()> over;         // it is so; empty: it stays
};

/// What proves to the provider who calls: the key, or its token, which is fetched when there is no good one.
net::Task<Result<Secret>> provingSecret(ThreadContext& context, const ProviderRuntime& provider,
                                        const ProviderKeyRuntime& key);
/// The same for one who may leave, with an error then: what it has asked for comes all the same, and is kept
/// for the next.
net::Task<Result<Secret>> provingSecret(ThreadContext& context, const ProviderRuntime& provider,
                                        const ProviderKeyRuntime& key, TokenWait wait);

} // namespace gateway::pipeline
