// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <QTest>

#include "guardrail/clean_prefixes.h"

using gateway::guardrail::CleanPrefixes;

namespace {

std::string textOf(std::size_t size)
{
    std::string text;
    for (std::size_t i = 0; text.size() < size; ++i)
        text += "line " + std::to_string(i) + "\n";
    text.resize(size);
    return text;
}

} // namespace

class CleanPrefixesTest : public QObject {
    Q_OBJECT

private slots:
    void findsWhatItKeeps();
    void beginningsHaveTheSameHashes();
    void aChangedByteChangesAllThatFollow();
    void nobodyElseHasItsHashes();
    void takesNoMoreRoomHoweverMuchItKeeps();
    void mixesUpNoMarksOfSeveralThreads();
};

void CleanPrefixesTest::findsWhatItKeeps()
{
    CleanPrefixes known;
    const auto hashes = known.hashesOf(textOf(5000), 1);
    for (const std::uint64_t hash : hashes)
        QVERIFY(!known.find(hash));
    known.keep(hashes.back(), {5000, 7});
    QCOMPARE(known.find(hashes.back()).value(), (CleanPrefixes::Mark{5000, 7}));
    QVERIFY(!known.find(hashes.front()));
    known.keep(hashes.back(), {4000, 5});
    QCOMPARE(known.find(hashes.back()).value(), (CleanPrefixes::Mark{4000, 5}));
}

void CleanPrefixesTest::beginningsHaveTheSameHashes()
{
    const CleanPrefixes known;
    const std::string text = textOf(4 * CleanPrefixes::kBlock + 10);
    const auto whole = known.hashesOf(text, 1);
    QCOMPARE(whole.size(), std::size_t{5});
    for (std::size_t blocks = 1; blocks <= 4; ++blocks) {
        const auto part = known.hashesOf(text.substr(0, blocks * CleanPrefixes::kBlock), 1);
        QCOMPARE(part.size(), blocks);
        QCOMPARE(part, std::vector(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(blocks)));
    }
    QCOMPARE(known.hashesOf({}, 1).size(), std::size_t{1});
    QVERIFY(known.hashesOf(text, 2).front() != whole.front());
}

void CleanPrefixesTest::aChangedByteChangesAllThatFollow()
{
    const CleanPrefixes known;
    const std::string text = textOf(3 * CleanPrefixes::kBlock);
    const auto before = known.hashesOf(text, 1);
    for (std::size_t at = 0; at < text.size(); at += 97) {
        std::string other = text;
        other[at] ^= 1;
        const auto after = known.hashesOf(other, 1);
        for (std::size_t block = 0; block < 3; ++block)
            QCOMPARE(after[block] == before[block], (block + 1) * CleanPrefixes::kBlock <= at);
    }
}

void CleanPrefixesTest::nobodyElseHasItsHashes()
{
    const CleanPrefixes one, other;
    QVERIFY(one.hashesOf("the same", 1) != other.hashesOf("the same", 1));
    QVERIFY(one.hashOf("the same", 1) != other.hashOf("the same", 1));
}

void CleanPrefixesTest::takesNoMoreRoomHoweverMuchItKeeps()
{
    CleanPrefixes known;
    constexpr std::uint32_t kKept = 4 * CleanPrefixes::kMarks;
    const auto hashOf = [&known](std::uint32_t i) { return known.hashOf(std::to_string(i), 0); };
    for (std::uint32_t i = 0; i < kKept; ++i)
        known.keep(hashOf(i), {i, i});
    std::size_t found = 0;
    for (std::uint32_t i = 0; i < kKept; ++i) {
        const auto mark = known.find(hashOf(i));
        if (!mark) continue;
        ++found;
        QCOMPARE(*mark, (CleanPrefixes::Mark{i, i}));
    }
    QVERIFY(found <= CleanPrefixes::kMarks);
    QVERIFY(found > CleanPrefixes::kMarks / 2); // the newest are there
    QVERIFY(known.find(hashOf(kKept - 1)).has_value());
}

void CleanPrefixesTest::mixesUpNoMarksOfSeveralThreads()
{
    CleanPrefixes known;
    // All of one slot.
    const auto hash = [](std::uint64_t i) { return (i + 1) * CleanPrefixes::kMarks + 5; };
    constexpr std::uint32_t kMost = 20'000;
    std::atomic<std::uint32_t> wrong{0};
    std::vector<std::thread> threads;
    for (std::uint32_t thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&, thread] {
            for (std::uint32_t i = 0; i < kMost; ++i) {
                const std::uint32_t mine = (i * 4 + thread) % 64;
                known.keep(hash(mine), {mine, mine + 1});
                const auto mark = known.find(hash((mine + 7) % 64));
                if (mark && *mark != CleanPrefixes::Mark{(mine + 7) % 64, (mine + 7) % 64 + 1}) ++wrong;
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(wrong.load(), 0U);
}

QTEST_APPLESS_MAIN(CleanPrefixesTest)
#include "clean_prefixes_test.moc"
