// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <QRegularExpression>
#include <QTest>

#include "guardrail/masking.h"
#include "guardrail/personal/name_lists.h"
#include "guardrail/personal_data.h"
#include "place_texts.h"

using namespace gateway;
using namespace gateway::guardrail;

namespace {

QString names(const QString& text)
{
    const std::string bytes = text.toStdString();
    QStringList parts;
    for (const Finding& each : findPersonalData(bytes, bitOf(Entity::Name)))
        parts << QString::fromStdString(bytes.substr(each.start, each.size));
    return parts.join(QLatin1Char('|'));
}

} // namespace

/// Names of people, which are found by lists and by the words around.
class PersonalNamesTest : public QObject {
    Q_OBJECT

private slots:
    void findsNames_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("name");
        const auto row = [](const char* text, const char* name) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(name);
        };
        row("Yesterday Anna Schneider called twice.", "Anna Schneider");
        row("a letter of Łukasz Wiśniewski, lawyer", "Łukasz Wiśniewski");
        row("von Jürgen Müller-Lüdenscheidt", "Jürgen Müller-Lüdenscheidt");
        row("José Luis García Márquez vive en Madrid", "José Luis García Márquez");
        row("Jean-Baptiste Lefèvre est malade", "Jean-Baptiste Lefèvre");
        row("Ludwig van Beethoven's house", "Ludwig van Beethoven");
        row("Maria de la Cruz signed", "Maria de la Cruz");
        row("Khalid bin Walid was there", "Khalid bin Walid");
        row("the file of Stefanie F. Schneider", "Stefanie F. Schneider");
        row("as J. R. Fitzgerald wrote", "J. R. Fitzgerald");
        row("we met Søren Østergård-Foo", "Søren Østergård-Foo");
        row("Priya Ramanathan and Wang Xiaoming agree", "Priya Ramanathan|Wang Xiaoming");
        row("Mehmet Yılmaz, Ayşe Öztürk", "Mehmet Yılmaz|Ayşe Öztürk");
        row("Kenji Watanabe met Dmitry Ivanov", "Kenji Watanabe|Dmitry Ivanov");
        row("Patrick O'Brien and Fiona McDonald", "Patrick O'Brien|Fiona McDonald");
        row("Patrick O’Brien", "Patrick O’Brien");
        row("asked ANNA SCHNEIDER again", "ANNA SCHNEIDER");
        row("Will Smith and Mark Zielinski", "Will Smith|Mark Zielinski");
        row("Christina Xyloudakos rang", "Christina Xyloudakos");
        row("a table for jason rogers, please", "jason rogers");
        row("my name is józef", "józef");
    }
    void findsNames()
    {
        QFETCH(QString, text);
        QFETCH(QString, name);
        QCOMPARE(names(text), name);
    }

    void findsNamesByTheWordsAround_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("name");
        const auto row = [](const char* text, const char* name) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(name);
        };
        row("Mr. Xyloudakos is late", "Xyloudakos");
        row("for Mrs Baker, please", "Baker");
        row("Herr Quaderzwack und Frau Dr. Meier-Hoff", "Quaderzwack|Meier-Hoff");
        row("Mme Dupond et Sra. Quixano", "Dupond|Quixano");
        row("My name is Oyelaran Batuk.", "Oyelaran Batuk");
        row("Ich heiße Kunigunde.", "Kunigunde");
        row("je m'appelle Anaïs", "Anaïs");
        row("me llamo Will", "Will");
        row("Dear Xiomara,\nI write", "Xiomara");
        row("Hi John, I'm contacting you", "John");
        row("Best regards,\nTomasina Quell", "Tomasina Quell");
        row("Mit freundlichen Grüßen\nUwe", "Uwe");
        row("signed by Rose Hill", "Rose Hill");
        row("{\"name\": \"Grace Hopperton\", \"age\": 3}", "Grace Hopperton");
        row("{\"first_name\": \"Zebulon\", \"id\": 3}", "Zebulon");
        row("Name: Ines\nAge: 3", "Ines");
        row("customer Martin Quibble has paid", "Martin Quibble");
        row("\"No,\" said Kevin to Linda.", "Kevin|Linda");
        row("She named him Nicholas", "Nicholas");
        row("my wife Xanthe cooks", "Xanthe");
        row("Peter, Linda and Kowalski left", "Peter|Linda|Kowalski");
    }
    void findsNamesByTheWordsAround() { findsNames(); }

    void leavesOthersAlone_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"Will they come in May?",
                                 "Mark this as done. Grace Period Rules",
                                 "Hope for the best; Art is long",
                                 "Paris Climate Agreement",
                                 "the Jordan River",
                                 "Charlotte Airport is closed",
                                 "San Francisco Bay",
                                 "Martin Luther King Street",
                                 "Getting Started With Charlotte Framework Guide",
                                 "Anna.Schneider(x)",
                                 "std::Martin Luther",
                                 "class Simon Parser {",
                                 "/home/Anna/Schneider Files",
                                 "AnnaSchneider",
                                 "anna_Schneider",
                                 "See Anna Karenina_v2",
                                 "Victoria Station",
                                 "Dear Customer,",
                                 "Dear Sir or Madam",
                                 "Hello World",
                                 "Mr. Speaker",
                                 "Hi Team,",
                                 "{\"name\": \"Build Project\"}",
                                 "name: Deploy Docs",
                                 "new Martin Builder()",
                                 "MS Windows, MS Server",
                                 "Best regards",
                                 "I'm Canadian",
                                 "Copyright The Regents Of California",
                                 "Linda",
                                 "Kowalski",
                                 "a room with A. Green",
                                 "to linda",
                                 "jason_rogers = john.smith",
                                 "will smith",
                                 "adrian@martin",
                                 "adam optimizer"})
            QTest::newRow(text) << QString::fromUtf8(text);
    }
    void leavesOthersAlone()
    {
        QFETCH(QString, text);
        QCOMPARE(names(text), QString());
    }

    void areLookedForOnlyWhereWanted()
    {
        const std::string text = "My name is Anna Schneider";
        QVERIFY((personalEntities() & bitOf(Entity::Name)) == 0);
        QVERIFY(findPersonalData(text, ~guessedEntities()).empty());
        QVERIFY(findAllSorts(text).empty());
    }

    void isFoundInAnyBytes()
    {
        // Cut within letters, and where all that a name could be made of ends.
        const std::string text = "Frau Łucja Świątek-Żak und Ö. Ø";
        for (std::size_t size = 0; size <= text.size(); ++size) {
            for (std::size_t from = 0; from < size; ++from) {
                for (const Finding& each :
                     findPersonalData(std::string_view(text).substr(from, size - from), bitOf(Entity::Name)))
                    QVERIFY(each.start + each.size <= size - from);
            }
        }
    }

    void isNoLongerThanAStreamHolds()
    {
        std::string text;
        for (int i = 0; i < 50; ++i)
            text += "Anna Maria von der ";
        text +=
            std::string(5000, 'A') + " Anna " + std::string(5000, 'b') + " Anna B" + std::string(500, 'b');
        const auto found = findPersonalData(text, bitOf(Entity::Name));
        QVERIFY(!found.empty());
        for (const Finding& each : found)
            QVERIFY(each.size <= 64);
    }

    void areMaskedInAStreamAsInTheWhole()
    {
        const std::string text =
            "Anna Schneider wrote. Peter and Konstantin Papadopoulos-Ypsilantis said no; Charlotte Frame "
            "Guides "
            "and Charlotte Frame Guidebookforusers, Charlotte Frame Verylongidentifier_x. Linda said so, "
            "Linda "
            "and Konstantinos, Kowalski and Linda. Dear Xiomara,\nMr. Xyl Oudakos and Maria Ana Rita de la "
            "Cruz "
            "y Mendoza met Will Smith, Martin Luther King Street, Mary Jane Universitymuseum. My name is "
            "Łukasz Wiśniewski, Frau Dr. Meier-Hoff, J. R. Fitzgerald. Best regards,\nTomasina Quell\n"
            "Jean-Baptiste van der Berg 188, Peter Zuidhove 188, Anna Inc. and ANNA SCHNEIDER, Anna.";
        requireSameInParts("pii", text, R"({"entities":["name"]})");
        requirePlacesInOrder(*makeCheck(*findCheckKind("pii"), R"({"entities":["name"]})").value());
    }

    void areMaskedByNames()
    {
        const auto pick = [](std::string_view word) { return static_cast<std::uint32_t>(word.size()); };
        const std::string other = otherName("Jean-Baptiste van der B. SCHNEIDER", pick);
        const QString all = QString::fromStdString(other);
        QVERIFY2(
            QRegularExpression("^[A-Z][a-z]+-[A-Z][a-z]+ van der [A-Z]\\. [A-Z]{2,}$").match(all).hasMatch(),
            other.c_str());
        const std::string_view text = other;
        QVERIFY(nameSense(FoldedWord(text.substr(0, text.find('-'))).text()).given);
        QVERIFY(nameSense(FoldedWord(text.substr(text.rfind(' ') + 1)).text()).surname);
    }

    void areMaskedAlikeThroughout()
    {
        Rule rule;
        rule.config.maskAs = {{"name", "synthetic"}};
        Masks masks("salt"), others("another");
        const std::string whole = masks.maskOf(rule, "name", "Anna Schneider");
        QVERIFY(whole != "Anna Schneider" && whole.find(' ') != std::string::npos);
        QCOMPARE(masks.maskOf(rule, "name", "Anna"), whole.substr(0, whole.find(' ')));
        QVERIFY(others.maskOf(rule, "name", "Anna Schneider") != whole);

        rule.config.maskAs.clear();
        rule.config.restore = true;
        const std::string mark = masks.maskOf(rule, "name", "Anna Schneider");
        QVERIFY(mark.starts_with("[NAME_"));
        QCOMPARE(masks.restored("for " + mark + ".", false), std::string("for Anna Schneider."));
    }
};

QTEST_GUILESS_MAIN(PersonalNamesTest)
#include "personal_names_test.moc"
