// SPDX-License-Identifier: GPL-3.0-or-later
// Budgets that ask the user for more, what was allowed, and the alerts about it.
#include <algorithm>
#include <memory>
#include <vector>

#include <QDir>
#include <QFile>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "e2e/model_call.h"
#include "e2e/started_gateway.h"

using namespace support;
using namespace e2e;
using gateway::Alert;
using gateway::BudgetState;
using gateway::SpendQuestion;

namespace {

// Every answer of the upstream is 16 tokens in and 7 out, at 1000 dollars a million.
constexpr std::int64_t kEach = 23'000'000;

QString codeOf(const HttpReply& reply)
{
    return jsonOf(reply.body)["error"].toObject()["code"].toString();
}

} // namespace

class AskingTest : public QObject {
    Q_OBJECT

private:
    FakeUpstream m_upstream;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<gateway::Gateway> m_gateway;

    void begin(const QJsonObject& budget, const QJsonObject& more = {})
    {
        m_gateway.reset();
        m_folder = std::make_unique<QTemporaryDir>();
        const QJsonObject price{{"input", 1000}, {"output", 1000}};
        const QJsonObject models{{"mock", QJsonObject{{"price", price}}}};
        const QJsonObject lab{
            {"kind", "openai-compatible"}, {"base_url", m_upstream.url() + "/v1"}, {"models", models}};
        QJsonObject config{{"providers", QJsonObject{{"lab", lab}}},
                           {"keys", QJsonObject{{"test", virtualKey()}}},
                           {"budgets", QJsonObject{{"day", budget}}}};
        for (auto each = more.begin(); each != more.end(); ++each)
            config[each.key()] = each.value();
        m_gateway = startedGateway(*m_folder, config);
        QVERIFY(m_gateway);
    }

