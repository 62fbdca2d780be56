// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/health_watch.h"

#include <algorithm>
#include <utility>

#include "base/wall_clock.h"

namespace gateway::engine {

namespace {

constexpr std::uint32_t kFailedChecks = 2; // one may be bad luck

void forget(pipeline::ProviderState& state)
{
    state.failedChecks.store(0, std::memory_order_relaxed);
    state.down.store(false, std::memory_order_relaxed);
}

} // namespace

void HealthWatch::follow(std::shared_ptr<const pipeline::Runtime> runtime)
{
    m_runtime = std::move(runtime);
    std::vector<std::shared_ptr<Watched>> before = std::exchange(m_watched, {});
    for (const pipeline::ProviderRuntime& provider : m_runtime->providers) {
        const auto same = std::find_if(before.begin(), before.end(), [&provider](const auto& each) {
            return each && each->config == provider.config;
        });
        if (same != before.end()) {
            m_watched.push_back(std::exchange(*same, nullptr));
            continue;
        }
        // What was found at another address says nothing of this one.
        if (provider.state) forget(*provider.state);
        if (provider.config.healthCheck) m_watched.push_back(watch(provider.config));
    }
    for (const auto& old : before) {
        if (old) drop(*old);
    }
}

std::shared_ptr<HealthWatch::Watched> HealthWatch::watch(const ProviderConfig& provider)
{
    auto watched = std::make_shared<Watched>();
    watched->config = provider;
    watched->timer.setInterval(m_second * provider.healthCheck->every.count());
    QObject::connect(&watched->timer, &QTimer::timeout, &watched->timer,
                     [this, weak = std::weak_ptr(watched)] {
                         if (const auto held = weak.lock()) check(held);
                     });
    watched->timer.start();
    return watched;
}

void HealthWatch::stop()
{
    for (const auto& watched : std::exchange(m_watched, {}))
        drop(*watched);
}

void HealthWatch::drop(Watched& watched)
{
    watched.timer.stop();
    if (const auto call = std::exchange(watched.call, nullptr)) m_means.cancel(call);
}

void HealthWatch::check(const std::shared_ptr<Watched>& watched)
{
    const pipeline::ProviderRuntime* provider = m_runtime->findProvider(watched->config.id.text);
    if (watched->call || !provider || !m_means.mayAsk() || !canBeChecked(*provider)) return;
    auto call = std::make_shared<HealthCall>();
    call->provider = std::shared_ptr<const pipeline::ProviderRuntime>(m_runtime, provider);
    call->done = [this, weak = std::weak_ptr(watched), home = m_means.home](HealthVerdict verdict) {
        home([this, weak, verdict] {
            const auto held = weak.lock();
            if (!held || !std::exchange(held->call, nullptr)) return; // dropped meanwhile
            judge(*held, verdict);
        });
    };
    watched->call = call;
    m_means.ask(std::move(call));
}

void HealthWatch::judge(const Watched& watched, HealthVerdict verdict)
{
    const pipeline::ProviderRuntime* provider = m_runtime->findProvider(watched.config.id.text);
    if (!provider || !provider->state || verdict == HealthVerdict::Undecided) return;
    pipeline::ProviderState& state = *provider->state;
    if (verdict == HealthVerdict::Down) {
        const bool isNow = state.failedChecks.fetch_add(1, std::memory_order_relaxed) + 1 >= kFailedChecks;
        if (isNow && !state.down.exchange(true, std::memory_order_relaxed)) m_means.changed();
        return;
    }
    state.failedChecks.store(0, std::memory_order_relaxed);
    const bool wasDown = state.down.exchange(false, std::memory_order_relaxed);
    if (wasDown) m_runtime->letProbe(provider->config.id.text, nowMicros());
    if (wasDown || verdict == HealthVerdict::KeyRefused) m_means.changed();
}

} // namespace gateway::engine
