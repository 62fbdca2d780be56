// SPDX-License-Identifier: GPL-3.0-or-later
// The nearest of many vectors, as a plain search over the numbers themselves finds it.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <vector>

#include <QTest>

#include "base/crc32.h"
#include "cache/vector_index.h"
#include "cache/vector_kernels.h"

using namespace gateway;
using namespace gateway::cache;

namespace {

constexpr std::size_t kSize = 100; // no multiple of what is multiplied at once
constexpr float kRounding = 0.01F;
constexpr float kAnyLikeness = -2;

using Floats = std::vector<float>;

Floats randomFloats(std::mt19937& random, std::size_t size = kSize)
{
    std::normal_distribution<float> normal;
    Floats vector(size);
    for (float& each : vector)
        each = normal(random);
    return vector;
}

float cosine(const Floats& left, const Floats& right)
{
    double both = 0, ofLeft = 0, ofRight = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        both += left[i] * right[i];
        ofLeft += left[i] * left[i];
        ofRight += right[i] * right[i];
    }
    return static_cast<float>(both / std::sqrt(ofLeft * ofRight));
}

/// `vector` with noise of this share.
Floats near(const Floats& vector, float noise, std::mt19937& random)
{
    Floats other = vector;
    const Floats by = randomFloats(random, vector.size());
    for (std::size_t i = 0; i < other.size(); ++i)
        other[i] += noise * by[i];
    return other;
}

/// With all its numbers replaced, and a checksum that is right.
std::string sealed(const std::string& packed, char number)
{
    std::string bytes = packed.substr(0, 4) + std::string(packed.size() - 8, number);
    const std::uint32_t sum = crc32(bytes);
    for (int i = 0; i < 4; ++i)
        bytes.push_back(static_cast<char>(sum >> (8 * i) & 0xFFU));
    return bytes;
}

} // namespace

class VectorIndexTest : public QObject {
    Q_OBJECT

private slots:
    void findsWhatAPlainSearchFinds()
    {
        std::mt19937 random(1);
        VectorIndex index(kSize);
        std::map<std::uint64_t, Floats> all;
        for (std::uint64_t id = 1; id <= 3000; ++id) {
            all[id] = randomFloats(random);
            QVERIFY(index.add(id, 7, all[id]));
        }
        for (int round = 0; round < 50; ++round) {
            const Floats query = near(all[1 + random() % 3000], round % 2 == 0 ? 0.3F : 3.0F, random);
            const auto found = index.nearest(query, 5, kAnyLikeness, 7);
            QCOMPARE(found.size(), std::size_t{5});
            float best = -1;
            for (const auto& [id, vector] : all)
                best = std::max(best, cosine(query, vector));
            QVERIFY(best - cosine(query, all[found[0].id]) < kRounding);
            for (std::size_t i = 0; i < found.size(); ++i) {
                QVERIFY(std::abs(found[i].likeness - cosine(query, all[found[i].id])) < kRounding);
                QVERIFY(i == 0 || found[i - 1].likeness >= found[i].likeness);
            }
        }
    }

    void tellsOnlyWhatIsAlikeEnough()
    {
        std::mt19937 random(2);
        VectorIndex index(kSize);
        const Floats query = randomFloats(random);
        QVERIFY(index.add(1, 0, query));
        QVERIFY(index.add(2, 0, near(query, 0.2F, random)));
        QVERIFY(index.add(3, 0, randomFloats(random)));
        const auto found = index.nearest(query, 10, 0.9F, 0);
        QCOMPARE(found.size(), std::size_t{2});
        QCOMPARE(found[0].id, std::uint64_t{1});
        QVERIFY(std::abs(found[0].likeness - 1) < 1e-5F);
        QCOMPARE(found[1].id, std::uint64_t{2});
        QVERIFY(index.nearest(query, 0, 0.9F, 0).empty());
    }

    void lengthsPlayNoPart()
    {
        VectorIndex index(3);
        QVERIFY(index.add(1, 0, Floats{1e-30F, 2e-30F, 0}));
        QVERIFY(index.add(2, 0, Floats{1e30F, 2e30F, 0}));
        const auto found = index.nearest(Floats{1, 2, 0}, 5, 0.99F, 0);
        QCOMPARE(found.size(), std::size_t{2});
        QCOMPARE(found[0].id, std::uint64_t{1}); // of equals the smaller
    }

    void forgetsAtOnce()
    {
        std::mt19937 random(3);
        VectorIndex index(kSize);
        std::map<std::uint64_t, Floats> all;
        for (std::uint64_t id = 0; id < 400; ++id) {
            all[id] = randomFloats(random);
            QVERIFY(index.add(id, id % 3, all[id]));
        }
        for (std::uint64_t id = 0; id < 400; ++id) {
            if (id % 4 == 3) continue;
            QVERIFY(index.remove(id));
            QVERIFY(!index.remove(id));
            QVERIFY(!index.has(id));
            for (const auto& each : index.nearest(all[id], 400, kAnyLikeness, id % 3))
                QVERIFY(each.id != id);
        }
        QCOMPARE(index.size(), std::size_t{100});
        for (std::uint64_t id = 3; id < 400; id += 4)
            QCOMPARE(index.nearest(all[id], 1, 0.99F, id % 3).at(0).id, id);
    }

