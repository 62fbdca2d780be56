// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include "models/provider_activity.h"
#include "models/provider_tests.h"
#include "ui/support/fake_link.h"

namespace ui {

class ProviderTestsTest : public QObject {
    Q_OBJECT

private slots:
    void testsAllAndNamesWhoFailed()
    {
        FakeLink link;
        link.makeUpData(3);
        ProviderTests tests(link);
        QSignalSpy done(&tests, &ProviderTests::allTested);
        tests.testAll({gateway::ProviderId("openai"), gateway::ProviderId("anthropic"),
                       gateway::ProviderId("groq"), gateway::ProviderId("lab")});
        QCOMPARE(tests.total(), 4);
        QTRY_COMPARE(done.size(), 1);
        QCOMPARE(done.front().at(0).toInt(), 3);
        QCOMPARE(done.front().at(1).toStringList(), QStringList(QStringLiteral("anthropic")));
        QVERIFY(!tests.isTestingAll());
        QVERIFY(tests.noteOf(gateway::ProviderId("lab")).answer.ok);
        QCOMPARE(tests.noteOf(gateway::ProviderId("anthropic")).state, TestNote::State::Answered);
    }

    void allCanBeStopped()
    {
        FakeLink link;
        link.makeUpData(3);
        link.neverAnswers = true;
        ProviderTests tests(link);
        QSignalSpy done(&tests, &ProviderTests::allTested);
        tests.testAll({gateway::ProviderId("openai"), gateway::ProviderId("anthropic"),
                       gateway::ProviderId("groq"), gateway::ProviderId("lab"), gateway::ProviderId("more")});
        QCOMPARE(tests.noteOf(gateway::ProviderId("groq")).state, TestNote::State::Running);
        QCOMPARE(tests.noteOf(gateway::ProviderId("more")).state,
                 TestNote::State::Undecided); // its turn comes
        tests.stopAll();
        QVERIFY(!tests.isTestingAll());
        QCOMPARE(tests.noteOf(gateway::ProviderId("groq")).state, TestNote::State::Stopped);
        QCOMPARE(done.size(), 0);
    }

    void anAnswerThatNobodyWaitsForIsDropped()
    {
        FakeLink link;
        link.makeUpData(3);
        link.neverAnswers = true;
        ProviderTests tests(link);
        const gateway::ProviderId openai("openai");
        tests.test(openai);
        tests.stop(openai);
        QCOMPARE(tests.noteOf(openai).state, TestNote::State::Stopped);
        link.neverAnswers = false;
        tests.testKey(openai, gateway::ProviderKeyId("work"));
        QTRY_COMPARE(tests.noteOf(openai).state, TestNote::State::Answered);
        QCOMPARE(tests.noteOf(openai).key, QStringLiteral("work"));
        QCOMPARE(link.testedKeys, std::vector<std::string>{"openai/work"});
    }

    void readsTheLastDayOfOneProvider()
    {
        FakeLink link;
        link.makeUpData(90);
        ProviderActivity activity(link);
        activity.setProvider(gateway::ProviderId("groq"));
        QVERIFY(link.queries.empty()); // Nobody looks.
        activity.setAwake(true);
        QTRY_COMPARE(activity.state(), ProviderActivity::State::Ready);
        QCOMPARE(link.queries.front().provider, std::string("groq"));
        QVERIFY(link.queries.front().sinceMicros > 0);
        QCOMPARE(activity.requests(), std::uint64_t{22});
        QVERIFY(activity.failures() > 0 && activity.failures() < activity.requests());
        QCOMPARE(activity.errors().size(), std::size_t(activity.failures()));
        QVERIFY(activity.p50() > 0 && activity.p50() <= activity.p95());
        for (const gateway::LogRow& row : activity.errors())
            QCOMPARE(row.provider, std::string("groq"));
    }

    void saysWhenTheLogCannotBeRead()
    {
        FakeLink link;
        link.makeUpData(9);
        link.dropQueries = true;
        ProviderActivity activity(link);
        activity.setAwake(true);
        activity.setProvider(gateway::ProviderId("groq"));
        QTRY_COMPARE(activity.state(), ProviderActivity::State::Failed);
        link.dropQueries = false;
        activity.refresh();
        QTRY_COMPARE(activity.state(), ProviderActivity::State::Ready);
    }
};

} // namespace ui

QTEST_GUILESS_MAIN(ui::ProviderTestsTest)
#include "provider_tests_test.moc"
