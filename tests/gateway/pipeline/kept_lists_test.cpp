// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <QTest>

#include "pipeline/kept_lists.h"

using gateway::pipeline::KeptLists;
using std::chrono::seconds;

class KeptListsTest : public QObject {
    Q_OBJECT

private slots:
    void keepsAListForItsTime();
    void asksAnewOnceAMinute();
    void forgetsTheOldest();
};

void KeptListsTest::keepsAListForItsTime()
{
    KeptLists lists;
    const KeptLists::Clock::time_point now{};
    QVERIFY(!lists.find("a", seconds(100), now));
    lists.keep("a", "first", now);
    QCOMPARE(*lists.find("a", seconds(100), now + seconds(99)), std::string("first"));
    QVERIFY(!lists.find("a", seconds(100), now + seconds(100)));
    QVERIFY(!lists.find("b", seconds(100), now));
    const auto held = lists.find("a", seconds(100), now);
    lists.keep("a", "second", now + seconds(50));
    QCOMPARE(*lists.find("a", seconds(100), now + seconds(149)), std::string("second"));
    QCOMPARE(*held, std::string("first"));
}

void KeptListsTest::asksAnewOnceAMinute()
{
    KeptLists lists;
    const KeptLists::Clock::time_point now{};
    lists.keep("a", "list", now);
    QVERIFY(!lists.mayAskAnew("a", now + seconds(59)));
    QVERIFY(lists.mayAskAnew("a", now + seconds(60)));
    QVERIFY(!lists.mayAskAnew("a", now + seconds(61)));
    QVERIFY(lists.mayAskAnew("a", now + seconds(120)));
    QVERIFY(lists.mayAskAnew("never asked", now));
}

void KeptListsTest::forgetsTheOldest()
{
    KeptLists lists;
    const KeptLists::Clock::time_point now{};
    for (std::size_t i = 0; i <= KeptLists::kMost; ++i)
        lists.keep(std::to_string(i), "list", now);
    QVERIFY(!lists.find("0", seconds(100), now));
    QVERIFY(lists.find("1", seconds(100), now) != nullptr);
    QVERIFY(lists.find(std::to_string(KeptLists::kMost), seconds(100), now) != nullptr);
}

QTEST_APPLESS_MAIN(KeptListsTest)
#include "kept_lists_test.moc"
