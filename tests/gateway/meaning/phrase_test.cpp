// SPDX-License-Identifier: GPL-3.0-or-later
// Whether requests are told apart: with routes of our own always, with CLINC150 (intents_clinc150.jsonl)
// where TURNPIKE_SAMPLES leads.
#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "meaning/phrase_book.h"

using namespace gateway;
using namespace gateway::meaning;

namespace {

using Texts = std::vector<std::string>;

const std::vector<std::pair<const char*, Texts>> kRoutes = {
    {"code",
     {"Why does this function return null?", "Fix the segmentation fault in my program",
      "Write a unit test for this class", "Refactor this loop into a list comprehension",
      "How do I reverse a linked list in Python?"}},
    {"translation",
     {"Translate this letter into French", "What is the Spanish word for butterfly?",
      "How do you say good morning in Japanese?", "Put this paragraph into plain German",
      "What does this Italian sentence mean?"}},
    {"mathematics",
     {"Solve this equation for x", "What is the derivative of sine squared?",
      "Prove that the square root of two is irrational", "How many ways are there to seat five people?",
      "Compute the integral of this polynomial"}},
    {"writing",
     {"Write a short story about a lighthouse", "Compose a poem on autumn leaves",
      "Draft a polite letter of complaint", "Give me a catchy title for my novel",
      "Make this paragraph sound more formal"}},
};

struct Sample {
    const char* route;
    const char* text;
};
const std::vector<Sample> kSamples = {
    {"code", "My program crashes with a null pointer"},
    {"code", "Write a function that sorts a list in Python"},
    {"code", "Why is this test failing?"},
    {"translation", "Translate the following text into Spanish"},
    {"translation", "How do you say thank you in French?"},
    {"translation", "What is the German word for bridge?"},
    {"mathematics", "Solve the equation for y"},
    {"mathematics", "What is the integral of cosine?"},
    {"mathematics", "Prove that there are infinitely many primes"},
    {"writing", "Write a poem about the sea"},
    {"writing", "Draft a letter to my landlord"},
    {"writing", "Write a story about a dragon"},
};

std::vector<Phrase> pointsOf(const std::vector<std::pair<const char*, Texts>>& routes)
{
    std::vector<Phrase> points;
    for (const auto& [name, examples] : routes)
        points.push_back(ownPhraseBook().middleOf(examples));
    return points;
}

struct Nearest {
    std::size_t place = 0;
    float likeness = -1;
};
Nearest nearest(const Phrase& phrase, const std::vector<Phrase>& points)
{
    Nearest found;
    for (std::size_t place = 0; place < points.size(); ++place) {
        const float each = likeness(phrase, points[place]);
        if (each > found.likeness) found = {place, each};
    }
    return found;
}

/// Sentences by what they ask for, with their phrases.
class Intents {
public:
    explicit Intents(const QString& path)
    {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly)) return;
        while (!file.atEnd()) {
            const QJsonObject row = QJsonDocument::fromJson(file.readLine()).object();
            const QString split = row["split"].toString();
            std::vector<Phrase>& into = split.startsWith("oos") ? none
                                        : split == "train"      ? train[row["label"].toString()]
                                                                : test[row["label"].toString()];
            const bool isNeeded = split.startsWith("oos") || split == "test" ||
                                  (split == "train" && into.size() < kMostExamples);
            if (isNeeded) into.push_back(ownPhraseMaker().phrase(row["text"].toString().toStdString()));
        }
        for (const auto& [label, phrases] : train)
            labels.push_back(label);
    }

    std::map<QString, std::vector<Phrase>> train, test;
    std::vector<Phrase> none;
    std::vector<QString> labels;

private:
    static constexpr std::size_t kMostExamples = 20; // of an intent, of which a draw takes some
};

/// Routes by intents that chance chose.
struct Draw {
    std::vector<QString> labels;
    std::vector<Phrase> points;
};
Draw drawn(const Intents& intents, std::size_t routes, std::size_t examples, std::minstd_rand& random)
{
    Draw draw{intents.labels, {}};
    std::shuffle(draw.labels.begin(), draw.labels.end(), random);
    draw.labels.resize(routes);
    for (const QString& label : draw.labels) {
        std::vector<Phrase> phrases = intents.train.at(label);
        std::shuffle(phrases.begin(), phrases.end(), random);
        phrases.resize(examples);
        draw.points.push_back(middleOf(phrases));
    }
    return draw;
}

double accuracy(const Intents& intents, const Draw& draw)
{
    int right = 0, all = 0;
    for (std::size_t place = 0; place < draw.labels.size(); ++place) {
        for (const Phrase& phrase : intents.test.at(draw.labels[place])) {
            right += nearest(phrase, draw.points).place == place ? 1 : 0;
            ++all;
        }
    }
    return double(right) / all;
}

