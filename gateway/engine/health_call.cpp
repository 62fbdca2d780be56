// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/health_call.h"

#include <algorithm>
#include <exception>

#include "base/wall_clock.h"
#include "pipeline/model_lists.h"

namespace gateway::engine {

namespace {

constexpr milliseconds kPatience = std::chrono::seconds(15);

pipeline::ListAsk askOf(const ProviderConfig& provider, upstream::Call** call)
{
    pipeline::ListAsk ask;
    ask.connect = std::min(provider.timeout.connect.value_or(kPatience), kPatience);
    ask.firstByte = std::min(provider.timeout.firstByte.value_or(kPatience), kPatience);
    ask.call = call;
    return ask;
}

net::Task<HealthVerdict> verdict(pipeline::ThreadContext& context, HealthCall& check)
{
    const pipeline::ProviderRuntime& provider = *check.provider;
    const auto reply =
        co_await pipeline::askForModels(context, provider, askOf(provider.config, &check.call));
    if (check.cancelled || reply.unproven) co_return HealthVerdict::Undecided;
    // Who may only not see the list is told 403, and may use its models all the same.
    if (reply.key && reply.status == 401) {
        reply.key->health->refuse(nowMicros(), reply.status);
        co_return HealthVerdict::KeyRefused;
    }
    co_return reply.status == 0 || reply.status >= 500 ? HealthVerdict::Down : HealthVerdict::Up;
}

} // namespace

void HealthCall::cancel()
{
    cancelled = true;
    if (call) call->cancel();
}

bool canBeChecked(const pipeline::ProviderRuntime& provider)
{
    const auto readable = [](const pipeline::ProviderKeyRuntime& key) { return !key.secret.empty(); };
    const bool keyed = std::any_of(provider.keys.begin(), provider.keys.end(), readable);
    return !provider.kind->inProcess() && !provider.kind->modelsPath(provider.base.path).empty() &&
           (keyed || !provider.kind->needsKey());
}

net::Detached askForHealth(pipeline::ThreadContext& context, std::shared_ptr<HealthCall> check)
{
    HealthVerdict found = HealthVerdict::Undecided;
    try {
        if (!check->cancelled) found = co_await verdict(context, *check);
    } catch (const std::exception&) {
        // Without memory nothing was found out.
    }
    check->done(found);
}

} // namespace gateway::engine
