// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "base/multipart_scanner.h"

using namespace gateway;

namespace {

using State = MultipartScanner::State;

std::string part(const std::string& disposition, const std::string& content)
{
    return "--cut\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n";
}

const std::string kForm = part("name=\"file\"; filename=\"a.wav\"", "RI\r\n--cu\r\n--\0FF") +
                          part("name=\"model\"", "whisper-1") + part("name=\"empty\"", "") + "--cut--\r\n";

MultipartScanner scanned(const std::string& body)
{
    MultipartScanner scanner("cut");
    scanner.feed(body);
    return scanner;
}

} // namespace

class MultipartScannerTest : public QObject {
    Q_OBJECT

private slots:
    void findsFieldsAndTheirPlaces()
    {
        const MultipartScanner scanner = scanned(kForm);
        QCOMPARE(scanner.state(), State::Done);
        QCOMPARE(scanner.fields().size(), 3u);
        const auto* model = scanner.find("model");
        QVERIFY(model && !model->isFile && model->isWhole);
        QCOMPARE(model->value, std::string("whisper-1"));
        QCOMPARE(kForm.substr(model->begin, model->end - model->begin), std::string("whisper-1"));
        QVERIFY(scanner.find("file")->isFile);
        QVERIFY(scanner.find("file")->value.empty());
        QVERIFY(scanner.find("empty")->value.empty());
        QVERIFY(!scanner.find("other"));
    }

    void isTheSameCutAtEveryByte()
    {
        for (std::size_t cut = 0; cut <= kForm.size(); ++cut) {
            MultipartScanner scanner("cut");
            QVERIFY(scanner.feed(std::string_view(kForm).substr(0, cut)));
            QVERIFY(scanner.feed(std::string_view(kForm).substr(cut)));
            QCOMPARE(scanner.state(), State::Done);
            QCOMPARE(scanner.find("model")->value, std::string("whisper-1"));
            QCOMPARE(scanner.find("model")->begin, scanned(kForm).find("model")->begin);
        }
    }

    void knowsAFieldBeforeTheFileHasCome()
    {
        MultipartScanner scanner("cut");
        scanner.feed(part("name=\"model\"", "m") + "--cut\r\nContent-Disposition: form-data; name=\"file\"; "
                                                   "filename=\"a\"\r\n\r\n");
        QCOMPARE(scanner.find("model")->value, std::string("m"));
        QVERIFY(scanner.feed(std::string(1 << 20, '\r')));
        QCOMPARE(scanner.state(), State::Content);
    }

    void countsFieldsOfOneName()
    {
        QCOMPARE(scanned(part("name=\"model\"", "a") + part("name=model", "b") + "--cut--").count("model"),
                 2u);
    }

    void keepsLongValuesInPart()
    {
        const MultipartScanner scanner =
            scanned(part("name=\"prompt\"", std::string(10 * 1000, 'x')) + "--cut--");
        QVERIFY(!scanner.find("prompt")->isWhole);
        QCOMPARE(scanner.find("prompt")->value.size(), MultipartScanner::kMaxValue);
        QCOMPARE(scanner.find("prompt")->end - scanner.find("prompt")->begin, std::uint64_t{10 * 1000});
    }

    void readsQuotedNames()
    {
        const MultipartScanner scanner = scanned(part("name=\"a\\\"b;c\"; x=1", "1") +
                                                 part("NAME=\"d\"; filename*=UTF-8''x", "2") + "--cut--");
        QCOMPARE(scanner.fields().at(0).name, std::string("a\"b;c"));
        QVERIFY(scanner.fields().at(1).isFile);
    }

    void refusesWhatIsNoForm_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("another boundary") << QByteArray("--other\r\n\r\n");
        QTest::newRow("a preamble") << QByteArray("hello\r\n--cut\r\n");
        QTest::newRow("no disposition") << QByteArray("--cut\r\nContent-Type: text/plain\r\n\r\nx");
        QTest::newRow("no name") << QByteArray("--cut\r\nContent-Disposition: form-data\r\n\r\nx");
        QTest::newRow("two names") << QByteArray(
            "--cut\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\nx");
        QTest::newRow("two dispositions") << QByteArray(
            "--cut\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; "
            "name=b\r\n\r\nx");
        QTest::newRow("an attachment")
            << QByteArray("--cut\r\nContent-Disposition: attachment; name=a\r\n\r\nx");
        QTest::newRow("no colon") << QByteArray("--cut\r\nContent\r\n\r\nx");
        QTest::newRow("a longer boundary")
            << QByteArray("--cut\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--cutter\r\n");
        QTest::newRow("an endless head") << "--cut\r\nX: " + QByteArray(20 * 1000, 'x');
    }

    void refusesWhatIsNoForm()
    {
        QFETCH(QByteArray, body);
        MultipartScanner scanner("cut");
        QVERIFY(!scanner.feed(body.toStdString()));
        QCOMPARE(scanner.state(), State::Bad);
        QVERIFY(!scanner.feed("more"));
    }

    void readsTheBoundary()
    {
        QCOMPARE(multipartBoundary("multipart/form-data; boundary=x-1"), std::optional<std::string>("x-1"));
        QCOMPARE(multipartBoundary("Multipart/Form-Data; charset=a; BOUNDARY=\"a b\""),
                 std::optional<std::string>("a b"));
        for (const char* bad :
             {"multipart/mixed; boundary=x", "multipart/form-data",
              "multipart/form-data; boundary=", "multipart/form-data; boundary=a; boundary=b",
              "multipart/form-data; boundary=\"a", "multipart/form-data; boundary=\"a\rb\""})
            QVERIFY2(!multipartBoundary(bad), bad);
        QVERIFY(!multipartBoundary("multipart/form-data; boundary=" + std::string(71, 'x')));
    }
};

QTEST_GUILESS_MAIN(MultipartScannerTest)
#include "multipart_scanner_test.moc"