    [[nodiscard]] static QJsonObject asking(double usd, int askMs = 60'000)
    {
        return {{"usd", usd}, {"per", "day"}, {"at_limit", "ask"}, {"ask_more_usd", 0.05}, {"ask_ms", askMs}};
    }

    [[nodiscard]] std::unique_ptr<RawClient> sent(const QByteArray& model = "lab/mock",
                                                  const HeaderList& headers = {}) const
    {
        auto client = std::make_unique<RawClient>(m_gateway->activity().port);
        client->send(bytesOf(m_gateway->activity().port, {Shape::OpenAi, model, false, false, headers}));
        return client;
    }
    [[nodiscard]] static bool hasData(RawClient& client) { return client.socket().bytesAvailable() > 0; }
    /// The socket's own waiting delivers no events of the gateway's owner, who lives here.
    [[nodiscard]] static HttpReply answered(RawClient& client)
    {
        HttpReply reply;
        static_cast<void>(QTest::qWaitFor([&] { return hasData(client); }, 20'000));
        return client.receive(20'000);
    }
    [[nodiscard]] HttpReply asked(const QByteArray& model = "lab/mock") const
    {
        return answered(*sent(model));
    }
    [[nodiscard]] const std::vector<SpendQuestion>& questions() const
    {
        return m_gateway->activity().questions;
    }
    [[nodiscard]] BudgetState budget() const
    {
        const auto& budgets = m_gateway->activity().budgets;
        return budgets.empty() ? BudgetState() : budgets.front();
    }
    template <class T>
    [[nodiscard]] static T resultOf(const QFuture<T>& future)
    {
        return QTest::qWaitFor([&future] { return future.isFinished(); }, 20'000) ? future.result() : T();
    }
    [[nodiscard]] std::vector<Alert> alerts() const { return resultOf(m_gateway->alerts({})); }
    [[nodiscard]] int countOf(Alert::Kind kind) const
    {
        const auto all = alerts();
        return static_cast<int>(
            std::count_if(all.begin(), all.end(), [kind](const Alert& each) { return each.kind == kind; }));
    }

private slots:
    void initTestCase() { QVERIFY(m_upstream.start()); }
    void init() { m_upstream.reset(); }
    void cleanup() { m_gateway.reset(); }

    void waitsForAYes()
    {
        begin(asking(0.02));
        QCOMPARE(asked().status, 200);
        const auto first = sent();
        const auto second = sent();
        QTRY_VERIFY(questions().size() == 1 && questions().front().waiting == 2);
        const SpendQuestion question = questions().front();
        QVERIFY(question.kind == SpendQuestion::Kind::Budget);
        QCOMPARE(question.subject, std::string("day"));
        QCOMPARE(question.key, std::string("test"));
        QCOMPARE(question.model, std::string("lab/mock"));
        QCOMPARE(question.spentNanos, kEach);
        QCOMPARE(question.limitNanos, 20'000'000);
        QCOMPARE(question.moreNanos, 50'000'000);
        QVERIFY(question.until > question.askedAt);
        QCOMPARE(m_upstream.requests().size(), 1);
        QCOMPARE(resultOf(m_gateway->answerQuestion(question.id, true)), QString());
        // Both may cost more than is left together: they are let in one after the other, or ask again.
        std::uint64_t last = question.id;
        QVERIFY(QTest::qWaitFor(
            [&] {
                if (!questions().empty() && questions().front().id > last) {
                    last = questions().front().id;
                    static_cast<void>(m_gateway->answerQuestion(last, true));
                }
                return hasData(*first) && hasData(*second);
            },
            20'000));
        QCOMPARE(answered(*first).status, 200);
        QCOMPARE(answered(*second).status, 200);
        QTRY_VERIFY(questions().empty());
        QTRY_COMPARE(budget().spentNanos, 3 * kEach);
        QVERIFY(budget().allowedNanos >= 50'000'000);
        QVERIFY(!resultOf(m_gateway->answerQuestion(question.id, true)).isEmpty());
    }

    void aNoRefusesAtOnce()
    {
        begin(asking(0.02));
        QStringList notes;
        connect(m_gateway.get(), &gateway::Gateway::note, m_gateway.get(),
                [&notes](int, const QString& text) { notes << text; });
        QCOMPARE(asked().status, 200);
        const auto client = sent();
        QTRY_COMPARE(questions().size(), 1U);
        // Where there is no window, that is how it is known.
        QCOMPARE(notes.filter("A request waits for your word.").size(), 1);
        QVERIFY(notes.filter("POST /admin/v1/questions/1").size() == 1);
        QCOMPARE(resultOf(m_gateway->answerQuestion(questions().front().id, false)), QString());
        const HttpReply refused = answered(*client);
        QCOMPARE(refused.status, 402);
        QCOMPARE(codeOf(refused), QString("budget_exceeded"));
        QVERIFY2(refused.body.contains("More was not allowed."), refused.body);
        const HttpReply next = asked(); // and nobody is asked again
        QCOMPARE(next.status, 402);
        QTRY_VERIFY(questions().empty());
        QCOMPARE(budget().allowedNanos, 0);
    }

    void nobodyAnswers()
    {
        begin(asking(0.02, 1000));
        QCOMPARE(asked().status, 200);
        const HttpReply refused = asked();
        QCOMPARE(refused.status, 402);
        QVERIFY2(refused.body.contains("Nobody answered in time"), refused.body);
    }

    void theTotalTimeHolds()
    {
        begin(asking(0.02));
        QCOMPARE(asked().status, 200);
        const auto client = sent("lab/mock", {{"x-turnpike-timeout-ms", "3000"}});
        QTRY_COMPARE(questions().size(), 1U);
        QCOMPARE(answered(*client).status, 402);
        QTRY_VERIFY(questions().empty());
    }

    void whoLeavesIsNotWaitedFor()
    {
        begin(asking(0.02));
        QCOMPARE(asked().status, 200);
        auto client = sent();
        QTRY_COMPARE(questions().size(), 1U);
        client.reset();
        QTRY_VERIFY(questions().empty());
        QTRY_COMPARE(m_gateway->activity().activeRequests, 0U);
    }

    void allowingMoreLetsThemGoOn()
    {
        begin(asking(0.02));
        QCOMPARE(asked().status, 200);
        const auto client = sent();
        QTRY_COMPARE(questions().size(), 1U);
        QCOMPARE(resultOf(m_gateway->allowMore("day", false, 1'000'000'000)), QString());
        QCOMPARE(answered(*client).status, 200);
        QTRY_COMPARE(budget().allowedNanos, 1'000'000'000);
        QVERIFY(!resultOf(m_gateway->allowMore("other", false, 1)).isEmpty());
        QVERIFY(!resultOf(m_gateway->allowMore("test", true, 1)).isEmpty());
        QVERIFY(!resultOf(m_gateway->allowMore("day", false, 0)).isEmpty());
    }

    void whatWasAllowedSurvives()
    {
        begin(asking(0.02));
        QCOMPARE(asked().status, 200);
        QCOMPARE(resultOf(m_gateway->allowMore("day", false, 1'000'000'000)), QString());
        m_gateway.reset();
        m_gateway = startedGateway(*m_folder);
        QVERIFY(m_gateway);
        QCOMPARE(budget().allowedNanos, 1'000'000'000);
        QCOMPARE(asked().status, 200);
    }

    void whatWasAllowedSurvivesAKill()
    {
        begin(asking(0.02));
        QCOMPARE(asked().status, 200);
        QCOMPARE(resultOf(m_gateway->allowMore("day", false, 1'000'000'000)), QString());
        // What lies on the disk now is what a kill at this moment leaves.
        const QTemporaryDir left;
        QVERIFY(QDir(left.path()).mkpath("data/journal"));
        for (const char* folder : {"", "data/", "data/journal/"}) {
            const QDir from(m_folder->filePath(folder));
            for (const QString& name : from.entryList(QDir::Files))
                QVERIFY(QFile::copy(from.filePath(name), left.filePath(folder + name)));
        }
        const auto next = startedGateway(left);
        QVERIFY(next);
        QCOMPARE(next->activity().budgets.front().allowedNanos, 1'000'000'000);
        QCOMPARE(next->activity().budgets.front().spentNanos, kEach);
    }

    void alertsAreToldOnceAndKept()
    {
        std::vector<Alert> told;
        begin({{"usd", 0.04}, {"per", "day"}, {"warn_at", QJsonArray{50}}});
        connect(m_gateway.get(), &gateway::Gateway::alerted, m_gateway.get(),
                [&told](const Alert& alert) { told.push_back(alert); });
        QCOMPARE(asked().status, 200); // 57 %
        QTRY_COMPARE(told.size(), 1U);
        QVERIFY(told[0].kind == Alert::Kind::BudgetMark);
        QCOMPARE(told[0].subject, std::string("day"));
        QCOMPARE(asked().status, 200); // beyond
        QTRY_COMPARE(told.size(), 2U);
        QCOMPARE(asked().status, 402);
        QTRY_COMPARE(told.size(), 3U);
        QVERIFY(told[2].kind == Alert::Kind::BudgetUsedUp);
        QCOMPARE(asked().status, 402);
        QTRY_COMPARE(m_gateway->activity().requests, 4U);
        QCOMPARE(told.size(), 3U);
        QTRY_COMPARE(m_gateway->activity().lastAlertId, told[2].id);
        std::vector<Alert> kept = alerts();
        std::reverse(kept.begin(), kept.end());
        QVERIFY(kept == told);
        gateway::AlertQuery page;
        page.before = told[2].id;
        page.limit = 1;
        QVERIFY(resultOf(m_gateway->alerts(page)) == std::vector<Alert>{told[1]});
        // The next run tells nothing of it again.
        m_gateway.reset();
        m_gateway = startedGateway(*m_folder);
        QVERIFY(m_gateway);
        QCOMPARE(asked().status, 402);
        QTRY_COMPARE(m_gateway->activity().requests, 1U);
        QCOMPARE(alerts().size(), 3U);
        QCOMPARE(m_gateway->activity().lastAlertId, told[2].id);
    }

    void pausesFromTheWindow()
    {
        begin({{"usd", 5}, {"per", "day"}});
        QCOMPARE(asked().status, 200);
        QVERIFY(resultOf(m_gateway->pauseSpending(true)).empty());
        QTRY_VERIFY(m_gateway->activity().spendingPaused);
        QTRY_COMPARE(asked().status, 503);
        QVERIFY(resultOf(m_gateway->pauseSpending(false)).empty());
        QTRY_COMPARE(asked().status, 200);
        QCOMPARE(countOf(Alert::Kind::SpendingPaused), 2);
    }

    void whoWaitsDoesNotHoldUpTheEnd()
    {
        begin(asking(0.02));
        QCOMPARE(asked().status, 200);
        const auto client = sent();
        QTRY_COMPARE(questions().size(), 1U);
        bool stopped = false;
        connect(m_gateway.get(), &gateway::Gateway::stopped, m_gateway.get(), [&stopped] { stopped = true; });
        m_gateway->stop();
        QCOMPARE(answered(*client).status, 402);
        QTRY_VERIFY(stopped);
    }
};

QTEST_GUILESS_MAIN(AskingTest)
#include "asking_test.moc"
