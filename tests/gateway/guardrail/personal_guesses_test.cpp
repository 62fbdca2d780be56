// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <QTest>

#include "guardrail/personal_data.h"
#include "place_texts.h"

using namespace gateway::guardrail;

namespace {

QString guessed(const QString& text, EntitySet wanted = guessedEntities())
{
    const std::string bytes = text.toStdString();
    QStringList parts;
    for (const Finding& each : findPersonalData(bytes, wanted)) {
        parts << QString::fromStdString(std::string(entityName(each.entity)) + ":" +
                                        bytes.substr(each.start, each.size));
    }
    return parts.join(QLatin1Char('|'));
}

} // namespace

/// Sorts that are found by their wording.
class PersonalGuessesTest : public QObject {
    Q_OBJECT

private slots:
    void findsPlates_data()
    {
        QTest::addColumn<QString>("around");
        QTest::addColumn<QString>("plate");
        const auto row = [](const char* around, const char* plate) {
            QTest::newRow(plate) << QString::fromUtf8(around) << QString::fromUtf8(plate);
        };
        row("number plate %1.", "AB12 CDE");
        row("Kennzeichen: %1", "M-AB 1234");
        row("Kennzeichen %1 am Auto", "KÜN-X 12");
        row("plaque %1", "AB-123-CD");
        row("la targa %1", "FG456HJ");
        row("matrícula %1", "1234 BCD");
        row("kenteken %1", "12-ABC-3");
        row("kenteken %1 ", "AB-12-CD");
        row("plaque belge %1", "1-ABC-234");
        row("numer rejestracyjny %1", "WA 12345");
        row("registreringsnummer %1", "ABC 12D");
        row("licence plate %1", "W-12345A");
        row("plate %1", "ZH 123456");
        row("vehicle %1", "MH 12 AB 1234");
        row("license plate %1", "7ABC123");
        row("placa %1", "ABC1D23");
        row("registration %1", "12-D-12345");
        row("plate %1 ", "A123BC 77");
    }
    void findsPlates()
    {
        QFETCH(QString, around);
        QFETCH(QString, plate);
        QCOMPARE(guessed(around.arg(plate)), QStringLiteral("licence_plate:") + plate);
        QCOMPARE(guessed(plate + QStringLiteral(" is in stock")), QString());
    }

    void findsAddresses_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("address");
        const auto row = [](const char* text, const char* address) {
            QTest::newRow(address) << QString::fromUtf8(text) << QString::fromUtf8(address);
        };
        row("I live at 221B Baker Street, London NW1 6XE.", "221B Baker Street, London NW1 6XE");
        row("to 1600 Amphitheatre Parkway, Mountain View, CA 94043 please",
            "1600 Amphitheatre Parkway, Mountain View, CA 94043");
        row("Ship to 12 North Oak Ave, Apt 4B today", "12 North Oak Ave, Apt 4B");
        row("Ich wohne in der Hauptstraße 12a, 10115 Berlin", "Hauptstraße 12a, 10115 Berlin");
        row("Anschrift: Berliner Allee 7", "Berliner Allee 7");
        row("j'habite 12 bis, rue de la Paix, 75002 Paris", "12 bis, rue de la Paix, 75002 Paris");
        row("Vivo en Calle de Alcalá 45, 28014 Madrid", "Calle de Alcalá 45, 28014 Madrid");
        row("Abito in Via Giuseppe Garibaldi, 15, 20121 Milano", "Via Giuseppe Garibaldi, 15, 20121 Milano");
        row("Adres: Prinsengracht 263, 1016 GV Amsterdam", "Prinsengracht 263, 1016 GV Amsterdam");
        row("zapraszam, ul. Grochowa 80", "ul. Grochowa 80");
        row("a Rákóczi út 13. alatt", "Rákóczi út 13.");
        row("trg revolucije 17 v Ljubljani", "trg revolucije 17");
        row("Atatürk Caddesi No: 12 Ankara", "Atatürk Caddesi No: 12");
        row("moro na Rua Augusta 25", "Rua Augusta 25");
        row("jeg bor Storgata 5", "Storgata 5");
        row("talo on Mannerheimintie 12", "Mannerheimintie 12");
        row("på Drottninggatan 71", "Drottninggatan 71");
        row("on Vesterbro Stræde", "");
        row("to PSC 1234, Box 5678, APO AE 09123 then", "PSC 1234, Box 5678, APO AE 09123");
        row("write to P.O. Box 287 now", "P.O. Box 287");
        row("at 462 Quadrella 80 Apt. 608 upstairs", "462 Quadrella 80 Apt. 608");
        row("She lives at 12 Quadrella", "12 Quadrella");
        row("My address is Kaevu 94 since", "Kaevu 94");
    }
    void findsAddresses()
    {
        QFETCH(QString, text);
        QFETCH(QString, address);
        QCOMPARE(guessed(text), address.isEmpty() ? QString() : QStringLiteral("address:") + address);
    }

    void leavesOthersAlone_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"We met in 2024 on the Way to town", "10 people walked down the street",
              "return 12 * street.width; // 3 Road objects", "Der Arbeitsweg dauert 30 Minuten",
              "via HTTP 2 and Via 3", "the number plate is lost", "registration closes at 10",
              "vehicle speed 120 km/h", "class Address { int place = 5; };", "Model ABC-1234 is in stock",
              "Spring 2024 and Colgate 12", "See Section 5 and Table 12", "12 Monkeys won 3 Oscars",
              "the IP address of Server 12 and of port 80", "int address = Offset 12;"})
            QTest::newRow(text) << QString::fromUtf8(text);
    }
    void leavesOthersAlone()
    {
        QFETCH(QString, text);
        QCOMPARE(guessed(text), QString());
    }

    void areMaskedInAStreamAsInTheWhole()
    {
        requireSameInParts(
            "pii",
            "I live at 221B Baker Street, London NW1 6XE. Or 1600 Amphitheatre Parkway, Mountain "
            "View, CA 94043; Hauptstraße 12a, 10115 Berlin; 12 bis, rue de la Paix, 75002 Paris, "
            "462 Quadrella 80 Apt. 608. My address is Kaevu 94 and PSC 1234, Box 5678, APO AE 09123 "
            "is hers, Via Giuseppe Garibaldi, 15, 20121 Milano. 12 North Oak Ave, Apt 4B, done.",
            R"({"entities":["address"]})");
    }

    void areLookedForOnlyWhereWanted()
    {
        const QString text = QStringLiteral("license plate 7ABC123, 12 Oak Street; Kennzeichen M-AB 1234");
        QCOMPARE(guessed(text, ~guessedEntities()), QString());
        QCOMPARE(guessed(text, bitOf(Entity::Address)), QStringLiteral("address:12 Oak Street"));
        QVERIFY((personalEntities() & guessedEntities()) == 0);
        QVERIFY(findAllSorts(text.toStdString()).empty());
    }
};

QTEST_GUILESS_MAIN(PersonalGuessesTest)
#include "personal_guesses_test.moc"