    void takesAnotherVectorInItsPlace()
    {
        VectorIndex index(2);
        QVERIFY(index.add(5, 1, Floats{1, 0}));
        QVERIFY(index.add(5, 2, Floats{0, 1}));
        QCOMPARE(index.size(), std::size_t{1});
        QVERIFY(index.nearest(Floats{1, 0}, 1, kAnyLikeness, 1).empty());
        QCOMPARE(index.nearest(Floats{0, 1}, 1, 0.99F, 2).size(), std::size_t{1});
    }

    void looksAtOnePartitionAlone()
    {
        std::mt19937 random(4);
        VectorIndex index(kSize);
        const Floats query = randomFloats(random);
        for (std::uint64_t id = 0; id < 300; ++id)
            QVERIFY(index.add(id, id % 100, query));
        const auto found = index.nearest(query, 300, kAnyLikeness, 42);
        QCOMPARE(found.size(), std::size_t{3});
        for (const auto& each : found)
            QCOMPARE(each.id % 100, std::uint64_t{42});
        QVERIFY(index.nearest(query, 300, kAnyLikeness, 100).empty());
        QVERIFY(index.nearest(query, 300, kAnyLikeness, ~std::uint64_t{0}).empty());
    }

    void refusesWhatHasNoDirection()
    {
        VectorIndex index(3);
        const float infinite = std::numeric_limits<float>::infinity();
        const float none = std::numeric_limits<float>::quiet_NaN();
        for (const Floats& bad : {Floats{0, 0, 0}, Floats{1, infinite, 0}, Floats{none, 1, 0}, Floats{1, 2},
                                  Floats{1, 2, 3, 4}, Floats{}}) {
            QVERIFY(!index.add(1, 0, bad));
            QVERIFY(index.nearest(bad, 1, kAnyLikeness, 0).empty());
        }
        QCOMPARE(index.size(), std::size_t{0});
    }

    void isTheSameFromItsBytes()
    {
        std::mt19937 random(5);
        VectorIndex index(kSize), other(kSize);
        for (std::uint64_t id = 0; id < 50; ++id) {
            const Floats vector = randomFloats(random);
            QVERIFY(index.add(id, 1, vector));
            QCOMPARE(VectorIndex::pack(vector).value(), *index.packed(id));
            QVERIFY(other.addPacked(id, 1, *index.packed(id)));
            QCOMPARE(*other.packed(id), *index.packed(id));
        }
        QVERIFY(!index.packed(50));
        const Floats query = randomFloats(random);
        const auto found = index.nearest(query, 50, kAnyLikeness, 1),
                   same = other.nearest(query, 50, kAnyLikeness, 1);
        QCOMPARE(found.size(), std::size_t{50});
        for (std::size_t i = 0; i < found.size(); ++i) {
            QCOMPARE(found[i].id, same[i].id);
            QCOMPARE(found[i].likeness, same[i].likeness);
        }
    }

    void refusesDamagedBytes()
    {
        std::mt19937 random(6);
        VectorIndex index(kSize), into(kSize), wider(kSize + 1);
        QVERIFY(index.add(1, 0, randomFloats(random)));
        const std::string good = *index.packed(1);
        for (std::size_t size = 0; size < good.size(); ++size)
            QVERIFY(!into.addPacked(1, 0, std::string_view(good).substr(0, size)));
        QVERIFY(!into.addPacked(1, 0, good + '\0'));
        for (std::size_t at = 0; at < good.size(); ++at) {
            std::string bad = good;
            bad[at] = static_cast<char>(bad[at] ^ 1 << at % 8);
            QVERIFY2(!into.addPacked(1, 0, bad), qPrintable(QString::number(at)));
        }
        QVERIFY(!wider.addPacked(1, 0, good));
        // Whole by its checksum, but no vector.
        for (const char number : {'\0', '\x80'})
            QVERIFY(!into.addPacked(1, 0, sealed(good, number)));
        QCOMPARE(into.size(), std::size_t{0});
        QVERIFY(into.addPacked(1, 0, good));
    }

    void keepsWhatItHasWhenBytesAreRefused()
    {
        VectorIndex index(2);
        QVERIFY(index.add(1, 0, Floats{1, 0}));
        QVERIFY(!index.addPacked(1, 0, "damaged"));
        QVERIFY(!index.add(1, 0, Floats{0, 0}));
        QCOMPARE(index.nearest(Floats{1, 0}, 1, 0.99F, 0).size(), std::size_t{1});
    }

    void bothKernelsGiveTheSame()
    {
        if (!hasFastRows()) QSKIP("This processor has the plain kernel alone.");
        std::mt19937 random(7);
        for (const std::size_t width : {32, 64, 512, 1536}) {
            for (const std::size_t count : {0, 1, 3, 4, 5, 9}) {
                std::vector<std::int8_t> query(width), rows(width * count);
                for (auto* each : {&query, &rows}) {
                    for (auto& number : *each)
                        number = static_cast<std::int8_t>(random() % 2 == 0
                                                              ? (random() % 2 == 0 ? 127 : -127)
                                                              : static_cast<int>(random() % 255) - 127);
                }
                std::vector<std::int32_t> plain(count), fast(count);
                portable::multiplyRows(query.data(), rows.data(), width, count, plain.data());
                multiplyRows(query.data(), rows.data(), width, count, fast.data());
                QCOMPARE(fast, plain);
            }
        }
        const std::vector<std::int8_t> most(512, 127), least(512, -127);
        std::int32_t product = 0;
        multiplyRows(most.data(), least.data(), 512, 1, &product);
        QCOMPARE(product, -127 * 127 * 512);
    }
};

QTEST_APPLESS_MAIN(VectorIndexTest)
#include "vector_index_test.moc"
