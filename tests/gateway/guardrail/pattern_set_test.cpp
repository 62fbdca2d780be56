// SPDX-License-Identifier: GPL-3.0-or-later
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "guardrail/pattern_set.h"

using namespace gateway::guardrail;

namespace {

ByteSet bytesOf(std::string_view text)
{
    ByteSet bytes;
    for (const char byte : text)
        bytes.set(static_cast<unsigned char>(byte));
    return bytes;
}

std::vector<Beginning> beginnings()
{
    return {{"ab", false, bytesOf("abc"), 3}, {"abc", true, {}, 0},   {"b", false, {}, 0},
            {"c-", true, bytesOf("-b"), 1},   {"bcab", false, {}, 0}, {"\\.", false, bytesOf("]^-\\"), 2}};
}

std::string path(const QTemporaryDir& folder)
{
    return folder.filePath(QStringLiteral("patterns")).toStdString();
}

QByteArray contents(const std::string& file)
{
    QFile opened(QString::fromStdString(file));
    return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
}

void overwrite(const std::string& file, const QByteArray& bytes)
{
    QFile opened(QString::fromStdString(file));
    QVERIFY(opened.open(QIODevice::WriteOnly));
    QCOMPARE(opened.write(bytes), bytes.size());
}

} // namespace

class PatternSetTest : public QObject {
    Q_OBJECT

private slots:
    void findsWordsAndWhatFollowsThem()
    {
        for (const auto engine : {PatternSet::Engine::Undecided, PatternSet::Engine::Portable}) {
            const auto set = PatternSet::compile(beginnings(), {}, engine);
            QVERIFY((set->find("xabcabAB") == std::vector<Begun>{{1, 0}, {1, 1}, {2, 2}, {2, 4}, {5, 2}}));
            QVERIFY((set->find("ABC") == std::vector<Begun>{{0, 1}}));
            QVERIFY((set->find("C-b \\.]\\ \\.a]") == std::vector<Begun>{{0, 3}, {2, 2}, {4, 5}}));
            QVERIFY(set->find("").empty());
            QVERIFY(!set->findsAny("xyz"));
            QVERIFY(set->findsAny("xyzb"));
        }
    }

    void bothEnginesFindTheSame()
    {
        const auto best = PatternSet::compile(beginnings());
        const auto portable = PatternSet::compile(beginnings(), {}, PatternSet::Engine::Portable);
        QVERIFY(!portable->hyperscan());
        std::mt19937 random(1);
        std::size_t count = 0;
        for (int round = 0; round < 3000; ++round) {
            std::string text;
            for (unsigned i = random() % 60; i > 0; --i)
                text += "abcABC-\\.]^x"[random() % 12];
            const auto found = portable->find(text);
            count += found.size();
            if (best->find(text) != found) QFAIL(text.c_str());
        }
        QVERIFY(count > 5000);
    }

    void keepsWhatItCompiledForItsOwnerOnly()
    {
        const QTemporaryDir folder;
        const std::string file = path(folder);
        const auto set = PatternSet::compile(beginnings(), file);
        QCOMPARE(QFile::exists(QString::fromStdString(file)), set->hyperscan());
        if (!set->hyperscan()) return;
        QCOMPARE(QFile::permissions(QString::fromStdString(file)) &
                     (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
                 QFile::Permissions());
        const QByteArray kept = contents(file);
        const auto again = PatternSet::compile(beginnings(), file);
        QVERIFY(again->find("xabcab") == set->find("xabcab"));
        QCOMPARE(contents(file), kept);
    }

    void compilesAnewWhatIsDamagedOrOfOthers()
    {
        const QTemporaryDir folder;
        const std::string file = path(folder);
        if (!PatternSet::compile(beginnings(), file)->hyperscan()) return;
        const QByteArray kept = contents(file);
        QByteArray flipped = kept;
        flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 1);
        for (const QByteArray& bad :
             {QByteArray(), QByteArray("x"), kept.left(70), kept.left(kept.size() - 1), flipped}) {
            overwrite(file, bad);
            QVERIFY(PatternSet::compile(beginnings(), file)->findsAny("b"));
            QCOMPARE(contents(file), kept);
        }
        auto others = beginnings();
        others.pop_back();
        QVERIFY(PatternSet::compile(others, file)->findsAny("b"));
        QVERIFY(contents(file) != kept);
        // A place that cannot be written to does no harm.
        QVERIFY(PatternSet::compile(beginnings(), "/nowhere/at/all")->findsAny("b"));
    }

    void goesFromManyThreadsAndSetsAtOnce()
    {
        const auto first = PatternSet::compile(beginnings());
        std::vector<std::thread> threads;
        std::vector<int> wrong(4, 0);
        for (std::size_t i = 0; i < wrong.size(); ++i) {
            threads.emplace_back([&, i] {
                const auto second = PatternSet::compile({{"yy", false, {}, 0}});
                for (int round = 0; round < 500; ++round) {
                    if (first->find("xabcab").size() != 5) ++wrong[i];
                    if (second->find("xyyy").size() != 2) ++wrong[i];
                }
            });
        }
        for (std::thread& each : threads)
            each.join();
        QCOMPARE(wrong, std::vector<int>(4, 0));
    }
};

QTEST_GUILESS_MAIN(PatternSetTest)
#include "pattern_set_test.moc"
