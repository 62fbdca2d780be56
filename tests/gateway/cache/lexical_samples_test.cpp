// SPDX-License-Identifier: GPL-3.0-or-later
// What a cache that goes by meaning and the guard would serve of others' samples: a folder with
// prompt_pairs_authored_*.jsonl (paraphrases, near misses, unrelated pairs) and intents_banking77.jsonl,
// named by TURNPIKE_SAMPLES. The project has no copy of them, and its own pairs are in lexical_guard_test.
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <QDir>
#include <QFile>
#include <QTest>

#include "cache/lexical_guard.h"
#include "cache/own_words.h"
#include "cache/vector_index.h"
#include "meaning/own_embedder.h"

using namespace gateway;
using namespace gateway::cache;

namespace {

constexpr float kLeastLikeness = 0.8F;
constexpr std::size_t kCandidates = 5;

std::vector<nlohmann::json> linesOf(const QString& path)
{
    QFile file(path);
    std::vector<nlohmann::json> lines;
    if (!file.open(QIODevice::ReadOnly)) return lines;
    for (const QByteArray& line : file.readAll().split('\n')) {
        auto json = nlohmann::json::parse(line.toStdString(), nullptr, false);
        if (json.is_object()) lines.push_back(std::move(json));
    }
    return lines;
}

struct Share {
    int hits = 0, all = 0;
    [[nodiscard]] double value() const { return all == 0 ? 0 : double(hits) / all; }
    void add(const Share& other)
    {
        hits += other.hits;
        all += other.all;
    }
};

struct Served {
    Share same, near, unrelated;
};

} // namespace

class LexicalSamplesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (m_folder.isEmpty()) QSKIP("TURNPIKE_SAMPLES names no folder with samples.");
        QVERIFY2(ownWords().hasWords() && meaning::ownEmbedder().hasModel(),
                 "The build lacks words or weights.");
    }
    void servesParaphrasesAlone_data();
    void servesParaphrasesAlone();
    void servesFewOtherIntents_data();
    void servesFewOtherIntents();

private:
    void tally(const QString& file, Care care, Served& served);

    std::vector<meaning::Vector> m_vectors; // of the intents' texts, for both cares
    const QString m_folder = qEnvironmentVariable("TURNPIKE_SAMPLES");
};

void LexicalSamplesTest::tally(const QString& file, Care care, Served& served)
{
    const auto& embedder = meaning::ownEmbedder();
    for (const auto& row : linesOf(m_folder + "/" + file)) {
        const auto left = row.at("a").get<std::string>(), right = row.at("b").get<std::string>();
        const bool isHit = !difference(digest(left), digest(right), care) &&
                           meaning::likeness(embedder.embed(left), embedder.embed(right)) >= kLeastLikeness;
        const bool isNear = row.at("kind") != "unrelated";
        Share& share = row.at("same").get<bool>() ? served.same : isNear ? served.near : served.unrelated;
        ++share.all;
        share.hits += isHit ? 1 : 0;
    }
}

void LexicalSamplesTest::servesParaphrasesAlone_data()
{
    QTest::addColumn<int>("care");
    QTest::addColumn<double>("recall");
    QTest::addColumn<double>("falseHits");
    QTest::newRow("strict") << int(Care::Strict) << 0.3 << 0.02;
    QTest::newRow("balanced") << int(Care::Balanced) << 0.4 << 0.05;
}

void LexicalSamplesTest::servesParaphrasesAlone()
{
    QFETCH(int, care);
    QFETCH(double, recall);
    QFETCH(double, falseHits);
    Served all;
    for (const QString& file : QDir(m_folder).entryList({"prompt_pairs_*.jsonl"})) {
        Served served;
        tally(file, static_cast<Care>(care), served);
        qInfo("%s: paraphrases %d of %d, near misses %d of %d, unrelated %d of %d", qPrintable(file),
              served.same.hits, served.same.all, served.near.hits, served.near.all, served.unrelated.hits,
              served.unrelated.all);
        all.same.add(served.same);
        all.near.add(served.near);
        all.unrelated.add(served.unrelated);
    }
    QVERIFY(all.same.all > 0 && all.near.all > 0);
    QVERIFY2(all.same.value() >= recall, qPrintable(QString::number(all.same.value())));
    QVERIFY2(all.near.value() <= falseHits, qPrintable(QString::number(all.near.value())));
    QCOMPARE(all.unrelated.hits, 0);
}

void LexicalSamplesTest::servesFewOtherIntents_data()
{
    QTest::addColumn<int>("care");
    QTest::newRow("strict") << int(Care::Strict);
    QTest::newRow("balanced") << int(Care::Balanced);
}

/// Every text is asked for among those before it, as a cache would.
void LexicalSamplesTest::servesFewOtherIntents()
{
    QFETCH(int, care);
    VectorIndex index(meaning::kDimensions);
    std::vector<LexicalText> texts;
    std::vector<std::string> intents;
    Share wrong;
    for (const auto& row : linesOf(m_folder + "/intents_banking77.jsonl")) {
        if (row.at("split") != "test") continue;
        const auto text = row.at("text").get<std::string>();
        texts.push_back(digest(text));
        intents.push_back(row.at("label").get<std::string>());
        const std::uint64_t id = texts.size() - 1;
        if (id == m_vectors.size()) m_vectors.push_back(meaning::ownEmbedder().embed(text));
        const auto& vector = m_vectors[id];
        if (unfitness(texts[id])) continue;
        for (const auto& each : index.nearest(vector, kCandidates, kLeastLikeness, 0)) {
            if (difference(texts[id], texts[each.id], static_cast<Care>(care))) continue;
            ++wrong.all;
            wrong.hits += intents[id] == intents[each.id] ? 0 : 1;
            break;
        }
        QVERIFY(index.add(id, 0, vector));
    }
    qInfo("%zu texts, %d served, %d of them of another intent", texts.size(), wrong.all, wrong.hits);
    QVERIFY(wrong.all > 0);
    QVERIFY(wrong.value() <= 0.08);
}

QTEST_APPLESS_MAIN(LexicalSamplesTest)
#include "lexical_samples_test.moc"
