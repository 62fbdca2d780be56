// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>

#include "gateway/result.h"
#include "gateway/secrets.h"

#include "net/task.h"
#include "provider/kind.h"

namespace gateway::pipeline {

struct ProviderRuntime;
struct ProviderKeyRuntime;
struct ThreadContext;

/// The token that a key was last exchanged for. Any thread.
class KeyToken {
public:
    /// Empty when there is none that is good for another minute.
    [[nodiscard]] Secret valid(std::int64_t nowSeconds) const;
    void set(const provider::Token& token, std::int64_t nowSeconds);
    void clear();

private:
    mutable std::mutex m_mutex;
    Secret m_secret;
    std::int64_t m_goodUntil = 0; // seconds since 1970
};

/// What proves to the provider who calls: the key, or its token, which is fetched when there is no good one.
net::Task<Result<Secret>> provingSecret(ThreadContext& context, const ProviderRuntime& provider,
                                        const ProviderKeyRuntime& key);

} // namespace gateway::pipeline
