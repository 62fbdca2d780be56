// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <vector>

#include <QTest>

#include "engine/alert_book.h"

using namespace gateway;
using namespace gateway::engine;

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kStart = 1'700'000'000'000'000;

ProviderSight sight(ProviderHealth::State state, std::uint32_t failures)
{
    ProviderSight sight;
    sight.health.id = ProviderId("lab");
    sight.health.state = state;
    sight.failures = failures;
    return sight;
}

ProviderSight withKey(KeyHealth::State state)
{
    ProviderSight seen = sight(ProviderHealth::State::Ready, 0);
    KeyHealth key;
    key.id = ProviderKeyId("work");
    key.state = state;
    key.problem = "Replace it.";
    seen.health.keys.push_back(key);
    return seen;
}

} // namespace

class AlertBookTest : public QObject {
    Q_OBJECT

private:
    std::vector<Alert> m_kept, m_told;
    std::unique_ptr<AlertBook> m_book;

    [[nodiscard]] std::size_t count(Alert::Kind kind) const
    {
        std::size_t count = 0;
        for (const Alert& alert : m_told)
            count += alert.kind == kind ? 1 : 0;
        return count;
    }

private slots:
    void init()
    {
        m_kept.clear();
        m_told.clear();
        AlertBook::Means means;
        means.keep = [this](const Alert& alert) { m_kept.push_back(alert); };
        means.tell = [this](const Alert& alert) { m_told.push_back(alert); };
        m_book = std::make_unique<AlertBook>(std::move(means));
    }

    void idsOnlyGrow()
    {
        Alert old;
        old.id = old.time = kStart + 10;
        old.kind = Alert::Kind::AgentLoop;
        old.subject = "s";
        m_book->begin({old});
        QCOMPARE(m_book->lastId(), kStart + 10);
        QVERIFY(m_book->wasRaised(Alert::Kind::AgentLoop, "s", kStart));
        QVERIFY(!m_book->wasRaised(Alert::Kind::AgentLoop, "s", kStart + 11));
        QVERIFY(!m_book->wasRaised(Alert::Kind::BudgetMark, "s", kStart));
        Alert alert;
        m_book->raise(alert, kStart); // a clock that was set back
        m_book->raise(alert, kStart);
        m_book->raise(alert, kStart + kSecond);
        QCOMPARE(m_kept.size(), 3U);
        QCOMPARE(m_kept[0].id, kStart + 11);
        QCOMPARE(m_kept[1].id, kStart + 12);
        QCOMPARE(m_kept[2].id, kStart + kSecond);
        QCOMPARE(m_kept[0].time, kStart);
        QVERIFY(m_kept == m_told);
    }

    void anIncidentIsToldOnceAnHour()
    {
        Alert alert;
        alert.kind = Alert::Kind::AgentLoop;
        m_book->raiseOnce(alert, "a", kStart);
        m_book->raiseOnce(alert, "b", kStart);
        m_book->raiseOnce(alert, "a", kStart + AlertBook::kOnceMicros - 1);
        QCOMPARE(m_told.size(), 2U);
        m_book->raiseOnce(alert, "a", kStart + AlertBook::kOnceMicros);
        QCOMPARE(m_told.size(), 3U);
    }

    void aProviderIsDownAfterTwoMinutesOfFailures()
    {
        using State = ProviderHealth::State;
        const auto see = [this](State state, std::uint32_t failures, std::int64_t second) {
            m_book->seeProviders({sight(state, failures)}, kStart + second * kSecond);
        };
        see(State::Failing, 3, 0);
        see(State::Failing, 8, 119);
        QCOMPARE(count(Alert::Kind::ProviderDown), 0U);
        see(State::Failing, 8, 300); // nobody asked it since
        QCOMPARE(count(Alert::Kind::ProviderDown), 0U);
        see(State::Failing, 9, 301);
        QCOMPARE(count(Alert::Kind::ProviderDown), 1U);
        QCOMPARE(m_told.back().subject, std::string("lab"));
        see(State::Failing, 10, 500);
        QCOMPARE(count(Alert::Kind::ProviderDown), 1U);
        // One that comes and goes is told once an hour.
        see(State::Ready, 0, 501);
        see(State::Failing, 3, 502);
        see(State::Failing, 4, 700);
        QCOMPARE(count(Alert::Kind::ProviderDown), 1U);
        see(State::Ready, 0, 701);
        see(State::Failing, 3, 4000);
        see(State::Failing, 4, 4060); // not for two minutes
        QCOMPARE(count(Alert::Kind::ProviderDown), 1U);
        see(State::Failing, 5, 4120);
        QCOMPARE(count(Alert::Kind::ProviderDown), 2U);
    }

    void aRefusedKeyIsToldOnceUntilItWorks()
    {
        using State = KeyHealth::State;
        m_book->seeProviders({withKey(State::Ready)}, kStart);
        QVERIFY(m_told.empty());
        m_book->seeProviders({withKey(State::Refused)}, kStart);
        m_book->seeProviders({withKey(State::Refused)}, kStart);
        QCOMPARE(count(Alert::Kind::KeyRefused), 1U);
        QCOMPARE(m_told.back().subject, std::string("lab/work"));
        QVERIFY(m_told.back().text.find("Replace it.") != std::string::npos);
        m_book->seeProviders({withKey(State::Ready)}, kStart);
        m_book->seeProviders({withKey(State::Refused)}, kStart);
        QCOMPARE(count(Alert::Kind::KeyRefused), 2U);
    }

    void troubleWithTheLogIsToldWhenItBegins()
    {
        m_book->seeLog({}, kStart);
        m_book->seeLog("full", kStart);
        m_book->seeLog("still full", kStart);
        QCOMPARE(count(Alert::Kind::LogTrouble), 1U);
        QCOMPARE(m_told.back().text, std::string("full"));
        m_book->seeLog({}, kStart);
        m_book->seeLog("full", kStart + AlertBook::kOnceMicros);
        QCOMPARE(count(Alert::Kind::LogTrouble), 2U);
    }

    void aPauseIsToldWhenItChanges()
    {
        m_book->seePause(true, kStart); // as it was at the start
        QVERIFY(m_told.empty());
        m_book->seePause(false, kStart);
        m_book->seePause(false, kStart);
        QCOMPARE(m_told.size(), 1U);
        QVERIFY(m_told.back().level == Alert::Level::Info);
        m_book->seePause(true, kStart);
        QCOMPARE(m_told.size(), 2U);
        QVERIFY(m_told.back().level == Alert::Level::Warning);
    }
};

QTEST_GUILESS_MAIN(AlertBookTest)
#include "alert_book_test.moc"
