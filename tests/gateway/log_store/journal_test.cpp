// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <fstream>
#include <set>
#include <span>
#include <thread>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>

#include "gateway/log_store/log_fixture.h"

#include "log_store/journal.h"
#include "log_store/segment_reader.h"

using namespace gateway;
using namespace gateway::log_store;

namespace {

std::vector<std::string> recordsIn(const std::string& path)
{
    std::vector<std::string> records;
    SegmentReader reader(path);
    while (const auto record = reader.next())
        records.emplace_back(*record);
    return records;
}

std::string contentOf(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::string& path, const std::string& content)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

using Records = std::vector<std::string>;

} // namespace

class JournalTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    int m_count = 0;

    std::string freshFolder()
    {
        return m_dir.path().toStdString() + "/" + std::to_string(++m_count) + "/journal";
    }

    /// Three records and what the file then holds.
    std::string threeRecords(const std::string& folder, std::string& path)
    {
        Journal journal;
        if (!journal.open(folder).ok()) return {};
        for (const char* text : {"first", "second", "third"}) {
            if (journal.append(text) == 0) return {};
        }
        path = journal.pathOf(journal.currentNumber());
        return contentOf(path);
    }

private slots:
    void readsBackWhatWasAppended()
    {
        const std::string folder = freshFolder();
        std::string path;
        QVERIFY(!threeRecords(folder, path).empty());
        QCOMPARE(recordsIn(path), (Records{"first", "second", "third"}));
        QCOMPARE(modeOf(folder), 0700);
        QCOMPARE(modeOf(path), 0600);
        QCOMPARE(path, folder + "/00000001.log");
    }

    void keepsRecordsLargerThanTheWindow()
    {
        Journal journal;
        QVERIFY(journal.open(freshFolder()).ok());
        const std::string large(1'000'003, 'x');
        QVERIFY(journal.append(large) != 0);
        QVERIFY(journal.append("") != 0);
        QVERIFY(journal.append(large + "y") != 0);
        QCOMPARE(recordsIn(journal.pathOf(1)), (Records{large, "", large + "y"}));
    }

    void endsAtTornTail()
    {
        std::string path;
        const std::string whole = threeRecords(freshFolder(), path);
        const std::size_t last = kRecordHeadBytes + 5;
        for (std::size_t cut = 1; cut <= last; ++cut) {
            write(path, whole.substr(0, whole.size() - cut));
            QCOMPARE(recordsIn(path), (Records{"first", "second"}));
        }
        for (std::size_t size = 0; size <= kSegmentHeadBytes; ++size) {
            write(path, whole.substr(0, size));
            QCOMPARE(recordsIn(path), Records{});
        }
    }

    void findsNextRecordBehindDamage()
    {
        std::string path;
        const std::string whole = threeRecords(freshFolder(), path);
        const std::size_t second = kSegmentHeadBytes + kRecordHeadBytes + 5;
        for (std::size_t at = second; at < second + kRecordHeadBytes + 6; ++at) {
            std::string changed = whole;
            changed[at] = static_cast<char>(changed[at] ^ 0x55);
            write(path, changed);
            QCOMPARE(recordsIn(path), (Records{"first", "third"}));
        }
        for (const std::size_t garbage : {std::size_t{1}, std::size_t{7}, std::size_t{300'000}}) {
            std::string changed = whole;
            changed.insert(second, std::string(garbage, whole[8]));
            write(path, changed);
            QCOMPARE(recordsIn(path), (Records{"first", "second", "third"}));
        }
    }

    void isNotFooledByRecordsInsideOfRecords()
    {
        std::string path;
        const std::string foreign = threeRecords(freshFolder(), path);
        // The whole other segment is logged text here, and the record around it is torn.
        Journal::WriteFn tear = [tears = 0](int file, const iovec* parts, int count) mutable -> ssize_t {
            const ssize_t written = ::writev(file, parts, count);
            if (++tears != 2) return written;
            return ::ftruncate(file, static_cast<off_t>(kSegmentHeadBytes) + written - 4) == 0 ? written - 4
                                                                                               : -1;
        };
        Journal journal(tear);
        QVERIFY(journal.open(freshFolder()).ok());
        QCOMPARE(journal.append(foreign + "tail"), 0u);
        QVERIFY(journal.append("after") != 0);
        QCOMPARE(recordsIn(journal.pathOf(1)), Records{"after"});
    }

    void saysWhenRecordIsNotWhole()
    {
        std::atomic<int> mode{0};
        Journal journal([&mode](int file, const iovec* parts, int count) -> ssize_t {
            if (mode == 0) return ::writev(file, parts, count);
            if (mode == 1) return ::write(file, parts[0].iov_base, 9);
            errno = ENOSPC;
            return -1;
        });
        QVERIFY(journal.open(freshFolder()).ok());
        QVERIFY(journal.append("one") != 0);
        mode = 1;
        QCOMPARE(journal.append("torn"), 0u);
        mode = 2;
        QCOMPARE(journal.append("none"), 0u);
        QCOMPARE(journal.lastError(), ENOSPC);
        QVERIFY(!journal.rotate());
        mode = 0;
        QVERIFY(journal.append("two") != 0);
        QCOMPARE(journal.lastError(), 0);
        QCOMPARE(recordsIn(journal.pathOf(1)), (Records{"one", "two"}));
        QCOMPARE(segmentNumbers(journal.pathOf(1).substr(0, journal.pathOf(1).rfind('/'))),
                 std::vector<std::uint32_t>{1});
    }

    void tellsWhichOfSeveralRecordsAreWhole()
    {
        ssize_t room = 1'000'000;
        Journal journal([&room](int file, const iovec* parts, int count) -> ssize_t {
            std::string bytes;
            for (int i = 0; i < count; ++i)
                bytes.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
            return ::write(file, bytes.data(), std::min(bytes.size(), static_cast<std::size_t>(room)));
        });
        QVERIFY(journal.open(freshFolder()).ok());
        const std::array<std::string_view, 3> records{"one", "", "three"};
        QCOMPARE(journal.append(std::span(records)).whole, std::size_t{3});
        QCOMPARE(journal.currentRecords(), std::uint64_t{3});
        // The disk is full after the second of the next three, and a little of the third.
        room = static_cast<ssize_t>(2 * kRecordHeadBytes) + 3 + 5;
        const auto some = journal.append(std::span(records));
        QCOMPARE(some.whole, std::size_t{2});
        QCOMPARE(some.segment, 1u);
        QCOMPARE(journal.lastError(), ENOSPC);
        QCOMPARE(journal.currentRecords(), std::uint64_t{5});
        room = 1'000'000;
        QVERIFY(journal.append("four") != 0);
        QCOMPARE(recordsIn(journal.pathOf(1)), (Records{"one", "", "three", "one", "", "four"}));
    }

    void losesNothingWhileSegmentsChange()
    {
        const std::string folder = freshFolder();
        Journal journal;
        QVERIFY(journal.open(folder).ok());
        constexpr int kThreads = 3, kRecords = 3000;
        std::atomic<int> running{kThreads};
        std::atomic<bool> failed{false};
        std::vector<std::thread> writers;
        for (int t = 0; t < kThreads; ++t) {
            writers.emplace_back([&, t] {
                for (int n = 0; n < kRecords; ++n) {
                    if (journal.append(std::to_string(t) + ":" + std::to_string(n)) == 0) failed = true;
                }
                --running;
            });
        }
        // Read and delete segments as soon as they are said to be complete, as the store does.
        std::multiset<std::string> seen;
        std::vector<std::uint32_t> closed;
        const auto collect = [&](std::uint32_t number) {
            const auto count = journal.sealedRecords(number);
            if (!count) return false;
            const auto records = recordsIn(journal.pathOf(number));
            if (records.size() != *count) failed = true;
            seen.insert(records.begin(), records.end());
            return journal.remove(number);
        };
        while (running > 0) {
            const std::uint32_t current = journal.currentNumber();
            if (journal.rotate()) closed.push_back(current);
            std::erase_if(closed, collect);
        }
        for (auto& writer : writers)
            writer.join();
        closed.push_back(journal.currentNumber());
        journal.close();
        std::erase_if(closed, collect);
        QVERIFY(closed.empty());
        QVERIFY(!failed);
        QCOMPARE(seen.size(), static_cast<std::size_t>(kThreads * kRecords));
        QCOMPARE(std::set<std::string>(seen.begin(), seen.end()).size(), seen.size());
        QVERIFY(segmentNumbers(folder).empty());
    }

    void leavesSegmentsOfLivingProgramAlone()
    {
        const std::string folder = freshFolder();
        Journal first;
        QVERIFY(first.open(folder).ok());
        QVERIFY(first.append("mine") != 0);
        {
            Journal second;
            QVERIFY(second.open(folder).ok());
            QVERIFY(second.adoptLeftovers().empty());
            QCOMPARE(second.currentNumber(), 2u);
            QVERIFY(second.append("yours") != 0);
        }
        QCOMPARE(first.adoptLeftovers(), std::vector<std::uint32_t>{2});
    }

    void followsNoLink()
    {
        const std::string folder = freshFolder();
        QVERIFY(QDir().mkpath(QString::fromStdString(folder)));
        const std::string target = folder + "-target";
        QCOMPARE(::symlink(target.c_str(), (folder + "/00000001.log").c_str()), 0);
        Journal journal;
        QVERIFY(journal.open(folder).ok());
        QVERIFY(journal.append("row") != 0);
        QCOMPARE(modeOf(target), -1);

        const std::string linked = freshFolder();
        QVERIFY(QDir().mkpath(QString::fromStdString(linked.substr(0, linked.rfind('/')))));
        QCOMPARE(::symlink(folder.c_str(), linked.c_str()), 0);
        Journal other;
        QVERIFY(!other.open(linked).ok());
        QCOMPARE(other.append("row"), 0u);
    }
};

QTEST_GUILESS_MAIN(JournalTest)
#include "journal_test.moc"
