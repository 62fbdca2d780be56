// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <QTest>

#include "cache/canonical_json.h"

using gateway::cache::canonicalJson;

namespace {

QByteArray canonical(const QByteArray& json)
{
    const auto text =
        canonicalJson(std::string_view(json.constData(), static_cast<std::size_t>(json.size())));
    return text ? QByteArray::fromStdString(*text) : QByteArray("(none)");
}

} // namespace

class CanonicalJsonTest : public QObject {
    Q_OBJECT

private slots:
    void isTheSame_data();
    void isTheSame();
    void isAnother_data();
    void isAnother();
    void leavesOutMembersOfTheOutermostObject();
    void takesObjectsOnly();
    void isTheSameInAnyOrder();
};

void CanonicalJsonTest::isTheSame_data()
{
    QTest::addColumn<QByteArray>("one");
    QTest::addColumn<QByteArray>("other");
    QTest::newRow("order") << QByteArray("{\"a\":1,\"b\":2}") << QByteArray("{\"b\":2,\"a\":1}");
    QTest::newRow("order within") << QByteArray("{\"a\":{\"x\":[1],\"y\":2}}")
                                  << QByteArray("{\"a\":{\"y\":2,\"x\":[1]}}");
    QTest::newRow("spaces") << QByteArray("{\"a\":[1,2]}") << QByteArray(" {\n\"a\" : [ 1 ,\t2 ] } ");
    QTest::newRow("numbers") << QByteArray("{\"a\":100}") << QByteArray("{\"a\":1.0e2}");
    QTest::newRow("minus nothing") << QByteArray("{\"a\":0}") << QByteArray("{\"a\":-0.0}");
    QTest::newRow("escapes") << QByteArray("{\"a\":\"\xc3\xa9/\"}") << QByteArray("{\"a\":\"\\u00e9\\/\"}");
    QTest::newRow("a text alone") << QByteArray(
                                         "{\"m\":[{\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}]}")
                                  << QByteArray("{\"m\":[{\"content\":\"a\"}]}");
    QTest::newRow("nothing set") << QByteArray("{\"a\":1,\"options\":{}}") << QByteArray("{\"a\":1}");
    QTest::newRow("escaped name") << QByteArray("{\"ab\":1}") << QByteArray("{\"\\u0061b\":1}");
}

void CanonicalJsonTest::isTheSame()
{
    QFETCH(QByteArray, one);
    QFETCH(QByteArray, other);
    QVERIFY(canonical(one) != "(none)");
    QCOMPARE(canonical(one), canonical(other));
    QCOMPARE(canonical(canonical(one)), canonical(one));
}

void CanonicalJsonTest::isAnother_data()
{
    QTest::addColumn<QByteArray>("one");
    QTest::addColumn<QByteArray>("other");
    QTest::newRow("value") << QByteArray("{\"a\":1}") << QByteArray("{\"a\":2}");
    QTest::newRow("sort") << QByteArray("{\"a\":1}") << QByteArray("{\"a\":\"1\"}");
    QTest::newRow("nothing") << QByteArray("{\"a\":null}") << QByteArray("{}");
    QTest::newRow("elements have an order") << QByteArray("{\"a\":[1,2]}") << QByteArray("{\"a\":[2,1]}");
    QTest::newRow("fraction") << QByteArray("{\"a\":0.5}") << QByteArray("{\"a\":0.25}");
    QTest::newRow("great numbers") << QByteArray("{\"a\":9007199254740993}")
                                   << QByteArray("{\"a\":9007199254740992}");
    QTest::newRow("a text with more to it")
        << QByteArray("{\"content\":[{\"type\":\"text\",\"text\":\"a\",\"x\":1}]}")
        << QByteArray("{\"content\":\"a\"}");
    QTest::newRow("two texts")
        << QByteArray("{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}")
        << QByteArray("{\"content\":[{\"type\":\"text\",\"text\":\"ab\"}]}");
    QTest::newRow("letters") << QByteArray("{\"a\":\"x\"}") << QByteArray("{\"a\":\"X\"}");
}

void CanonicalJsonTest::isAnother()
{
    QFETCH(QByteArray, one);
    QFETCH(QByteArray, other);
    QVERIFY(canonical(one) != canonical(other));
}

void CanonicalJsonTest::leavesOutMembersOfTheOutermostObject()
{
    constexpr std::array<std::string_view, 2> kWithout{"user", "metadata"};
    QCOMPARE(*canonicalJson("{\"user\":\"u\",\"a\":{\"user\":1},\"metadata\":{\"b\":2}}", kWithout),
             std::string("{\"a\":{\"user\":1}}"));
}

void CanonicalJsonTest::takesObjectsOnly()
{
    for (const char* text : {"", "[1]", "1", "{\"a\":", "{} {}"})
        QCOMPARE(canonical(text), QByteArray("(none)"));
}

void CanonicalJsonTest::isTheSameInAnyOrder()
{
    std::minstd_rand random(7);
    std::vector<std::string> members;
    for (int i = 0; i < 12; ++i)
        members.push_back("\"m" + std::to_string(i) + "\":{\"b\":" + std::to_string(i) +
                          ",\"a\":[true,null]}");
    const auto text = [&] {
        std::string all = "{";
        for (const std::string& each : members)
            all += (all.size() > 1 ? "," : "") + each;
        return all + "}";
    };
    const auto first = canonicalJson(text());
    QVERIFY(first);
    for (int i = 0; i < 200; ++i) {
        std::shuffle(members.begin(), members.end(), random);
        QCOMPARE(canonicalJson(text()), first);
    }
}

QTEST_APPLESS_MAIN(CanonicalJsonTest)
#include "canonical_json_test.moc"
