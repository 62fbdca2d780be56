// SPDX-License-Identifier: GPL-3.0-or-later
#include <functional>
#include <memory>
#include <vector>

#include <QTest>

#include "engine/health_watch.h"

using namespace gateway;
using namespace gateway::engine;

class HealthWatchTest : public QObject {
    Q_OBJECT

private:
    std::shared_ptr<pipeline::ProviderState> m_state;
    std::vector<std::shared_ptr<HealthCall>> m_calls, m_cancelled;
    int m_questions = 0, m_changes = 0;
    bool m_mayAsk = true;
    std::unique_ptr<HealthWatch> m_watch;

    /// A runtime with one provider; every 30 "seconds" of a millisecond.
    [[nodiscard]] std::shared_ptr<const pipeline::Runtime> runtimeWith(const char* kind, const char* url,
                                                                       bool checked = true) const
    {
        auto config = std::make_shared<Config>();
        ProviderConfig& provider = config->providers.emplace_back();
        provider.id = ProviderId("lab");
        provider.kind = kind;
        provider.baseUrl = url;
        if (checked) provider.healthCheck = HealthCheckConfig{seconds(30)};
        auto runtime = std::make_shared<pipeline::Runtime>(
            config, std::uint16_t{1}, std::make_shared<catalog::Catalog>(), catalog::Presets());
        runtime->providers.front().state = m_state;
        return runtime;
    }

    /// The next call, answered so.
    void answer(HealthVerdict verdict)
    {
        QTRY_VERIFY(!m_calls.empty());
        const auto call = m_calls.back();
        m_calls.clear();
        call->done(verdict);
    }

private slots:
    void init()
    {
        m_state = std::make_shared<pipeline::ProviderState>();
        m_calls.clear();
        m_cancelled.clear();
        m_questions = m_changes = 0;
        m_mayAsk = true;
        HealthWatch::Means means;
        means.mayAsk = [this] {
            ++m_questions;
            return m_mayAsk;
        };
        means.ask = [this](std::shared_ptr<HealthCall> call) { m_calls.push_back(std::move(call)); };
        means.cancel = [this](std::shared_ptr<HealthCall> call) { m_cancelled.push_back(std::move(call)); };
        means.home = [](const std::function<void()>& job) { job(); };
        means.changed = [this] { ++m_changes; };
        m_watch = std::make_unique<HealthWatch>(std::move(means), milliseconds(1));
    }

    void cleanup() { m_watch.reset(); }

    void isDownAfterTwoFailuresAndUpAfterOneSuccess()
    {
        m_watch->follow(runtimeWith("openai-compatible", "http://127.0.0.1:1/v1"));
        answer(HealthVerdict::Down);
        answer(HealthVerdict::Up);
        answer(HealthVerdict::Down);
        answer(HealthVerdict::Undecided);
        QVERIFY(!m_state->down.load());
        answer(HealthVerdict::Down);
        QVERIFY(m_state->down.load());
        answer(HealthVerdict::Down);
        QCOMPARE(m_changes, 1);
        answer(HealthVerdict::Up);
        QVERIFY(!m_state->down.load());
        QCOMPARE(m_changes, 2);
    }

    void asksOneAtATime()
    {
        const auto runtime = runtimeWith("openai-compatible", "http://127.0.0.1:1/v1");
        m_watch->follow(runtime);
        QTRY_COMPARE(m_calls.size(), std::size_t{1});
        m_watch->follow(runtime); // the same again: the call goes on
        QVERIFY(m_cancelled.empty());
        const auto call = m_calls.front();
        QTest::qWait(0);
        QCOMPARE(m_calls.size(), std::size_t{1});
        call->done(HealthVerdict::Up);
        QTRY_COMPARE(m_calls.size(), std::size_t{2});
    }

    void asksNobodyWhilePaused()
    {
        m_mayAsk = false;
        m_watch->follow(runtimeWith("openai-compatible", "http://127.0.0.1:1/v1"));
        QTRY_VERIFY(m_questions >= 3);
        QVERIFY(m_calls.empty());
        m_mayAsk = true;
        QTRY_VERIFY(!m_calls.empty());
    }

    void asksNobodyWithoutAFreeCallOrAKey()
    {
        QVERIFY(!canBeChecked(
            runtimeWith("bedrock", "https://bedrock-runtime.eu-central-1.amazonaws.com")->providers.front()));
        QVERIFY(!canBeChecked(runtimeWith("sandbox", "")->providers.front()));
        QVERIFY(!canBeChecked(runtimeWith("openai", "")->providers.front())); // has no key
        QVERIFY(canBeChecked(runtimeWith("ollama", "")->providers.front()));
    }

    void forgetsWhatWasElsewhere_data()
    {
        QTest::addColumn<bool>("checked");
        QTest::newRow("another address") << true;
        QTest::newRow("no checks") << false;
    }

    void forgetsWhatWasElsewhere()
    {
        QFETCH(bool, checked);
        m_watch->follow(runtimeWith("openai-compatible", "http://127.0.0.1:1/v1"));
        answer(HealthVerdict::Down);
        answer(HealthVerdict::Down);
        QTRY_VERIFY(!m_calls.empty());
        const auto call = m_calls.front();
        m_watch->follow(runtimeWith("openai-compatible", "http://127.0.0.1:2/v1", checked));
        QVERIFY(!m_state->down.load());
        QVERIFY(m_cancelled == std::vector{call});
        call->done(HealthVerdict::Down); // comes too late
        QCOMPARE(m_state->failedChecks.load(), 0U);
    }

    void cancelsAtTheEnd()
    {
        m_watch->follow(runtimeWith("openai-compatible", "http://127.0.0.1:1/v1"));
        QTRY_VERIFY(!m_calls.empty());
        m_watch->stop();
        QVERIFY(m_cancelled == m_calls);
        m_calls.front()->done(HealthVerdict::Down);
        QCOMPARE(m_state->failedChecks.load(), 0U);
    }
};

QTEST_GUILESS_MAIN(HealthWatchTest)
#include "health_watch_test.moc"
