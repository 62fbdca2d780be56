// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <QTest>

#include "guardrail/personal_data.h"

using namespace gateway::guardrail;

namespace {

constexpr EntitySet kAll = ~EntitySet{0};

/// "email:anna@example.com|phone:…" of what was found.
QString found(const QString& text, EntitySet wanted = kAll)
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

class PersonalDataTest : public QObject {
    Q_OBJECT

private slots:
    void finds_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("wanted");
        const auto row = [](const char* name, const char* text, const char* wanted) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(wanted);
        };
        row("e-mail", "Write to anna.berg+work@mail.example.com, please.",
            "email:anna.berg+work@mail.example.com");
        row("e-mail in brackets", "Anna <anna@example.org>", "email:anna@example.org");
        row("e-mail after mailto", "[me](mailto:anna@example.org)", "email:anna@example.org");
        row("e-mail in a query", "?to=anna@example.org&x=1", "email:anna@example.org");
        row("e-mail of another script", "пишите: анна@пример.рф", "email:анна@пример.рф");
        row("e-mail behind a colon", "From:anna@example.com", "email:anna@example.com");
        row("e-mail before a colon", "anna@example.com:Hello", "email:anna@example.com");
        row("e-mail at a city", "ola@verein.hamburg", "email:ola@verein.hamburg");
        row("two e-mails", "a@b.com;c@d.net", "email:a@b.com|email:c@d.net");
        row("card", "card 4111 1111 1111 1111, 12/29", "payment_card:4111 1111 1111 1111");
        row("card with dashes", "5500-0055-5555-5559", "payment_card:5500-0055-5555-5559");
        row("card of fifteen digits", "amex 378282246310005.", "payment_card:378282246310005");
        row("IBAN", "to DE89370400440532013000 today", "iban:DE89370400440532013000");
        row("IBAN in groups", "IBAN: GB29 NWBK 6016 1331 9268 19.", "iban:GB29 NWBK 6016 1331 9268 19");
        row("IBAN in small letters", "be68539007547034", "iban:be68539007547034");
        row("phone with a country", "call +49 (0)30 901820", "phone:+49 (0)30 901820");
        row("North American phone", "at (415) 555-0132 or 415.555.0199",
            "phone:(415) 555-0132|phone:415.555.0199");
        row("phone with an extension", "fax 415-555-0132x818", "phone:415-555-0132x818");
        row("phone by its trunk zero", "Ring 07700 900 123 at noon", "phone:07700 900 123");
        row("phone by a word", "Telefon: 60-56-85-91", "phone:60-56-85-91");
        row("address of a machine", "from 203.0.113.9/24 to 2001:db8::1.",
            "ip_address:203.0.113.9/24|ip_address:2001:db8::1");
        row("MAC address", "eth0 00:1A:2b:3C:4d:5E up", "mac_address:00:1A:2b:3C:4d:5E");
        row("Bitcoin address", "to 16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ",
            "crypto_address:16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ");
        row("later Bitcoin address", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "crypto_address:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4");
        row("page", "see https://www.example.com/a?b=c).", "url:https://www.example.com/a?b=c");
        row("day of birth", "born on 3/23/1940. The house that she later lived in was built 5/6/1999",
            "birth_date:3/23/1940");
        row("named day of birth", "DOB: 12 March 1984", "birth_date:12 March 1984");
        row("place", "at 52.520008, 13.404954 now", "coordinates:52.520008, 13.404954");
        row("health number", "NHS number 943 476 5919", "medical_number:943 476 5919");
    }
    void finds()
    {
        QFETCH(QString, text);
        QFETCH(QString, wanted);
        QCOMPARE(found(text), wanted);
    }

    void findsNationalIds_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("id");
        const auto row = [](const char* name, const char* before, const char* id) {
            QTest::newRow(name) << QString::fromUtf8(before) + QString::fromUtf8(id) + QStringLiteral(".")
                                << QString::fromUtf8(id);
        };
        row("US social security", "", "078-05-1123");
        row("US taxpayer", "my itin is ", "911-53-1234");
        row("British insurance", "NI ", "AB123456C");
        row("Canadian insurance", "SIN: ", "193 456 787");
        row("Australian tax", "TFN ", "123 456 782");
        row("Indian Aadhaar", "", "2341 2341 2346");
        row("Indian PAN", "", "ABCPD1234Z");
        row("Singaporean", "", "S1234567D");
        row("Spanish", "", "12345678Z");
        row("Spanish foreigner", "", "X1234567L");
        row("Italian", "", "RSSMRA85T10A562S");
        row("French", "", "2 55 08 14 168 025 38");
        row("German tax", "Steuer-ID ", "86095742719");
        row("Dutch", "BSN ", "111222333");
        row("Belgian", "", "85.07.30-033.28");
        row("Portuguese", "contribuinte ", "501442600");
        row("Polish", "PESEL ", "44051401458");
        row("Swedish", "", "811218-9876");
        row("Danish", "CPR ", "070761-4285");
        row("Norwegian", "", "01019000083");
        row("Finnish", "", "131052-308T");
        row("Irish", "PPS ", "1234567T");
        row("Austrian", "SVNR ", "1237 010180");
        row("Swiss", "", "756.9217.0769.85");
        row("Brazilian", "", "529.982.247-25");
        row("Argentinian", "", "20-12345678-6");
        row("Chilean", "", "12.345.678-5");
        row("Mexican", "", "HEGG560427MVZRRL04");
        row("South African", "", "8001015009087");
        row("Chinese", "", "11010519491231002X");
        row("Korean", "", "850101-1234567");
        row("Japanese", "My Number ", "123456789018");
        row("Turkish", "T.C. kimlik ", "10000000146");
        row("Israeli", "teudat zehut ", "123456782");
        row("Romanian", "", "1800101221144");
        row("Bulgarian", "EGN ", "7523169263");
        row("Czech", "", "736028/5163");
        row("Croatian", "OIB ", "94577403194");
        row("Greek", "AFM ", "094014201");
        row("Estonian", "isikukood ", "37605030299");
        row("Thai", "", "1-1014-00739-26-5");
        row("Russian", "", "112-233-445 95");
        row("Taiwanese", "national ID ", "A123456789");
        row("Malaysian", "", "850101-14-5678");
        row("passport", "passport no. ", "C01234567");
        row("driving licence", "driving licence ", "MORGA657054SM9IJ");
    }
    void findsNationalIds()
    {
        QFETCH(QString, text);
        QFETCH(QString, id);
        QCOMPARE(found(text), QStringLiteral("national_id:") + id);
        // A digit more or less is another number.
        const QString longer = id + QLatin1Char('1');
        QVERIFY(!found(QString(text).replace(id, longer)).contains(QStringLiteral("national_id:") + longer));
    }

    void aWrongCheckDigitIsNothing_data()
    {
        QTest::addColumn<QString>("text");
        const auto row = [](const char* text) { QTest::newRow(text) << QString::fromUtf8(text); };
        for (const char* text :
             {"card 4111 1111 1111 1112", "DE88370400440532013000", "XX89370400440532013000", "12345678A",
              "the part S1234567A", "756.9217.0769.84", "529.982.247-26", "131052-308U", "811218-9875",
              "078-00-1123", "666-12-3456", "16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyA", "PESEL 44051401459",
              "AADHAAR 2341 2341 2347"})
            row(text);
    }
    void aWrongCheckDigitIsNothing()
    {
        QFETCH(QString, text);
        QCOMPARE(found(text), QString());
    }

    void leavesOrdinaryTextAlone_data()
    {
        QTest::addColumn<QString>("text");
        const auto row = [](const char* text) { QTest::newRow(text) << QString::fromUtf8(text); };
        for (const char* text : {"git clone git@github.com:me/project",
                                 "scp a.txt me@host.org:/tmp/a.txt",
                                 "postgres://me:secret@db.example.com/x",
                                 "npm i react@18.2.0 @types/node",
                                 "@media (max-width: 40em)",
                                 "y = x@self.weight",
                                 "std::vector<int> a; b::c();",
                                 "version 10.0.19045.1",
                                 "at 12:34:56",
                                 "2026-11-27T10:00:00Z",
                                 "1, 2, 3, 4, 5, 6, 7, 8",
                                 "10 20 30 40 50 60",
                                 "0x6364136223846793005",
                                 "in 2004-2005 and 1999/2000",
                                 "3.14159265358979",
                                 "550e8400-e29b-41d4-a716-446655440000",
                                 "d41d8cd98f00b204e9800998ecf8427e",
                                 "1732700000000",
                                 "127.5 / 3.25",
                                 "Order 4711",
                                 "SELECT 1e10",
                                 "price 1,299.00",
                                 "#ff00aa",
                                 "user@localhost",
                                 "born on a farm"})
            row(text);
    }
    void leavesOrdinaryTextAlone()
    {
        QFETCH(QString, text);
        QCOMPARE(found(text, personalEntities()), QString());
    }

    void aBareNumberNeedsAWordAroundIt()
    {
        QCOMPARE(found(QStringLiteral("the sum is 111222333 units")), QString());
        QCOMPARE(found(QStringLiteral("his BSN is 111222333")), QStringLiteral("national_id:111222333"));
        QCOMPARE(found(QStringLiteral("44051401458")), QStringLiteral("national_id:44051401458"));
    }

    void ofTwoThatOverlapTheLongerCounts()
    {
        QCOMPARE(found(QStringLiteral("https://example.com/?m=anna@example.com")),
                 QStringLiteral("url:https://example.com/?m=anna@example.com"));
        // What is asked for decides nothing about what it is.
        QCOMPARE(found(QStringLiteral("4111 1111 1111 1111"), bitOf(Entity::Phone)), QString());
    }

    void whoOnlyAsksWhatThereIsIsToldWhatAPageHolds()
    {
        EntitySet kinds = 0;
        for (const Finding& each : findAllSorts("https://acme.com,anna@acme.com,4111111111111111"))
            kinds |= bitOf(each.entity);
        QCOMPARE(kinds, bitOf(Entity::Url) | bitOf(Entity::Email) | bitOf(Entity::PaymentCard));
    }

    void readsHostileTextInOneGo_data()
    {
        QTest::addColumn<QByteArray>("text");
        // Each of these took time by the square of its size, which is hours here.
        for (const char* piece : {"http://a.co/", "www.a.co", "1:", "de:ad:be:ef:", "a@b.co:", "(1) 2-"})
            QTest::newRow(piece) << QByteArray(piece).repeated((2 << 20) / static_cast<int>(qstrlen(piece)));
    }
    void readsHostileTextInOneGo()
    {
        QFETCH(QByteArray, text);
        QVERIFY(findAllSorts(text.toStdString()).size() <= static_cast<std::size_t>(text.size()));
    }

    void namesAreThoseOfConfigurations()
    {
        QCOMPARE(entityNames().size(), std::size_t{15});
        for (const auto name : entityNames()) {
            const auto entity = entityNamed(name);
            QVERIFY(entity && entityName(*entity) == name);
        }
        QVERIFY(!entityNamed("nothing"));
        QVERIFY(!entityNamed(""));
    }
};

QTEST_APPLESS_MAIN(PersonalDataTest)
#include "personal_data_test.moc"
