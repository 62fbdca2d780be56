// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include <QFuture>
#include <QObject>
#include <QStringList>

#include "models/gateway_link.h"

namespace ui {

/// How far the test of a provider is.
struct TestNote {
    enum class State : std::uint8_t { Undecided, Running, Answered, Stopped, Unfinished };
    State state = State::Undecided;
    QString key; // the one that is tested; empty: the provider
    gateway::ProviderTest answer;
};

/// Free test calls to providers and keys, one at a time for each provider, all of them a few at a time. What
/// came of the last one is kept. GUI thread.
class ProviderTests : public QObject {
    Q_OBJECT

public:
    explicit ProviderTests(GatewayLink& link, QObject* parent = nullptr);

    void test(const gateway::ProviderId& provider);
    void testKey(const gateway::ProviderId& provider, const gateway::ProviderKeyId& key);
    void stop(const gateway::ProviderId& provider);
    void testAll(const std::vector<gateway::ProviderId>& providers);
    void stopAll();

    [[nodiscard]] TestNote noteOf(const gateway::ProviderId& provider) const;
    [[nodiscard]] bool isTestingAll() const { return m_total > 0; }
    [[nodiscard]] int tested() const { return m_tested; }
    [[nodiscard]] int total() const { return m_total; }

signals:
    void changed(const gateway::ProviderId& provider);
    /// Of the test of all of them.
    void progressed();
    void allTested(int good, const QStringList& failed);

private:
    struct Entry {
        TestNote note;
        QFuture<gateway::ProviderTest> future;
        int number = 0; // of the call whose answer counts
    };
    void begin(const gateway::ProviderId& provider, const QString& key, QFuture<gateway::ProviderTest> call);
    void finish(const gateway::ProviderId& provider, int number, const TestNote& note);
    void startMore();
    void noteEnd(const gateway::ProviderId& provider, const TestNote& note);

    GatewayLink& m_link;
    std::map<std::string, Entry> m_entries;
    std::deque<gateway::ProviderId> m_waiting; // of the test of all
    std::vector<gateway::ProviderId> m_running;
    QStringList m_failed;
    int m_good = 0, m_tested = 0, m_total = 0;
};

} // namespace ui
