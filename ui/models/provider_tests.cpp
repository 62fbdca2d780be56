// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/provider_tests.h"

#include <algorithm>
#include <utility>

#include "models/when_done.h"

namespace ui {
namespace {

constexpr std::size_t kAtOnce = 4;

} // namespace

ProviderTests::ProviderTests(GatewayLink& link, QObject* parent) : QObject(parent), m_link(link) {}

void ProviderTests::test(const gateway::ProviderId& provider)
{
    begin(provider, {}, m_link.testProvider(provider));
}

void ProviderTests::testKey(const gateway::ProviderId& provider, const gateway::ProviderKeyId& key)
{
    begin(provider, QString::fromStdString(key.text), m_link.testKey(provider, key));
}

void ProviderTests::begin(const gateway::ProviderId& provider, const QString& key,
                          QFuture<gateway::ProviderTest> call)
{
    Entry& entry = m_entries[provider.text];
    entry.future.cancel();
    entry.future = call;
    entry.note = {TestNote::State::Running, key, {}};
    const int number = ++entry.number;
    emit changed(provider);
    whenDone(
        call, this,
        [this, provider, number, key](const gateway::ProviderTest& answer) {
            finish(provider, number, {TestNote::State::Answered, key, answer});
        },
        [this, provider, number, key] {
            finish(provider, number, {TestNote::State::Unfinished, key, {}});
        });
}

void ProviderTests::finish(const gateway::ProviderId& provider, int number, const TestNote& note)
{
    Entry& entry = m_entries[provider.text];
    if (entry.number != number || entry.note.state != TestNote::State::Running) return;
    entry.note = note;
    emit changed(provider);
    noteEnd(provider, note);
}

void ProviderTests::stop(const gateway::ProviderId& provider)
{
    const auto found = m_entries.find(provider.text);
    if (found == m_entries.end() || found->second.note.state != TestNote::State::Running) return;
    found->second.note.state = TestNote::State::Stopped;
    found->second.future.cancel();
    emit changed(provider);
    noteEnd(provider, found->second.note);
}

void ProviderTests::testAll(const std::vector<gateway::ProviderId>& providers)
{
    stopAll();
    m_waiting.assign(providers.begin(), providers.end());
    m_total = static_cast<int>(providers.size());
    emit progressed();
    startMore();
}

void ProviderTests::stopAll()
{
    if (!isTestingAll()) return;
    m_waiting.clear();
    m_total = m_tested = m_good = 0;
    m_failed.clear();
    const auto running = std::exchange(m_running, {});
    for (const gateway::ProviderId& provider : running) {
        stop(provider);
    }
    emit progressed();
}

void ProviderTests::startMore()
{
    while (!m_waiting.empty() && m_running.size() < kAtOnce) {
        const gateway::ProviderId next = m_waiting.front();
        m_waiting.pop_front();
        m_running.push_back(next);
        test(next);
    }
}

void ProviderTests::noteEnd(const gateway::ProviderId& provider, const TestNote& note)
{
    const auto found = std::find(m_running.begin(), m_running.end(), provider);
    if (found == m_running.end()) return;
    m_running.erase(found);
    ++m_tested;
    if (note.state == TestNote::State::Answered && note.answer.ok) {
        ++m_good;
    } else {
        m_failed.append(QString::fromStdString(provider.text));
    }
    emit progressed();
    startMore();
    if (m_tested < m_total) return;
    const int good = std::exchange(m_good, 0);
    const QStringList failed = std::exchange(m_failed, {});
    m_total = m_tested = 0;
    emit progressed();
    emit allTested(good, failed);
}

TestNote ProviderTests::noteOf(const gateway::ProviderId& provider) const
{
    const auto found = m_entries.find(provider.text);
    return found == m_entries.end() ? TestNote{} : found->second.note;
}

} // namespace ui
