// SPDX-License-Identifier: GPL-3.0-or-later
// What texts mean, as the reference program tells it. tests/fixtures/meaning/vectors.json was made by
// npm's @energetic-ai/embeddings 0.2.0 from texts of our own; more of it stands where TURNPIKE_SAMPLES leads.
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "embedded.h"
#include "meaning/embedder.h"
#include "meaning/kernels.h"

using namespace gateway;
using namespace gateway::meaning;

namespace {

const Embedder& embedder()
{
    static const Embedder made(embedded::embedder);
    return made;
}

const Embedder& byLetters()
{
    static const Embedder made{std::string_view()};
    return made;
}

QJsonArray samples()
{
    QFile own(QStringLiteral(TURNPIKE_FIXTURES "/meaning/vectors.json"));
    QJsonArray all =
        own.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(own.readAll()).array() : QJsonArray();
    QFile more(qEnvironmentVariable("TURNPIKE_SAMPLES") + "/use_lite_reference.jsonl");
    if (!more.open(QIODevice::ReadOnly)) return all;
    while (!more.atEnd()) {
        const QJsonObject row = QJsonDocument::fromJson(more.readLine()).object();
        if (row.isEmpty()) continue;
        all.append(QJsonObject{{"text", row["text"]}, {"pieces", row["ids"]}, {"vector", row["vec"]}});
    }
    return all;
}

double cosine(const Vector& mine, const QJsonArray& theirs)
{
    double both = 0, length = 0;
    for (qsizetype i = 0; i < theirs.size(); ++i) {
        both += mine[static_cast<std::size_t>(i)] * theirs[i].toDouble();
        length += theirs[i].toDouble() * theirs[i].toDouble();
    }
    return both / std::sqrt(length);
}

} // namespace

class EmbedderTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(embedder().hasModel(), "The build could not fetch the embedder's weights.");
    }

    void agreesWithTheReference()
    {
        const QJsonArray all = samples();
        QVERIFY(all.size() >= 8);
        for (const auto& each : all) {
            const QJsonObject sample = each.toObject();
            const std::string text = sample["text"].toString().toStdString();
            const QJsonArray wanted = sample["pieces"].toArray();
            const auto pieces = embedder().pieces(text);
            QCOMPARE(pieces.size(), std::size_t(std::min<qsizetype>(wanted.size(), 128)));
            for (std::size_t i = 0; i < pieces.size(); ++i)
                QCOMPARE(int(pieces[i]), wanted[qsizetype(i)].toInt());
            const double likeness = cosine(embedder().embed(text), sample["vector"].toArray());
            QVERIFY2(likeness > 0.999, qPrintable(QString::number(likeness, 'f', 6) + ' ' + text.c_str()));
        }
    }

    void tellsMeaningsApart()
    {
        const auto alike = [](const char* left, const char* right) {
            return likeness(embedder().embed(left), embedder().embed(right));
        };
        QVERIFY(alike("How do I reset my password?", "I forgot my password, how can I change it?") > 0.6F);
        QVERIFY(alike("How do I reset my password?", "The soup needs more salt.") < 0.3F);
    }

    void readsNoFurtherThanItsEnd()
    {
        std::string text;
        for (int i = 0; i < 200; ++i)
            text += "word ";
        QCOMPARE(embedder().pieces(text).size(), Embedder::kMostPieces);
        QCOMPARE(embedder().embed(text), embedder().embed(text + "and something else"));
    }

    void takesAnyBytes_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("zeros") << QByteArray(100, '\0');
        QTest::newRow("no UTF-8") << QByteArray::fromHex("fffe80c3e28180f0");
        QTest::newRow("a cut letter") << QByteArray("caf\xC3");
        QTest::newRow("long") << QByteArray(1 << 20, 'a');
        QTest::newRow("long and strange") << QByteArray("\xF0\x9F\x8E\x89").repeated(50'000);
        QTest::newRow("spaces") << QByteArray(10'000, ' ');
    }

    void takesAnyBytes()
    {
        QFETCH(QByteArray, bytes);
        for (const Embedder* each : {&embedder(), &byLetters()}) {
            const Vector vector = each->embed(bytes.toStdString());
            const float length = likeness(vector, vector);
            QVERIFY(std::isfinite(length));
            QVERIFY2(length == 0 || std::abs(length - 1) < 1e-3F, qPrintable(QString::number(length)));
        }
    }

    void goesByLettersWithoutAModel()
    {
        QVERIFY(!byLetters().hasModel());
        const auto alike = [](const char* left, const char* right) {
            return likeness(byLetters().embed(left), byLetters().embed(right));
        };
        QVERIFY(alike("reset my password", "resetting the Password") > 0.4F);
        QVERIFY(alike("reset my password", "more salt in the soup") < 0.2F);
        QVERIFY(std::abs(alike("Reset  my\npassword", "reset my password") - 1) < 1e-5F);
    }

    void fastKernelsDoAsPlainOnes()
    {
        if (!hasFastKernels()) QSKIP("This processor has plain kernels alone.");
        std::vector<std::int8_t> weights(96 * 32);
        for (std::size_t i = 0; i < weights.size(); ++i)
            weights[i] = static_cast<std::int8_t>((i * 37 + 11) % 255 - 127);
        Matrix matrix;
        matrix.rows = 96;
        matrix.columns = 32;
        matrix.weights = weights.data();
        for (int i = 0; i < 32; ++i) {
            matrix.scales.push_back(0.01F * static_cast<float>(i + 1));
            matrix.added.push_back(static_cast<float>(i) - 7);
        }
        for (const std::size_t count : {1, 2, 3, 4, 5, 6, 7, 13}) {
            std::vector<float> rows(count * matrix.rows), plain(count * 32), fast(count * 32);
            for (std::size_t i = 0; i < rows.size(); ++i)
                rows[i] = static_cast<float>(i % 19) / 7 - 1;
            portable::multiply(matrix, rows.data(), count, plain.data());
            multiply(matrix, rows.data(), count, fast.data());
            for (std::size_t i = 0; i < plain.size(); ++i)
                QVERIFY(std::abs(plain[i] - fast[i]) <= 1e-3F * (1 + std::abs(plain[i])));
        }
        std::vector<float> from(21, 0.5F), plain(21, 1), fast(21, 1);
        portable::addScaled(3, from.data(), plain.data(), from.size());
        addScaled(3, from.data(), fast.data(), from.size());
        QCOMPARE(fast, plain);
    }
};

QTEST_APPLESS_MAIN(EmbedderTest)
#include "embedder_test.moc"
