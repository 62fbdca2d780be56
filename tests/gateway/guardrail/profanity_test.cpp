// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <string>

#include <QTest>

#include "guardrail/check_kind.h"
#include "place_texts.h"

using namespace gateway::guardrail;

namespace {

std::string profanityIn(std::string_view text, const char* parameters = "")
{
    const auto check = makeCheck(*findCheckKind("profanity"), parameters);
    std::vector<Found> found;
    check.value()->find(text, found);
    std::string line;
    for (const Found& each : found)
        line += (line.empty() ? "" : "|") + std::string(text.substr(each.start, each.size));
    return line;
}

} // namespace

class ProfanityTest : public QObject {
    Q_OBJECT

private slots:
    void findsWordsInWhateverDress_data();
    void findsWordsInWhateverDress();
    void leavesWholeOtherWords_data();
    void leavesWholeOtherWords();
    void obeysItsLists();
    void hostileTextsDoNoHarm();
    void isTheSameHoweverItIsCut();
};

void ProfanityTest::findsWordsInWhateverDress_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("found");
    const auto row = [](const char* text, const char* found) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(found);
    };
    row("What the fuck is this shit?", "fuck|shit");
    row("Bullshit! You BASTARD.", "Bullshit|BASTARD");
    row("sh1t, 5hit", "sh1t|5hit");
    row("an a$$hole and a b!tch!", "a$$hole|b!tch");
    row("ｆｕｃｋ fu\xe2\x80\x8b"
        "ck f\xc3\xbc"
        "ck",
        "ｆｕｃｋ|fu\xe2\x80\x8b"
        "ck|f\xc3\xbc"
        "ck");
    row("Du Arschloch, so eine Scheiße!", "Arschloch|Scheiße");
    row("Quel connard, enculé!", "connard|enculé");
    row("Eres un cabrón, mierda", "cabrón|mierda");
    row("mother-fucker", "fucker");
    row("it is shit", "shit");
}

void ProfanityTest::findsWordsInWhateverDress()
{
    QFETCH(QString, text);
    QFETCH(QString, found);
    QCOMPARE(QString::fromStdString(profanityIn(text.toStdString())), found);
}

void ProfanityTest::leavesWholeOtherWords_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text :
         {"Scunthorpe, Penistone and Cockermouth are places.", "An assassin assesses the class.",
          "shiitake, shitake mushrooms", "the retard of the train, en retard", "un cono de helado",
          "Dick Turpin", "a bunch of grapes and a sextant", "Kike Garcia", "5417 and 4$$ and !!",
          "Dickens wrote cockatoo stories", "hello world", "$hit = 1;", "Grüße aus München"})
        QTest::newRow(text) << QString::fromUtf8(text);
}

void ProfanityTest::leavesWholeOtherWords()
{
    QFETCH(QString, text);
    QCOMPARE(profanityIn(text.toStdString()), std::string());
}

void ProfanityTest::obeysItsLists()
{
    QCOMPARE(profanityIn("oh Blast, the shit", R"({"words":["blast"],"except":["Shit"]})"),
             std::string("Blast"));
    QVERIFY(!makeCheck(*findCheckKind("profanity"), R"({"words":["two words"]})"));
    QCOMPARE(profanityIn("a y x 5y", R"({"words":["x","Sy"]})"), std::string("x"));
    QVERIFY(!makeCheck(*findCheckKind("profanity"), R"({"words":[""]})"));
}

void ProfanityTest::hostileTextsDoNoHarm()
{
    requirePlacesInOrder(*makeCheck(*findCheckKind("profanity"), {}).value());
}

void ProfanityTest::isTheSameHoweverItIsCut()
{
    const std::string prose =
        "The committee met on Tuesday to talk about the new bridge, and nobody could say "
        "when it will be open to the public. ";
    requireSameInParts("profanity", prose + "What the fuck! " + prose + prose +
                                        "b!tch sch\xc3\xb6n Schei\xc3\x9f"
                                        "e a$$hole " +
                                        prose + prose + "f\xe2\x80\x8buck. " + prose + "shit");
}

QTEST_GUILESS_MAIN(ProfanityTest)
#include "profanity_test.moc"
