// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gateway/snapshot.h"

namespace gateway::engine {

/// How a provider is at a look.
struct ProviderSight {
    ProviderHealth health;
    std::uint32_t failures = 0; // in a row, of requests and of checks
};

/// Raises alerts, each once for what it is about: gives them their id and time, has them kept and told.
/// Owner's thread; time is what it is told.
class AlertBook {
public:
    struct Means {
        std::function<void(const Alert&)> keep, tell;
    };

    explicit AlertBook(Means means) : m_means(std::move(means)) {}

    /// What runs before this one raised, newest first; before anything else happens.
    void begin(const std::vector<Alert>& kept);
    /// Such a one was raised since then, by this run or another.
    [[nodiscard]] bool wasRaised(Alert::Kind kind, const std::string& subject, std::int64_t since) const;
    void raise(Alert alert, std::int64_t now);
    /// Not again for an hour for the same incident, whatever the text says by then.
    void raiseOnce(const Alert& alert, const std::string& incident, std::int64_t now);

    /// A provider that fails for so long while it is asked is down; a key is refused once until it works
    /// again.
    void seeProviders(const std::vector<ProviderSight>& providers, std::int64_t now);
    /// Why the log cannot be written; empty: it can.
    void seeLog(const std::string& problem, std::int64_t now);
    void seePause(bool paused, std::int64_t now);

    /// 0: none yet.
    [[nodiscard]] std::int64_t lastId() const { return m_lastId; }

    static constexpr std::int64_t kDownMicros = 120'000'000;
    static constexpr std::int64_t kOnceMicros = 3'600'000'000;

private:
    struct Failing {
        std::int64_t since = 0;
        std::uint32_t failures = 0; // at the last look
        bool told = false;
    };
    void seeKeys(const ProviderHealth& provider, std::int64_t now);
    void seeHealth(const ProviderSight& sight, std::int64_t now);

    const Means m_means;
    std::int64_t m_lastId = 0;
    std::map<std::pair<Alert::Kind, std::string>, std::int64_t> m_raised; // when last, by subject
    std::map<std::string, std::int64_t> m_incidents;                      // when told last
    std::map<std::string, Failing> m_failing;                             // by provider
    std::map<std::string, bool> m_refused;                                // by provider and key
    std::string m_logProblem;
    bool m_sawPause = false;
    bool m_paused = false;
};

} // namespace gateway::engine
