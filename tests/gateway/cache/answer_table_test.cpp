// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <QTest>

#include "cache/answer_table.h"

using namespace gateway;
using namespace gateway::cache;

namespace {

constexpr std::int64_t kNow = 1'800'000'000;
constexpr std::int64_t kPart = 8; // of so many, each with its share of the room

Sha256 keyOf(int number)
{
    return sha256(std::to_string(number));
}

std::shared_ptr<CachedAnswer> answerOf(int number, std::size_t bytes = 1000, std::int64_t cost = 1'000'000)
{
    auto answer = std::make_shared<CachedAnswer>();
    answer->key = keyOf(number);
    answer->reply = std::string(bytes, 'x');
    answer->costNanos = cost;
    answer->madeAt = kNow;
    answer->expiresAt = kNow + 100;
    return answer;
}

/// Keys of the part that the first one is in, so that they fight for its room.
std::vector<int> ofOnePart(std::size_t count)
{
    std::vector<int> numbers;
    for (int i = 0; numbers.size() < count; ++i) {
        if (keyOf(i)[31] % 8 == 0) numbers.push_back(i);
    }
    return numbers;
}

} // namespace

class AnswerTableTest : public QObject {
    Q_OBJECT

private slots:
    void findsWhatIsKept();
    void endsInTime();
    void pinnedOnesStay();
    void dropsWhatSavedLeast();
    void whatIsUsedStays();
    void oldUsesFade();
    void keepsBytesOnDiskWhereMemoryIsFull();
    void staysWithinItsBounds();
    void forgets();
    void aliasesAreBounded();
    void isSafeFromManyThreads();
};

void AnswerTableTest::findsWhatIsKept()
{
    AnswerTable table({1 << 20, 1 << 20});
    QVERIFY(!table.find(keyOf(1), kNow).isKnown);
    QVERIFY(table.keep(answerOf(1)).empty());
    const auto found = table.find(keyOf(1), kNow);
    QVERIFY(found.isKnown && found.answer);
    QCOMPARE(found.madeAt, kNow);
    QVERIFY(!table.find(keyOf(2), kNow).isKnown);
    // A newer one of the same key takes its place.
    auto newer = answerOf(1, 10);
    QVERIFY(table.keep(newer).empty());
    QCOMPARE(table.find(keyOf(1), kNow).answer, std::shared_ptr<const CachedAnswer>(newer));
    QCOMPARE(table.figures().answers, std::size_t{1});
    QCOMPARE(table.figures().bytes, newer->bytes());
}

void AnswerTableTest::endsInTime()
{
    AnswerTable table({1 << 20, 1 << 20});
    std::ignore = table.keep(answerOf(1));
    QVERIFY(table.find(keyOf(1), kNow + 99).isKnown);
    QVERIFY(!table.find(keyOf(1), kNow + 100).isKnown);
    QVERIFY(!table.find(keyOf(1), kNow + 50, 49).isKnown);
    QVERIFY(table.find(keyOf(1), kNow + 50, 50).isKnown);
    QVERIFY(table.takeExpired(kNow + 99).empty());
    QCOMPARE(table.takeExpired(kNow + 100), std::vector<Sha256>{keyOf(1)});
    QCOMPARE(table.figures().bytes, std::int64_t{0});
}

