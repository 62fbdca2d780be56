// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>
#include <string>
#include <vector>

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "accounting/byte_pairs.h"
#include "accounting/model_tokens.h"
#include "embedded.h"

using namespace gateway::accounting;

namespace {

using Tokens = std::vector<std::uint32_t>;

const Tokenizers& tokenizers()
{
    static const Tokenizers all(gateway::embedded::tokenizers);
    return all;
}

std::vector<std::string> piecesOf(std::string_view text, PiecePattern pattern)
{
    std::string_view bytes = gateway::embedded::tokenizers;
    bytes.remove_prefix(8);
    const CharClasses classes = CharClasses::take(bytes);
    PieceScanner scanner(text, pattern, classes);
    std::vector<std::string> pieces;
    for (std::string_view piece = scanner.next(); !piece.empty(); piece = scanner.next())
        pieces.emplace_back(piece);
    return pieces;
}

/// A vocabulary in the form of the build, of these tokens.
std::string written(const std::vector<std::string>& tokens)
{
    std::string bytes, ends;
    const auto word = [](std::uint32_t number) {
        std::string text(4, '\0');
        for (int i = 0; i < 4; ++i)
            text[static_cast<std::size_t>(i)] = static_cast<char>(number >> (8 * i));
        return text;
    };
    std::uint32_t places = 1;
    while (places < tokens.size() * 2)
        places *= 2;
    std::vector<std::uint32_t> table(places, Vocabulary::kNone);
    for (std::uint32_t rank = 0; rank < tokens.size(); ++rank) {
        std::uint32_t hash = 2166136261U;
        for (const char byte : tokens[rank])
            hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619U;
        std::uint32_t slot = hash & (places - 1);
        while (table[slot] != Vocabulary::kNone)
            slot = (slot + 1) & (places - 1);
        table[slot] = rank;
        bytes += tokens[rank];
        ends += word(static_cast<std::uint32_t>(bytes.size()));
    }
    std::string made = word(static_cast<std::uint32_t>(tokens.size())) + word(places) +
                       word(static_cast<std::uint32_t>(bytes.size())) + ends;
    for (const std::uint32_t each : table)
        made += word(each);
    return made + bytes;
}

} // namespace

class ModelTokensTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(tokenizers().hasVocabularies(), "npm could not fetch them when this build was configured.");
    }

    void knowsFamilies()
    {
        const std::map<std::string, TokenFamily> wanted{{"gpt-4o-mini", TokenFamily::O200k},
                                                        {"gpt-4.1", TokenFamily::O200k},
                                                        {"openai/gpt-5.5", TokenFamily::O200k},
                                                        {"ft:gpt-4o-mini:me::1", TokenFamily::O200k},
                                                        {"o3-mini", TokenFamily::O200k},
                                                        {"chatgpt-4o-latest", TokenFamily::O200k},
                                                        {"openai.gpt-oss-120b-1:0", TokenFamily::O200k},
                                                        {"gpt-4", TokenFamily::Cl100k},
                                                        {"GPT-4-turbo", TokenFamily::Cl100k},
                                                        {"gpt-35-turbo", TokenFamily::Cl100k},
                                                        {"text-embedding-3-small", TokenFamily::Cl100k},
                                                        {"claude-sonnet-4-5", TokenFamily::Claude},
                                                        {"us.anthropic.claude-3-haiku", TokenFamily::Claude},
                                                        {"google/gemini-2.5-pro", TokenFamily::Gemini},
                                                        {"text-embedding-004", TokenFamily::Other},
                                                        {"qwen3", TokenFamily::Other},
                                                        {"", TokenFamily::Other}};
        for (const auto& [model, family] : wanted)
            QVERIFY2(tokenFamily(model) == family, model.c_str());
    }

    void joinsTheSmallestFirst()
    {
        const std::string bytes = written({"a", "b", "c", "bc", "ab", "abc"});
        std::string_view rest = bytes;
        const Vocabulary vocabulary = Vocabulary::take(rest);
        QVERIFY(rest.empty());
        QCOMPARE(vocabulary.rank("abc"), 5u);
        QCOMPARE(vocabulary.rank("ac"), Vocabulary::kNone);
        BytePairs pairs(vocabulary);
        Tokens tokens;
        QCOMPARE(pairs.count("abcb", &tokens), std::size_t{2}); // a bc b, then abc b
        QCOMPARE(tokens, (Tokens{5, 1}));
        tokens.clear();
        QCOMPARE(pairs.count("xab", &tokens), std::size_t{2});
        QCOMPARE(tokens, (Tokens{Vocabulary::kNone, 4}));
    }

    void longPiecesAreTheSame()
    {
        const std::string bytes = written({"a", "b", "ab", "ba", "aba", "bb", "abb", "abab"});
        std::string_view rest = bytes;
        const Vocabulary vocabulary = Vocabulary::take(rest);
        BytePairs pairs(vocabulary);
        std::string text;
        unsigned seed = 7;
        // Around the length from which another way is taken: a word of its own ends both parts alike.
        for (int i = 0; i < 64; ++i)
            text += (seed = seed * 1103515245U + 12345U) >> 16 & 1U ? 'a' : 'b';
        Tokens plain, again;
        const std::size_t count = pairs.count(text, &plain);
        QCOMPARE(count, plain.size());
        pairs.count(text + "x", &again);
        QCOMPARE(again.back(), Vocabulary::kNone);
        again.pop_back();
        QCOMPARE(again, plain);
    }

    void takesNoBrokenVocabulary()
    {
        const std::string whole = written({"a", "b", "ab"});
        for (std::size_t size = 0; size < whole.size(); ++size) {
            std::string_view part = std::string_view(whole).substr(0, size);
            QVERIFY(Vocabulary::take(part).empty());
        }
        QVERIFY(!Tokenizers("nonsense").hasVocabularies());
    }

    void countsByBytesWithoutVocabularies()
    {
        const Tokenizers none{std::string_view()};
        QVERIFY(!none.hasVocabularies());
        const std::string text(1000, 'x');
        QCOMPARE(none.count(text, TokenFamily::O200k), 212);
        QCOMPARE(none.count(text, TokenFamily::Claude), 229);
        QCOMPARE(none.count("", TokenFamily::Other), 0);
        QCOMPARE(none.count("x", TokenFamily::Other), 1);
    }

    void cutsText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QList<QByteArray>>("cl100k");
        QTest::addColumn<QList<QByteArray>>("o200k");
        using List = QList<QByteArray>;
        const auto row = [](const char* text, const List& cl100k, const List& o200k) {
            QTest::newRow(text) << QByteArray(text) << cl100k << o200k;
        };
        row("Hello, world", {"Hello", ",", " world"}, {"Hello", ",", " world"});
        row("I'll don't'S", {"I", "'ll", " don", "'t", "'S"}, {"I'll", " don't", "'S"});
        row("parseJSONText", {"parseJSONText"}, {"parse", "JSONText"});
        row("HTTPServer x", {"HTTPServer", " x"}, {"HTTPServer", " x"});
        row("12345 67", {"123", "45", " ", "67"}, {"123", "45", " ", "67"});
        row("a  b", {"a", " ", " b"}, {"a", " ", " b"});
        row("a \n\n  b", {"a", " \n\n", " ", " b"}, {"a", " \n\n", " ", " b"});
        row("end  ", {"end", "  "}, {"end", "  "});
        row("{\"a\":1}\n", {"{\"", "a", "\":", "1", "}\n"}, {"{\"", "a", "\":", "1", "}\n"});
        row("a //\n/b", {"a", " //\n", "/b"}, {"a", " //\n/", "b"});
        row("über-Äpfel", {"über", "-Äpfel"}, {"über", "-Äpfel"});
        row("日本語ABC", {"日本語ABC"}, {"日本語", "ABC"});
        row("\xFF\xFEz", {"\xFF\xFE", "z"}, {"\xFF\xFE", "z"});
    }

    void cutsText()
    {
        QFETCH(QByteArray, text);
        QFETCH(QList<QByteArray>, cl100k);
        QFETCH(QList<QByteArray>, o200k);
        for (const auto& [pattern, wanted] :
             {std::pair{PiecePattern::Cl100k, cl100k}, {PiecePattern::O200k, o200k}}) {
            QList<QByteArray> pieces;
            for (const std::string& piece : piecesOf(text.toStdString(), pattern))
                pieces << QByteArray::fromStdString(piece);
            QCOMPARE(pieces, wanted);
        }
    }

    void encodesAsTiktoken()
    {
        // From tiktoken's own tests and OpenAI's cookbook.
        QCOMPARE(tokenizers().encode("hello world", TokenFamily::Cl100k), (Tokens{15339, 1917}));
        QCOMPARE(tokenizers().encode("rer", TokenFamily::Cl100k), (Tokens{38149}));
        QCOMPARE(tokenizers().encode("'rer", TokenFamily::Cl100k), (Tokens{2351, 81}));
        QCOMPARE(tokenizers().encode("today\n ", TokenFamily::Cl100k), (Tokens{31213, 198, 220}));
        QCOMPARE(tokenizers().encode("today\n \n", TokenFamily::Cl100k), (Tokens{31213, 27907}));
        QCOMPARE(tokenizers().encode("tiktoken is great!", TokenFamily::Cl100k),
                 (Tokens{83, 1609, 5963, 374, 2294, 0}));
        QCOMPARE(tokenizers().count("antidisestablishmentarianism", TokenFamily::Cl100k), 6);
        QCOMPARE(tokenizers().count("antidisestablishmentarianism", TokenFamily::O200k), 6);
        QCOMPARE(tokenizers().count("お誕生日おめでとう", TokenFamily::Cl100k), 9);
        QCOMPARE(tokenizers().count("お誕生日おめでとう", TokenFamily::O200k), 8);
    }

    void encodesAllSamplesAsTheReference()
    {
        QFile file(QStringLiteral(TURNPIKE_FIXTURES "/tokenizers/parity.jsonl"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        int samples = 0;
        while (!file.atEnd()) {
            const QJsonObject sample = QJsonDocument::fromJson(file.readLine()).object();
            const std::string text = sample["text"].toString().toStdString();
            for (const auto& [name, family] :
                 {std::pair{"o200k_base", TokenFamily::O200k}, {"cl100k_base", TokenFamily::Cl100k}}) {
                Tokens wanted;
                for (const QJsonValue& each : sample[QLatin1String(name)].toArray())
                    wanted.push_back(static_cast<std::uint32_t>(each.toInt()));
                QCOMPARE(tokenizers().encode(text, family), wanted);
                QCOMPARE(tokenizers().count(text, family), static_cast<std::int64_t>(wanted.size()));
            }
            ++samples;
        }
        QVERIFY(samples > 100);
    }

    void isNearForClaude()
    {
        // "Count of tokens" is what it says for both vocabularies; the factor is a matter of long texts.
        std::string text;
        for (int i = 0; i < 100; ++i)
            text += "The quick brown fox jumps over the lazy dog. ";
        const auto plain = static_cast<double>(tokenizers().count(text, TokenFamily::O200k));
        const auto claude = static_cast<double>(tokenizers().count(text, TokenFamily::Claude));
        QVERIFY(claude > plain * 1.07 && claude < plain * 1.09);
    }

    void staysQuickWithWhateverComes()
    {
        constexpr std::size_t kMegabyte = std::size_t{1} << 20;
        for (const char* unit : {"a", "A", " ", "\n", "!", "aB", " \n", "日", "\xFF", "'s", "日A"}) {
            std::string text;
            while (text.size() < kMegabyte)
                text += unit;
            for (const TokenFamily family : {TokenFamily::O200k, TokenFamily::Cl100k}) {
                QElapsedTimer timer;
                timer.start();
                const std::int64_t tokens = tokenizers().count(text, family);
                QVERIFY(tokens > 0 && tokens <= static_cast<std::int64_t>(text.size()));
                // What is quadratic takes hours.
                QVERIFY2(timer.elapsed() < 30'000, unit);
            }
        }
    }
};

QTEST_APPLESS_MAIN(ModelTokensTest)
#include "model_tokens_test.moc"
