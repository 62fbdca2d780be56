// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <QTimer>

#include "engine/health_call.h"
#include "pipeline/runtime.h"

namespace gateway::engine {

/// Asks providers from time to time whether they are up, where their configuration wants that: two failures
/// in a row make one down, one success makes it up again. One call at a time for each. Lives on the owner's
/// thread.
class HealthWatch {
public:
    /// What it works with.
    struct Means {
        std::function<bool()> mayAsk;
        std::function<void(std::shared_ptr<HealthCall>)> ask, cancel;
        std::function<void(std::function<void()>)> home; // runs a job on the owner's thread, from any other
        std::function<void()> changed;                   // a provider is down, or up again, or refused a key
    };
    /// `second`: how long one of the configuration's takes; tests have shorter ones.
    HealthWatch(Means means, milliseconds second) : m_means(std::move(means)), m_second(second) {}
    ~HealthWatch() { stop(); }
    HealthWatch(const HealthWatch&) = delete;
    HealthWatch& operator=(const HealthWatch&) = delete;

    /// Of now on these are checked. A provider whose configuration is the same keeps its rhythm.
    void follow(std::shared_ptr<const pipeline::Runtime> runtime);
    void stop();

private:
    struct Watched {
        ProviderConfig config;
        QTimer timer;
        std::shared_ptr<HealthCall> call; // null: none is under way
    };

    [[nodiscard]] std::shared_ptr<Watched> watch(const ProviderConfig& provider);
    void drop(Watched& watched);
    void check(const std::shared_ptr<Watched>& watched);
    void judge(const Watched& watched, HealthVerdict verdict);

    Means m_means;
    milliseconds m_second;
    std::shared_ptr<const pipeline::Runtime> m_runtime;
    std::vector<std::shared_ptr<Watched>> m_watched;
};

} // namespace gateway::engine