void AnswerTableTest::pinnedOnesStay()
{
    const auto numbers = ofOnePart(20);
    AnswerTable table({kPart * 4000, 1 << 20});
    std::ignore = table.keep(answerOf(numbers[0], 1000, 1));
    table.pin(keyOf(numbers[0]), true);
    for (std::size_t i = 1; i < numbers.size(); ++i)
        std::ignore = table.keep(answerOf(numbers[i], 1000, 1'000'000'000));
    QVERIFY(table.find(keyOf(numbers[0]), kNow + 1000).isKnown);
    QVERIFY(table.takeExpired(kNow + 1000).size() < numbers.size());
    QVERIFY(table.find(keyOf(numbers[0]), kNow + 1000).isKnown);
    table.pin(keyOf(numbers[0]), false);
    QVERIFY(!table.find(keyOf(numbers[0]), kNow + 1000).isKnown);
}

void AnswerTableTest::dropsWhatSavedLeast()
{
    const auto numbers = ofOnePart(3);
    AnswerTable table({kPart * 4000, 1 << 20}); // two of these in a part
    std::ignore = table.keep(answerOf(numbers[0], 1000, 5'000'000));
    std::ignore = table.keep(answerOf(numbers[1], 1000, 1'000'000)); // saves least
    const auto gone = table.keep(answerOf(numbers[2], 1000, 4'000'000));
    QCOMPARE(gone, std::vector<Sha256>{keyOf(numbers[1])});
    // A large one is worth less than a small one of the same price.
    AnswerTable other({kPart * 6000, 1 << 20});
    std::ignore = other.keep(answerOf(numbers[0], 3000));
    std::ignore = other.keep(answerOf(numbers[1], 500));
    QCOMPARE(other.keep(answerOf(numbers[2], 1500)), std::vector<Sha256>{keyOf(numbers[0])});
}

void AnswerTableTest::whatIsUsedStays()
{
    const auto numbers = ofOnePart(3);
    AnswerTable table({kPart * 4000, 1 << 20});
    std::ignore = table.keep(answerOf(numbers[0]));
    std::ignore = table.keep(answerOf(numbers[1]));
    table.noteHit(keyOf(numbers[0]), kNow);
    QCOMPARE(table.keep(answerOf(numbers[2])), std::vector<Sha256>{keyOf(numbers[1])});
    QCOMPARE(table.noteOf(keyOf(numbers[0]))->hits, 1U);
}

void AnswerTableTest::oldUsesFade()
{
    const auto numbers = ofOnePart(200);
    AnswerTable table({kPart * 4000, 1 << 20});
    std::ignore = table.keep(answerOf(numbers[0]));
    for (int i = 0; i < 5; ++i)
        table.noteHit(keyOf(numbers[0]), kNow);
    std::size_t until = 0;
    for (std::size_t i = 1; i < numbers.size() && until == 0; ++i) {
        const auto gone = table.keep(answerOf(numbers[i]));
        if (std::find(gone.begin(), gone.end(), keyOf(numbers[0])) != gone.end()) until = i;
    }
    QVERIFY2(until > 3, qPrintable(QString::number(until)));
}

void AnswerTableTest::keepsBytesOnDiskWhereMemoryIsFull()
{
    const auto numbers = ofOnePart(4);
    AnswerTable table({1 << 20, kPart * 4000});
    for (const int number : numbers)
        QVERIFY(table.keep(answerOf(number)).empty());
    const auto first = table.find(keyOf(numbers[0]), kNow);
    QVERIFY(first.isKnown && !first.answer);
    QVERIFY(table.find(keyOf(numbers[3]), kNow).answer);
    table.warm(answerOf(numbers[0]));
    QVERIFY(table.find(keyOf(numbers[0]), kNow).answer);
    QVERIFY(table.figures().memoryBytes <= kPart * 4000);
    // One that nobody knows any more is not taken up.
    table.forget(keyOf(numbers[0]));
    table.warm(answerOf(numbers[0]));
    QVERIFY(!table.find(keyOf(numbers[0]), kNow).isKnown);
}

void AnswerTableTest::staysWithinItsBounds()
{
    AnswerTable table({std::int64_t{1} << 20, std::int64_t{1} << 18, 10'000});
    std::size_t gone = 0;
    constexpr int kQuestions = 1'000'000;
    for (int i = 0; i < kQuestions; ++i) {
        auto answer = std::make_shared<CachedAnswer>();
        answer->key = keyOf(i);
        answer->madeAt = kNow;
        answer->expiresAt = kNow + 100;
        gone += table.keep(std::move(answer)).size();
        table.noteAlias(keyOf(-i - 1), {keyOf(i), nullptr});
    }
    const auto figures = table.figures();
    QVERIFY(figures.bytes <= std::int64_t{1} << 20);
    QVERIFY(figures.memoryBytes <= std::int64_t{1} << 18);
    QCOMPARE(gone + figures.answers, static_cast<std::size_t>(kQuestions));
    QVERIFY(!table.aliasOf(keyOf(-1)));
    QVERIFY(table.aliasOf(keyOf(-kQuestions)));
}

void AnswerTableTest::forgets()
{
    AnswerTable table({1 << 20, 1 << 20});
    for (int i = 0; i < 50; ++i)
        std::ignore = table.keep(answerOf(i));
    table.noteAlias(keyOf(1000), {keyOf(1), nullptr});
    table.forget(keyOf(7));
    QVERIFY(!table.find(keyOf(7), kNow).isKnown);
    QCOMPARE(table.figures().answers, std::size_t{49});
    table.forgetAll();
    QCOMPARE(table.figures().answers, std::size_t{0});
    QCOMPARE(table.figures().bytes, std::int64_t{0});
    QCOMPARE(table.figures().memoryBytes, std::int64_t{0});
    QVERIFY(!table.aliasOf(keyOf(1000)));
}

void AnswerTableTest::aliasesAreBounded()
{
    AnswerTable table({1 << 20, 1 << 20});
    for (int i = 0; i < 100; ++i) {
        auto ready = std::make_shared<ReadyAnswer>();
        ready->isOwn = true;
        ready->own = std::string(std::size_t{1} << 20, 'y');
        table.noteAlias(keyOf(i), {keyOf(1), std::move(ready)});
    }
    QVERIFY(table.figures().memoryBytes <= std::int64_t{16} << 20);
    QVERIFY(table.aliasOf(keyOf(99)));
}

void AnswerTableTest::isSafeFromManyThreads()
{
    AnswerTable table({kPart * 20'000, kPart * 10'000});
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread)
        threads.emplace_back([&table, thread] {
            for (int i = 0; i < 3000; ++i) {
                const int number = (i * 7 + thread * 13) % 200;
                std::ignore = table.keep(answerOf(number, 100));
                if (table.find(keyOf(number), kNow).isKnown) table.noteHit(keyOf(number), kNow);
                if (i % 50 == 0) table.forget(keyOf(number));
                if (i % 500 == 0) table.setLimits({kPart * 20'000, kPart * (5'000 + i)});
            }
        });
    for (std::thread& each : threads)
        each.join();
    const auto figures = table.figures();
    QVERIFY(figures.bytes <= kPart * 20'000);
    table.forgetAll();
    QCOMPARE(table.figures().bytes, std::int64_t{0});
}

QTEST_APPLESS_MAIN(AnswerTableTest)
#include "answer_table_test.moc"
