// SPDX-License-Identifier: GPL-3.0-or-later
#include <optional>

#include <QTest>

#include "base/wall_clock.h"
#include "pipeline/spend_ask.h"

using namespace gateway;
using namespace gateway::pipeline;

namespace {

net::Detached run(SpendAsk& asks, const Config& config, const SpendAsk::Reserve& reserve,
                  const SpendAsk::Ask& ask, std::optional<Error>& refused, bool& isOver)
{
    refused = co_await asks.reserve(config, "lab/mock", reserve, ask);
    isOver = true;
}

} // namespace

class SpendAskTest : public QObject {
    Q_OBJECT

private:
    accounting::BudgetRule m_rule;
    Config m_config;
    SpendAsk m_asks;
    SpendWord m_word = SpendWord::Allowed;
    std::int64_t m_more = 0; // that a yes allows
    int m_refusals = 0;      // before there is enough
    int m_asked = 0;

    std::optional<Error> reserved()
    {
        const SpendAsk::Reserve reserve =
            [this](const accounting::BudgetRule*& full) -> std::optional<Error> {
            if (m_refusals-- <= 0) return std::nullopt;
            full = &m_rule;
            return gatewayError(Code::BudgetExceeded, "It is used up.");
        };
        const SpendAsk::Ask ask = [this](const SpendAsking&) -> net::Task<SpendWord> {
            ++m_asked;
            if (m_more > 0) m_rule.account->allow(m_more, nowMicros());
            co_return m_word;
        };
        std::optional<Error> refused;
        bool isOver = false;
        run(m_asks, m_config, reserve, ask, refused, isOver);
        if (!isOver) qFatal("It waits.");
        return refused;
    }

private slots:
    void init()
    {
        m_rule = {};
        m_rule.name = "day";
        m_rule.per = BudgetPeriod::Total;
        m_rule.atLimit = AtLimit::Ask;
        m_rule.account = std::make_shared<accounting::BudgetAccount>(BudgetPeriod::Total);
        m_asks = {};
        m_word = SpendWord::Allowed;
        m_more = 0;
        m_refusals = 1;
        m_asked = 0;
    }

    void goesOnAfterAYesHoweverMuchWasAllowedBefore()
    {
        // As at a turn of the hour: what was allowed is over, and as much is allowed anew.
        QVERIFY(!reserved());
        QCOMPARE(m_asked, 1);
    }

    void asksAgainWhileMoreIsAllowed()
    {
        m_refusals = 3;
        m_more = 5;
        QVERIFY(!reserved());
        QCOMPARE(m_asked, 3);
    }

    void aYesThatChangesNothingIsNotAskedForAgain()
    {
        m_refusals = 100;
        const auto refused = reserved();
        QVERIFY(refused);
        QCOMPARE(m_asked, 1);
        QVERIFY(reserved()); // nor by another target
        QCOMPARE(m_asked, 1);
    }

    void aNoHoldsForAllTargets()
    {
        m_refusals = 100;
        m_word = SpendWord::NoAnswer;
        const auto refused = reserved();
        QVERIFY(refused && refused->code == Code::BudgetExceeded);
        QVERIFY(refused->message.find("Nobody answered") != std::string::npos);
        QVERIFY(reserved());
        QCOMPARE(m_asked, 1);
    }

    void whoIsGoneIsToldSo()
    {
        m_word = SpendWord::Undecided;
        const auto refused = reserved();
        QVERIFY(refused && refused->code == Code::ClientCancelled);
    }
};

QTEST_APPLESS_MAIN(SpendAskTest)
#include "spend_ask_test.moc"
