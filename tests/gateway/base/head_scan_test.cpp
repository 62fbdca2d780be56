// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <QtTest/QtTest>

#include "base/head_scan.h"

using namespace gateway;

namespace {

using namespace std::string_literals;

HeadFault requestFault(std::string_view head, const HeadLimits& limits = {})
{
    const auto problem = scanRequestHead(head, limits);
    return problem ? problem->fault : HeadFault::Undecided;
}

HeadFault responseFault(std::string_view head)
{
    const auto problem = scanResponseHead(head, {});
    return problem ? problem->fault : HeadFault::Undecided;
}

HeadFault firstLineFault(std::string_view bytes)
{
    const auto problem = scanFirstLine(bytes, {});
    return problem ? problem->fault : HeadFault::Undecided;
}

/// A request with these header lines beside its Host.
std::string request(const std::string& fields, const std::string& version = "1.1")
{
    return "POST /v1/chat/completions HTTP/" + version + "\r\nHost: localhost:1\r\n" + fields + "\r\n";
}

const std::string kGood = "GET /v1/models?a=%20b HTTP/1.1\r\nHost: [::1]:8080\r\nUser-Agent: x\ty "
                          "\xC3\xA9\r\nEmpty:\r\nA:b\r\n\r\n";

struct Row {
    std::string text;
    HeadFault fault;
};

} // namespace

class HeadScanTest : public QObject {
    Q_OBJECT

private slots:
    void acceptsGoodRequests();
    void refusesBadRequestLines();
    void refusesBadFields();
    void refusesAmbiguousFraming();
    void wantsOneGoodHost();
    void keepsTheLimits();
    void findsTheHeadEndCutAtEveryByte();
    void endsAHeadAtABareLineFeedToo();
    void dropsOneEmptyLineBeforeARequest();
    void acceptsEveryCutOfAGoodFirstLine();
    void refusesAHopelessFirstLineAtOnce();
    void refusesNothingEarlyThatIsGoodLater();
    void acceptsGoodResponses();
    void refusesBadResponses();
    void takesALineApart();
};

void HeadScanTest::acceptsGoodRequests()
{
    QCOMPARE(requestFault(kGood), HeadFault::Undecided);
    QCOMPARE(requestFault(request("")), HeadFault::Undecided);
    QCOMPARE(requestFault(request("Content-Length: 0\r\n")), HeadFault::Undecided);
    QCOMPARE(requestFault(request("content-length:\t18446744073709551615 \r\n")), HeadFault::Undecided);
    QCOMPARE(requestFault(request("Transfer-Encoding: Chunked\r\n")), HeadFault::Undecided);
    QCOMPARE(requestFault("GET / HTTP/1.0\r\n\r\n"), HeadFault::Undecided);
    QCOMPARE(requestFault("OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n"), HeadFault::Undecided);
    QCOMPARE(requestFault("!#$%&'*+-.^_`|~ / HTTP/1.1\r\nHOST: a\r\n\r\n"), HeadFault::Undecided);
}

