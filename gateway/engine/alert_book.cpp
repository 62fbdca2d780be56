// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/alert_book.h"

#include <algorithm>

namespace gateway::engine {

namespace {

using Kind = Alert::Kind;
using Level = Alert::Level;

constexpr std::size_t kMostRemembered = 10'000;

Alert alertOf(Kind kind, Level level, std::string subject, std::string text)
{
    Alert alert;
    alert.kind = kind;
    alert.level = level;
    alert.subject = std::move(subject);
    alert.text = std::move(text);
    return alert;
}

} // namespace

void AlertBook::begin(const std::vector<Alert>& kept)
{
    for (const Alert& alert : kept) {
        m_lastId = std::max(m_lastId, alert.id);
        std::int64_t& last = m_raised[{alert.kind, alert.subject}];
        last = std::max(last, alert.time);
    }
}

bool AlertBook::wasRaised(Kind kind, const std::string& subject, std::int64_t since) const
{
    const auto found = m_raised.find({kind, subject});
    return found != m_raised.end() && found->second >= since;
}

void AlertBook::raise(Alert alert, std::int64_t now)
{
    // Grows with time, and on when a clock is set back.
    alert.id = m_lastId = std::max(m_lastId + 1, now);
    alert.time = now;
    if (m_raised.size() >= kMostRemembered) m_raised.clear();
    m_raised[{alert.kind, alert.subject}] = now;
    m_means.keep(alert);
    m_means.tell(alert);
}

void AlertBook::raiseOnce(const Alert& alert, const std::string& incident, std::int64_t now)
{
    const auto isOver = [now](std::int64_t told) { return told > now || now - told >= kOnceMicros; };
    if (m_incidents.size() >= kMostRemembered)
        std::erase_if(m_incidents, [&](const auto& each) { return isOver(each.second); });
    if (m_incidents.size() >= kMostRemembered) m_incidents.clear();
    const auto [found, isNew] = m_incidents.emplace(incident, now);
    if (!isNew && !isOver(found->second)) return;
    found->second = now;
    raise(alert, now);
}

void AlertBook::seeProviders(const std::vector<ProviderSight>& providers, std::int64_t now)
{
    for (const ProviderSight& sight : providers) {
        seeKeys(sight.health, now);
        seeHealth(sight, now);
    }
}

void AlertBook::seeKeys(const ProviderHealth& provider, std::int64_t now)
{
    for (const KeyHealth& key : provider.keys) {
        const std::string name = provider.id.text + "/" + key.id.text;
        const bool isRefused = key.state == KeyHealth::State::Refused;
        bool& told = m_refused[name];
        if (isRefused && !told)
            raise(alertOf(Kind::KeyRefused, Level::Critical, name,
                          "The key \"" + key.id.text + "\" of the provider \"" + provider.id.text +
                              "\" is refused. " + key.problem),
                  now);
        told = isRefused;
    }
}

void AlertBook::seeHealth(const ProviderSight& sight, std::int64_t now)
{
    const std::string& name = sight.health.id.text;
    if (sight.health.state != ProviderHealth::State::Failing) {
        m_failing.erase(name);
        return;
    }
    const auto [found, isNew] = m_failing.emplace(name, Failing{now, sight.failures});
    Failing& failing = found->second;
    const bool isAsked = sight.failures > failing.failures;
    failing.failures = sight.failures;
    if (failing.since > now) failing.since = now; // the clock was set back
    if (isNew || failing.told || !isAsked || now - failing.since < kDownMicros) return;
    failing.told = true;
    raiseOnce(alertOf(Kind::ProviderDown, Level::Critical, name,
                      "The provider \"" + name +
                          "\" has failed for two minutes and more, while it is asked. See Requests for what "
                          "it says, and its own status page."),
              "down\n" + name, now);
}

void AlertBook::seeLog(const std::string& problem, std::int64_t now)
{
    const bool begins = !problem.empty() && m_logProblem.empty();
    m_logProblem = problem;
    if (begins) raiseOnce(alertOf(Kind::LogTrouble, Level::Critical, "log", problem), "log", now);
}

void AlertBook::seePause(bool paused, std::int64_t now)
{
    const bool changed = std::exchange(m_sawPause, true) && paused != m_paused;
    m_paused = paused;
    if (!changed) return;
    raise(paused
              ? alertOf(Kind::SpendingPaused, Level::Warning, "spending",
                        "All spending is paused: what costs money, or may, is refused until you resume it.")
              : alertOf(Kind::SpendingPaused, Level::Info, "spending", "Spending goes on again."),
          now);
}

} // namespace gateway::engine
