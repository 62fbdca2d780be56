// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "gateway/error.h"

#include "net/task.h"
#include "pipeline/thread_context.h"

namespace gateway::pipeline {

[[nodiscard]] Error goneError();

/// How one exchange waits for others: every wait ends early once the exchange is over. IO thread only;
/// outlives each wait.
struct ExchangeWaits {
    ThreadContext& context;
    std::vector<std::shared_ptr<net::Signal>>&
        sleeps; // of all its waits; woken where isOver may have changed
    std::function<bool()> isOver;
};

/// Posted: waking a coroutine here could end the exchange while it is still at work.
void wakeSleepers(ThreadContext& context, const std::vector<std::shared_ptr<net::Signal>>& sleeps);
/// False when it is over before.
net::Task<bool> waitFor(const ExchangeWaits& waits, milliseconds time);
/// Waits, a moment at most, until it is known which process asks.
net::Task<void> waitForOrigin(const ExchangeWaits& waits, std::shared_ptr<ClientOrigin> origin);

} // namespace gateway::pipeline