void HeadScanTest::refusesBadRequestLines()
{
    const std::vector<Row> rows = {{"GET /\r\n\r\n", HeadFault::BadRequestLine},
                                   {"GET  / HTTP/1.1\r\n\r\n", HeadFault::BadRequestLine},
                                   {"GET /  HTTP/1.1\r\n\r\n", HeadFault::BadRequestLine},
                                   {"GET / HTTP/1.1 \r\n\r\n", HeadFault::BadRequestLine},
                                   {" GET / HTTP/1.1\r\n\r\n", HeadFault::BadRequestLine},
                                   {"GET\t/ HTTP/1.1\r\n\r\n", HeadFault::ControlByte},
                                   {"GET HTTP/1.1\r\n\r\n", HeadFault::BadRequestLine},
                                   {"GET /a b HTTP/1.1\r\n\r\n", HeadFault::BadRequestLine},
                                   {"GET /\xC3\xA9 HTTP/1.1\r\n\r\n", HeadFault::BadRequestLine},
                                   {"GET /\x7f HTTP/1.1\r\n\r\n", HeadFault::ControlByte},
                                   {"GET /\0 HTTP/1.1\r\n\r\n"s, HeadFault::ControlByte},
                                   {"GET / http/1.1\r\n\r\n", HeadFault::BadRequestLine},
                                   {"GET / HTTP/11\r\n\r\n", HeadFault::BadRequestLine},
                                   {"GET / HTTP/1.10\r\n\r\n", HeadFault::BadRequestLine},
                                   {"GET / HTTP/x.1\r\n\r\n", HeadFault::BadRequestLine},
                                   {"GET / HTTP/1.2\r\n\r\n", HeadFault::UnsupportedVersion},
                                   {"GET / HTTP/0.9\r\n\r\n", HeadFault::UnsupportedVersion},
                                   {"PRI * HTTP/2.0\r\n\r\n", HeadFault::UnsupportedVersion},
                                   {"GET / HTTP/1.1\n\r\n", HeadFault::BareLineFeed},
                                   {"GET / HTTP/1.1\rX\r\n\r\n", HeadFault::BareCarriageReturn},
                                   {"G(T / HTTP/1.1\r\n\r\n", HeadFault::BadRequestLine},
                                   {"\r\nGET / HTTP/1.1\r\n\r\n", HeadFault::BadRequestLine},
                                   {"\n\n", HeadFault::BareLineFeed},
                                   {"", HeadFault::BadRequestLine},
                                   {"GET / HTTP/1.1\r", HeadFault::BadRequestLine},
                                   {"\x16\x03\x01\x02", HeadFault::ControlByte}};
    for (const auto& row : rows) {
        QVERIFY2(requestFault(row.text) == row.fault, row.text.c_str());
    }
}

void HeadScanTest::refusesBadFields()
{
    const std::vector<Row> rows = {{"A: b\n", HeadFault::BareLineFeed},
                                   {"A: b\n\r\n", HeadFault::BareLineFeed},
                                   {"A: b\rc\r\n", HeadFault::BareCarriageReturn},
                                   {"A: b\r\r\n", HeadFault::BareCarriageReturn},
                                   {"A\r: b\r\n", HeadFault::BareCarriageReturn},
                                   {"A: b\0c\r\n"s, HeadFault::ControlByte},
                                   {"A: \x7f\r\n", HeadFault::ControlByte},
                                   {"A: \x1b[0m\r\n", HeadFault::ControlByte},
                                   {"A\0: b\r\n"s, HeadFault::ControlByte},
                                   {"A: b\r\n c\r\n", HeadFault::FoldedHeader},
                                   {"A: b\r\n\tc\r\n", HeadFault::FoldedHeader},
                                   {" A: b\r\n", HeadFault::FoldedHeader},
                                   {"A : b\r\n", HeadFault::SpaceBeforeColon},
                                   {"A\t: b\r\n", HeadFault::SpaceBeforeColon},
                                   {"A b: c\r\n", HeadFault::SpaceBeforeColon},
                                   {": b\r\n", HeadFault::BadFieldName},
                                   {"A\r\n", HeadFault::BadFieldName},
                                   {"A(: b\r\n", HeadFault::BadFieldName},
                                   {"\xC3\xA9: b\r\n", HeadFault::BadFieldName},
                                   {"\"A\": b\r\n", HeadFault::BadFieldName}};
    for (const auto& row : rows) {
        QVERIFY2(requestFault(request(row.text)) == row.fault, row.text.c_str());
        QVERIFY2(responseFault("HTTP/1.1 200 OK\r\n" + row.text + "\r\n") == row.fault, row.text.c_str());
    }
    QCOMPARE(requestFault("GET / HTTP/1.1\r\nHost: a\r\n"), HeadFault::BadFieldName);
    const auto problem = scanRequestHead("GET / HTTP/1.1\r\nHost: a\r\nA: \x01\r\n\r\n", {});
    QCOMPARE(problem->offset, size_t(28));
}

