// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "pipeline/kept_ids.h"

using namespace gateway::pipeline;

namespace {

std::optional<KeptReferences> nativeIds(std::string_view json)
{
    return withNativeFileIds(json, [](std::string_view id) { return id.size() < 8; });
}

} // namespace

class KeptIdsTest : public QObject {
    Q_OBJECT

private slots:
    void putsTheProvidersIdsIn_data();
    void putsTheProvidersIdsIn();
    void leavesTextAlone_data();
    void leavesTextAlone();
    void namesTheFirstTwoProviders();
    void isLinearInHostileBodies_data();
    void isLinearInHostileBodies();
};

void KeptIdsTest::putsTheProvidersIdsIn_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("sent");
    QTest::newRow("chat") << QByteArray(R"({"file":{"file_id":"file-1~own"},"x":1})")
                          << QByteArray(R"({"file":{"file_id":"file-1"},"x":1})");
    QTest::newRow("before a key") << QByteArray(R"({"file_id":"a~own","b~own":1})")
                                  << QByteArray(R"({"file_id":"a","b~own":1})");
    QTest::newRow("blanks") << QByteArray("{\"file_id\" :\n \"file_1.a~own\" }")
                            << QByteArray("{\"file_id\" :\n \"file_1.a\" }");
    QTest::newRow("twice") << QByteArray(R"([{"file_id":"a~own"},{"file_id":"b~own"}])")
                           << QByteArray(R"([{"file_id":"a"},{"file_id":"b"}])");
    QTest::newRow("list after a text")
        << QByteArray(R"({"file_id":"a~own","ids":["b~own","c~own"],"file_ids":["d~own","e","f~own"]})")
        << QByteArray(R"({"file_id":"a","ids":["b~own","c~own"],"file_ids":["d","e","f"]})");
    QTest::newRow("list") << QByteArray(R"({"file_ids":["a~own", "b", "c~own"]})")
                          << QByteArray(R"({"file_ids":["a", "b", "c"]})");
    QTest::newRow("beside text") << QByteArray(R"({"t":"~ \"file_id\":\"a~own\"","file_id":"a~own"})")
                                 << QByteArray(R"({"t":"~ \"file_id\":\"a~own\"","file_id":"a"})");
}

void KeptIdsTest::putsTheProvidersIdsIn()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, sent);
    const auto references = nativeIds(body.toStdString());
    QVERIFY(references);
    QCOMPARE(QByteArray::fromStdString(references->body), sent);
    QCOMPARE(references->provider, std::string("own"));
    QVERIFY(references->other.empty());
}

void KeptIdsTest::leavesTextAlone_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no mark") << QByteArray(R"({"file_id":"file-1"})");
    QTest::newRow("another member") << QByteArray(R"({"content":"file-1~own"})");
    QTest::newRow("within a text") << QByteArray(R"({"content":"say \"file_id\":\"file-1~own\""})");
    QTest::newRow("a path") << QByteArray(R"({"file_id":"~/notes"})");
    QTest::newRow("two marks") << QByteArray(R"({"file_id":"a~b~c"})");
    QTest::newRow("list of another member") << QByteArray(R"({"ids":["a~own"]})");
    QTest::newRow("list within a list") << QByteArray(R"({"file_ids":[["a~own"]]})");
    QTest::newRow("no provider of ours") << QByteArray(R"({"file_id":"report~version2"})");
    QTest::newRow("array first") << QByteArray(R"(["a~own"])");
    QTest::newRow("string alone") << QByteArray(R"("a~own")");
}

void KeptIdsTest::leavesTextAlone()
{
    QFETCH(QByteArray, body);
    QVERIFY(!nativeIds(body.toStdString()));
    QVERIFY(!nativeIds({body.isEmpty() ? nullptr : body.data(), std::size_t(body.size())}));
}

void KeptIdsTest::namesTheFirstTwoProviders()
{
    const auto references = nativeIds(R"([{"file_id":"a~x"},{"file_id":"b~y"},{"file_id":"c~z"}])");
    QVERIFY(references);
    QCOMPARE(references->provider, std::string("x"));
    QCOMPARE(references->other, std::string("y"));
}

void KeptIdsTest::isLinearInHostileBodies_data()
{
    QTest::addColumn<QByteArray>("unit");
    QTest::newRow("marks") << QByteArray("~");
    QTest::newRow("ids") << QByteArray("a~");
    QTest::newRow("elements") << QByteArray("\"a~b\",");
    QTest::newRow("elements without a mark") << QByteArray("\"a\",\"b\",\"c\",\"a~b\",");
    QTest::newRow("long ids") << QByteArray(400, 'a') + "~";
}

/// A search that began anew at each mark would not come back within the test's time.
void KeptIdsTest::isLinearInHostileBodies()
{
    QFETCH(QByteArray, unit);
    for (const char* key : {"file_ids", "ids"}) {
        const QByteArray body =
            QByteArray("{\"") + key + "\":[" + unit.repeated((8 << 20) / unit.size()) + "\"\"]}";
        static_cast<void>(nativeIds(body.toStdString()));
    }
}

QTEST_APPLESS_MAIN(KeptIdsTest)
#include "kept_ids_test.moc"