/// The chance that what belongs to a route is more like one than what belongs to none.
double areaUnderCurve(const Intents& intents, const Draw& draw)
{
    std::vector<std::pair<float, bool>> all;
    for (const QString& label : draw.labels) {
        for (const Phrase& phrase : intents.test.at(label))
            all.emplace_back(nearest(phrase, draw.points).likeness, true);
    }
    const double in = double(all.size());
    for (const Phrase& phrase : intents.none)
        all.emplace_back(nearest(phrase, draw.points).likeness, false);
    std::sort(all.begin(), all.end());
    double ranks = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
        ranks += all[i].second ? double(i + 1) : 0;
    return (ranks - in * (in + 1) / 2) / (in * double(intents.none.size()));
}

} // namespace

class PhraseTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(ownPhraseMaker().works()); }

    void tellsRequestsApart_data()
    {
        QTest::addColumn<QByteArray>("route");
        QTest::addColumn<QByteArray>("text");
        for (const Sample& sample : kSamples)
            QTest::newRow(sample.text) << QByteArray(sample.route) << QByteArray(sample.text);
    }
    void tellsRequestsApart()
    {
        QFETCH(QByteArray, route);
        QFETCH(QByteArray, text);
        const Nearest found = nearest(ownPhraseMaker().phrase(text.toStdString()), pointsOf(kRoutes));
        QCOMPARE(QByteArray(kRoutes[found.place].first), route);
    }

    void isOfLengthOne()
    {
        const Phrase phrase = ownPhraseMaker().phrase("Translate this letter");
        QVERIFY(std::abs(likeness(phrase, phrase) - 1) < 1e-4F);
        QVERIFY(std::abs(likeness(middleOf({phrase, phrase}), phrase) - 1) < 1e-4F);
    }

    void isEmptyWhereNothingIsSaid()
    {
        for (const char* text : {"", " \n\t "})
            QVERIFY2(ownPhraseMaker().phrases(text).empty(), text);
        QVERIFY(middleOf({}).empty());
        QCOMPARE(likeness(Phrase(), ownPhraseMaker().phrase("hello")), 0.0F);
    }

    void tellsNothingWithoutAModel()
    {
        const Embedder none{std::string_view()};
        const PhraseMaker maker(none);
        QVERIFY(!maker.works());
        QVERIFY(maker.phrases("Translate this letter").empty());
        PhraseBook book(maker);
        QVERIFY(book.middleOf({"Translate this letter"}).empty());
    }

    void readsALongTextInWindows()
    {
        const auto count = [](int words) {
            std::string text;
            for (int i = 0; i < words; ++i)
                text += "harbour ";
            return ownPhraseMaker().phrases(text).size();
        };
        QCOMPARE(count(30), std::size_t(1));
        QCOMPARE(count(220), std::size_t(4));
        QCOMPARE(count(20'000), std::size_t(4)); // the beginning and the end
    }

    void findsWhatIsAskedAtTheEndOfALongText()
    {
        const QString story = QString("The ship left the harbour in the fog. ").repeated(2000);
        const std::string asked = (story + "Translate this text into French.").toStdString();
        const Phrase point = ownPhraseBook().middleOf(kRoutes[1].second);
        float best = -1;
        for (const Phrase& window : ownPhraseMaker().phrases(asked))
            best = std::max(best, likeness(window, point));
        float without = -1;
        for (const Phrase& window : ownPhraseMaker().phrases(story.toStdString()))
            without = std::max(without, likeness(window, point));
        QVERIFY2(best > without + 0.05F, QByteArray::number(best) + " " + QByteArray::number(without));
    }

    void takesAnyBytes()
    {
        std::minstd_rand random{7};
        for (const std::size_t size : {1, 40, 5000, 40'000, 70'000}) {
            std::string text(size, ' ');
            for (char& each : text)
                each = static_cast<char>(random());
            for (const Phrase& phrase : ownPhraseMaker().phrases(text))
                QVERIFY(std::abs(likeness(phrase, phrase) - 1) < 1e-3F);
        }
    }

    void meetsItsGoalsOnClinc()
    {
        const QString folder = qEnvironmentVariable("TURNPIKE_SAMPLES");
        if (folder.isEmpty()) QSKIP("TURNPIKE_SAMPLES names no folder with samples.");
        const Intents intents(folder + "/intents_clinc150.jsonl");
        QCOMPARE(intents.labels.size(), std::size_t(150));
        std::minstd_rand random{2026};
        double all = 0, few = 0, area = 0;
        constexpr int kDraws = 3, kSmallDraws = 30;
        for (int i = 0; i < kDraws; ++i) {
            all += accuracy(intents, drawn(intents, 150, 5, random)) / kDraws;
            area += areaUnderCurve(intents, drawn(intents, 150, 10, random)) / kDraws;
        }
        for (int i = 0; i < kSmallDraws; ++i)
            few += accuracy(intents, drawn(intents, 10, 5, random)) / kSmallDraws;
        qInfo("150 x 5: %.3f, 10 x 5: %.3f, out of scope with 150 x 10: AUC %.3f", all, few, area);
        QVERIFY2(all >= 0.80, QByteArray::number(all));
        QVERIFY2(few >= 0.95, QByteArray::number(few));
        QVERIFY2(area >= 0.93, QByteArray::number(area));
    }
};

QTEST_GUILESS_MAIN(PhraseTest)
#include "phrase_test.moc"