void HeadScanTest::refusesAmbiguousFraming()
{
    const std::vector<Row> rows = {
        {"Content-Length: 5\r\nContent-Length: 5\r\n", HeadFault::DuplicateContentLength},
        {"Content-Length: 5\r\ncontent-length: 6\r\n", HeadFault::DuplicateContentLength},
        {"Content-Length: 5, 5\r\n", HeadFault::DuplicateContentLength},
        {"Content-Length: 5,\r\n", HeadFault::DuplicateContentLength},
        {"Content-Length:\r\n", HeadFault::BadContentLength},
        {"Content-Length: +5\r\n", HeadFault::BadContentLength},
        {"Content-Length: -5\r\n", HeadFault::BadContentLength},
        {"Content-Length: 0x5\r\n", HeadFault::BadContentLength},
        {"Content-Length: 5 5\r\n", HeadFault::BadContentLength},
        {"Content-Length: 5.0\r\n", HeadFault::BadContentLength},
        {"Content-Length: \"5\"\r\n", HeadFault::BadContentLength},
        {"Content-Length: 18446744073709551616\r\n", HeadFault::BadContentLength},
        {"Content-Length: 99999999999999999999999\r\n", HeadFault::BadContentLength},
        {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", HeadFault::LengthAndChunked},
        {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", HeadFault::LengthAndChunked},
        {"Transfer-Encoding: identity\r\n", HeadFault::BadTransferEncoding},
        {"Transfer-Encoding: gzip, chunked\r\n", HeadFault::BadTransferEncoding},
        {"Transfer-Encoding: chunked, chunked\r\n", HeadFault::BadTransferEncoding},
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", HeadFault::BadTransferEncoding},
        {"Transfer-Encoding: xchunked\r\n", HeadFault::BadTransferEncoding},
        {"Transfer-Encoding: chunked;q=1\r\n", HeadFault::BadTransferEncoding},
        {"Transfer-Encoding: \"chunked\"\r\n", HeadFault::BadTransferEncoding},
        {"Transfer-Encoding:\r\n", HeadFault::BadTransferEncoding}};
    for (const auto& row : rows) {
        QVERIFY2(requestFault(request(row.text)) == row.fault, row.text.c_str());
        QVERIFY2(responseFault("HTTP/1.1 200 OK\r\n" + row.text + "\r\n") == row.fault, row.text.c_str());
    }
    QCOMPARE(requestFault(request("Transfer-Encoding: chunked\r\n", "1.0")), HeadFault::TransferEncodingIn10);
    QCOMPARE(responseFault("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
             HeadFault::TransferEncodingIn10);
}

void HeadScanTest::wantsOneGoodHost()
{
    QCOMPARE(requestFault("GET / HTTP/1.1\r\n\r\n"), HeadFault::MissingHost);
    QCOMPARE(requestFault("GET / HTTP/1.1\r\nX-Host: a\r\n\r\n"), HeadFault::MissingHost);
    QCOMPARE(requestFault(request("Host: localhost:1\r\n")), HeadFault::DuplicateHost);
    QCOMPARE(requestFault(request("hOST: other\r\n", "1.0")), HeadFault::DuplicateHost);
    for (const std::string host : {"", " ", "a, b", "a b", "a\tb", "user@a", "a,b"}) {
        QCOMPARE(requestFault("GET / HTTP/1.1\r\nHost:" + host + "\r\n\r\n"), HeadFault::BadHost);
        QCOMPARE(requestFault("GET / HTTP/1.0\r\nHost:" + host + "\r\n\r\n"), HeadFault::BadHost);
    }
}

void HeadScanTest::keepsTheLimits()
{
    const HeadLimits limits{32, 64, 3};
    const auto target = [](size_t size) { return "GET /" + std::string(size - 16, 'x') + " HTTP/1.1\r\n"; };
    QCOMPARE(requestFault(target(32) + "Host: a\r\n\r\n", limits), HeadFault::Undecided);
    QCOMPARE(requestFault(target(33) + "Host: a\r\n\r\n", limits), HeadFault::RequestLineTooLong);
    QCOMPARE(scanFirstLine("GET /" + std::string(40, 'x'), limits)->fault, HeadFault::RequestLineTooLong);
    QVERIFY(!scanFirstLine("GET /" + std::string(27, 'x'), limits));

    const auto fields = [](size_t size) {
        return "GET / HTTP/1.1\r\nHost: a\r\nB: " + std::string(size - 16, 'x') + "\r\n\r\n";
    };
    QCOMPARE(requestFault(fields(64), limits), HeadFault::Undecided);
    QCOMPARE(requestFault(fields(65), limits), HeadFault::HeadersTooLarge);
    QCOMPARE(requestFault(fields(500), limits), HeadFault::HeadersTooLarge);
    QCOMPARE(requestFault("GET / HTTP/1.1\r\nHost: a\r\nB:\r\nC:\r\n\r\n", limits), HeadFault::Undecided);
    QCOMPARE(requestFault("GET / HTTP/1.1\r\nHost: a\r\nB:\r\nC:\r\nD:\r\n\r\n", limits),
             HeadFault::TooManyFields);
}

void HeadScanTest::findsTheHeadEndCutAtEveryByte()
{
    const std::string bytes = kGood + "body\r\n\r\n";
    QCOMPARE(findHeadEnd(bytes), kGood.size());
    for (size_t cut = 0; cut < kGood.size(); ++cut) {
        QCOMPARE(findHeadEnd(std::string_view(bytes).substr(0, cut)), std::string_view::npos);
        QCOMPARE(findHeadEnd(bytes, cut), kGood.size());
    }
}

void HeadScanTest::endsAHeadAtABareLineFeedToo()
{
    for (const std::string head : {"GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\n\r\n",
                                   "GET / HTTP/1.1\r\nHost: a\r\n\n"}) {
        QCOMPARE(findHeadEnd(head + "more"), head.size());
        for (size_t cut = 0; cut < head.size(); ++cut) {
            QCOMPARE(findHeadEnd(head + "more", cut), head.size());
        }
        QCOMPARE(requestFault(head), HeadFault::BareLineFeed);
    }
}

void HeadScanTest::dropsOneEmptyLineBeforeARequest()
{
    QCOMPARE(leadingEmptyLine("\r\nGET"), size_t(2));
    QCOMPARE(leadingEmptyLine("\r"), size_t(0));
    QCOMPARE(leadingEmptyLine("\nGET"), size_t(0));
    QCOMPARE(leadingEmptyLine("GET"), size_t(0));
    QCOMPARE(leadingEmptyLine(""), size_t(0));
    QCOMPARE(firstLineFault("\r"), HeadFault::Undecided);
    QCOMPARE(firstLineFault("\r\n"), HeadFault::BadRequestLine);
}

void HeadScanTest::acceptsEveryCutOfAGoodFirstLine()
{
    for (size_t cut = 0; cut <= kGood.size(); ++cut) {
        QCOMPARE(firstLineFault(kGood.substr(0, cut)), HeadFault::Undecided);
    }
}

void HeadScanTest::refusesAHopelessFirstLineAtOnce()
{
    QCOMPARE(firstLineFault("\x16\x03\x01"), HeadFault::ControlByte);
    QCOMPARE(firstLineFault("\x16"), HeadFault::ControlByte);
    QCOMPARE(firstLineFault("\0"s), HeadFault::ControlByte);
    QCOMPARE(firstLineFault("\n"), HeadFault::BareLineFeed);
    QCOMPARE(firstLineFault("GET /\n"), HeadFault::BareLineFeed);
    QCOMPARE(firstLineFault(" "), HeadFault::BadRequestLine);
    QCOMPARE(firstLineFault("\x80"), HeadFault::BadRequestLine);
    QCOMPARE(firstLineFault("{\"a\""), HeadFault::BadRequestLine);
    QCOMPARE(firstLineFault("GET / X"), HeadFault::BadRequestLine);
    QCOMPARE(firstLineFault("GET / HTTP/2.0"), HeadFault::UnsupportedVersion);
    QCOMPARE(firstLineFault("GET / HTTP/1.1\rX"), HeadFault::BareCarriageReturn);
    QCOMPARE(firstLineFault(std::string(20000, 'A')), HeadFault::RequestLineTooLong);
}

void HeadScanTest::refusesNothingEarlyThatIsGoodLater()
{
    // A verdict on the first bytes holds whatever follows.
    for (int byte = 0; byte < 256; ++byte) {
        for (const std::string before :
             {"", "GET", "GET ", "GET /", "GET / ", "GET / HTTP/", "GET / HTTP/1.1"}) {
            const std::string begun = before + static_cast<char>(byte);
            if (begun == "\r" || firstLineFault(begun) == HeadFault::Undecided) continue;
            for (const std::string after :
                 {"", "\r\n", " / HTTP/1.1\r\n", "/ HTTP/1.1\r\n", " HTTP/1.1\r\n", "1.1\r\n"}) {
                QVERIFY(requestFault(begun + after + "Host: a\r\n\r\n") != HeadFault::Undecided);
            }
        }
    }
}

void HeadScanTest::acceptsGoodResponses()
{
    for (const std::string head :
         {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.0 404 Not \xC3\xA9 Found\r\nA: b\r\n\r\n",
          "HTTP/1.1 100\r\n\r\n", "HTTP/1.1 599 \r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n"}) {
        QVERIFY2(responseFault(head) == HeadFault::Undecided, head.c_str());
    }
}

void HeadScanTest::refusesBadResponses()
{
    const std::vector<Row> rows = {{"HTTP/1.1 099 X\r\n\r\n", HeadFault::BadRequestLine},
                                   {"HTTP/1.1 600 X\r\n\r\n", HeadFault::BadRequestLine},
                                   {"HTTP/1.1 20 X\r\n\r\n", HeadFault::BadRequestLine},
                                   {"HTTP/1.1 2000 X\r\n\r\n", HeadFault::BadRequestLine},
                                   {"HTTP/1.1  200 X\r\n\r\n", HeadFault::BadRequestLine},
                                   {"HTTP/1.1 200X\r\n\r\n", HeadFault::BadRequestLine},
                                   {"HTTP/1.1\r\n\r\n", HeadFault::BadRequestLine},
                                   {"ICY 200 OK\r\n\r\n", HeadFault::BadRequestLine},
                                   {"HTTP/2.0 200 OK\r\n\r\n", HeadFault::UnsupportedVersion},
                                   {"HTTP/1.1 200 OK\n\r\n", HeadFault::BareLineFeed},
                                   {"HTTP/1.1 200 O\rK\r\n\r\n", HeadFault::BareCarriageReturn},
                                   {"HTTP/1.1 200 O\0K\r\n\r\n"s, HeadFault::ControlByte},
                                   {"\r\nHTTP/1.1 200 OK\r\n\r\n", HeadFault::BadRequestLine},
                                   {"", HeadFault::BadRequestLine}};
    for (const auto& row : rows) {
        QVERIFY2(responseFault(row.text) == row.fault, row.text.c_str());
    }
}

void HeadScanTest::takesALineApart()
{
    HeaderField field;
    QVERIFY(!scanHeaderLine("X-Name: \t a b \t", field));
    QCOMPARE(field.name, std::string_view("X-Name"));
    QCOMPARE(field.value, std::string_view("a b"));
    QVERIFY(!scanHeaderLine("A::b", field));
    QCOMPARE(field.value, std::string_view(":b"));
    QCOMPARE(scanHeaderLine("", field)->fault, HeadFault::BadFieldName);
}

QTEST_GUILESS_MAIN(HeadScanTest)
#include "head_scan_test.moc"
