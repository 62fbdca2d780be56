// SPDX-License-Identifier: GPL-3.0-or-later
// Broken and two-faced HTTP: each is answered or closed in its time, none of it reaches a provider, and the
// next request is served as if nothing had been.
#include <memory>
#include <random>

#include <QDeadlineTimer>
#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include "support/error_reply.h"
#include "support/http_client.h"
#include "support/processes.h"

using support::errorCode;
using support::FakeUpstream;
using support::GatewayProcess;
using support::HeaderList;
using support::http;
using support::HttpReply;
using support::RawClient;
using support::requestBytes;

namespace {

const QByteArray kBody = R"({"model":"lab/mock","messages":[{"role":"user","content":"hi"}]})";
const QByteArray kLength = "Content-Length: " + QByteArray::number(kBody.size()) + "\r\n";
const HeaderList kKey{{"x-api-key", GatewayProcess::kKey}};
constexpr int kBodyLimit = 64 << 10;

QByteArray chunk(const QByteArray& bytes)
{
    return QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n";
}

} // namespace

class AbuseTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void refusesHead_data();
    void refusesHead();
    void refusesFraming_data();
    void refusesFraming();
    void smugglesNothing_data();
    void smugglesNothing();
    void refusesTargets_data();
    void refusesTargets();
    void refusesWhatIsTooLarge_data();
    void refusesWhatIsTooLarge();
    void refusesLargeLengthBeforeBody();
    void refusesOtherProtocols_data();
    void refusesOtherProtocols();
    void takesUnusualButValid_data();
    void takesUnusualButValid();
    void answersPipelinedRequestsInOrder();
    void answersHttp10();
    void continuesWhenAsked();
    void answersHeadWithoutBody();
    void survivesMutations();

private:
    [[nodiscard]] quint16 port() const { return m_gateway->port(); }
    /// First line and the fields every request here has; more fields and the empty line are the caller's.
    [[nodiscard]] QByteArray beginning(const QByteArray& line = "POST /v1/chat/completions HTTP/1.1") const
    {
        return line + "\r\nHost: 127.0.0.1:" + QByteArray::number(port()) +
               "\r\nx-api-key: " + GatewayProcess::kKey + "\r\nContent-Type: application/json\r\n";
    }
    /// Empty when the bytes are refused with that status and code, and the connection is closed after it.
    [[nodiscard]] QByteArray refusalProblem(const QByteArray& bytes, int status,
                                            const QByteArray& code) const;

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void AbuseTest::initTestCase()
{
    QVERIFY2(m_upstream.start(), m_upstream.errors());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    m_gateway->configure({{"server", QJsonObject{{"max_body_bytes", kBodyLimit}}}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
    QTRY_COMPARE(http(port(), "GET", "/ready").status, 200);
}

void AbuseTest::init()
{
    m_upstream.reset();
}

void AbuseTest::cleanup()
{
    QCOMPARE(m_gateway->process().state(), QProcess::Running);
    QCOMPARE(http(port(), "POST", "/v1/chat/completions", kKey, kBody).status, 200);
}

QByteArray AbuseTest::refusalProblem(const QByteArray& bytes, int status, const QByteArray& code) const
{
    RawClient client(port());
    client.send(bytes);
    const HttpReply reply = client.receive();
    if (reply.status != status || errorCode(reply) != code)
        return "answered " + QByteArray::number(reply.status) + " " + reply.body.left(300);
    if (reply.header("connection").toLower() != "close") return "does not announce the close";
    if (!client.closed()) return "is not closed";
    if (const auto sent = m_upstream.requests(); !sent.isEmpty())
        return "reached the provider " + QByteArray::number(sent.size()) + " times";
    return {};
}

void AbuseTest::refusesHead_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray end = kLength + "\r\n" + kBody;
    const auto field = [&](const char* name, const QByteArray& line) {
        QTest::newRow(name) << beginning() + line + "\r\n" + end;
    };
    field("bare line feed between fields", "a: b\nc: d");
    field("bare carriage return", "a: b\rc: d");
    field("folded with a space", "a: b\r\n c");
    field("folded with a tab", "a: b\r\n\tc");
    field("space before the colon", "a : b");
    field("tab before the colon", "a\t: b");
    field("no colon", "nothing");
    field("no name", ": b");
    field("NUL in a value", QByteArray("a: b\0c", 6));
    field("NUL in a name", QByteArray("a\0b: c", 6));
    field("control byte in a value", "a: \x01");
    field("DEL in a value", "a: \x7f");
    field("umlaut in a name", "a\xc3\xa4: b");
    field("parenthesis in a name", "a(b): c");
    field("second Host", "Host: evil.example");
    field("second Host, the same", "Host: 127.0.0.1:" + QByteArray::number(port()));
    QTest::newRow("bare line feeds only") << QByteArray(beginning() + end).replace("\r\n", "\n");
    QTest::newRow("bare line feed after the first line")
        << QByteArray(beginning() + end).replace("HTTP/1.1\r\n", "HTTP/1.1\n");
    QTest::newRow("bare line feed as the empty line") << beginning() + kLength.trimmed() + "\r\n\n" + kBody;
    QTest::newRow("space before the first field")
        << QByteArray(beginning() + end).replace("HTTP/1.1\r\n", "HTTP/1.1\r\n a: b\r\n");
    QTest::newRow("no Host") << "GET /v1/models HTTP/1.1\r\nx-api-key: " + QByteArray(GatewayProcess::kKey) +
                                    "\r\n\r\n";
    QTest::newRow("empty Host") << QByteArray("GET /v1/models HTTP/1.1\r\nHost:\r\n\r\n");
    QTest::newRow("two hosts in one")
        << QByteArray("GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1, evil.example\r\n\r\n");
    QTest::newRow("user in the Host")
        << QByteArray("GET /v1/models HTTP/1.1\r\nHost: evil@127.0.0.1\r\n\r\n");
}

void AbuseTest::refusesHead()
{
    QFETCH(QByteArray, bytes);
    QCOMPARE(refusalProblem(bytes, 400, "bad_request"), QByteArray());
}

void AbuseTest::refusesFraming_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    const auto row = [&](const QByteArray& name, const QByteArray& fields, const QByteArray& body,
                         int status = 400, const QByteArray& code = "bad_request") {
        QTest::newRow(name) << beginning() + fields + "\r\n" + body << status << code;
    };
    const QByteArray te = "Transfer-Encoding: chunked\r\n";
    const QByteArray chunks = chunk(kBody) + "0\r\n\r\n";
    row("length and chunked", kLength + te, chunks);
    row("chunked and length", te + kLength, chunks);
    row("the same length twice", kLength + kLength, kBody);
    row("two lengths", kLength + "Content-Length: 5\r\n", kBody);
    row("a list of lengths", "Content-Length: 65, 65\r\n", kBody);
    for (const char* length : {"+65", "-1", "0x41", "65 65", "65;", "6.5e1", "", "18446744073709551616",
                               "99999999999999999999999999", "\"65\""})
        row("length `" + QByteArray(length) + "`", "Content-Length: " + QByteArray(length) + "\r\n", kBody);
    for (const char* coding : {"gzip", "identity", "chunked, chunked", "gzip, chunked", "chunked, gzip",
                               "xchunked", "chunked;a=b", "\"chunked\"", ""})
        row("coding `" + QByteArray(coding) + "`", "Transfer-Encoding: " + QByteArray(coding) + "\r\n",
            chunks, 501, "not_implemented");
    row("two codings", te + te, chunks, 501, "not_implemented");
    row("space before the coding's colon", "Transfer-Encoding : chunked\r\n", chunks);
    row("coding with a vertical tab",
        "Transfer-Encoding: \x0b"
        "chunked\r\n",
        chunks);
    row("coding hidden in a folded line", "a: b\r\n Transfer-Encoding: chunked\r\n", chunks);
    row("neither length nor chunked", {}, {}, 411, "length_required");
    QTest::newRow("chunked in HTTP/1.0")
        << beginning("POST /v1/chat/completions HTTP/1.0") + te + "\r\n" + chunks << 400
        << QByteArray("bad_request");
    const auto bad = [&](const QByteArray& name, const QByteArray& body) {
        row("chunks: " + name, te, body);
    };
    bad("no number", "zz\r\n" + kBody);
    bad("negative", "-1\r\n" + kBody);
    bad("with a plus", "+5\r\nhello\r\n0\r\n\r\n");
    bad("as 0x", "0x5\r\nhello\r\n0\r\n\r\n");
    bad("an underscore", "1_0\r\n" + kBody);
    bad("a space in front", " 5\r\nhello\r\n0\r\n\r\n");
    bad("empty size", "\r\nhello\r\n0\r\n\r\n");
    bad("17 digits", "00000000000000005\r\nhello\r\n0\r\n\r\n");
    bad("size line ends in a line feed", "5\nhello\r\n0\r\n\r\n");
    bad("payload ends in a line feed", "5\r\nhello\n0\r\n\r\n");
    bad("payload longer than its size", "5\r\nhello there\r\n0\r\n\r\n");
    bad("bare carriage return in the size line", "5\r;\r\nhello\r\n0\r\n\r\n");
    bad("NUL in an extension", QByteArray("5;a=\0\r\nhello\r\n0\r\n\r\n", 20));
    bad("trailer without a colon", chunk(kBody) + "0\r\nnothing\r\n\r\n");
    bad("folded trailer", chunk(kBody) + "0\r\na: b\r\n c\r\n\r\n");
    bad("trailer ends in a line feed", chunk(kBody) + "0\r\na: b\n\r\n");
    bad("endless size line", QByteArray(9'000, '0'));
    bad("endless extension", "5;" + QByteArray(9'000, 'a'));
}

void AbuseTest::refusesFraming()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    QFETCH(QByteArray, code);
    QCOMPARE(refusalProblem(bytes, status, code), QByteArray());
}

void AbuseTest::smugglesNothing_data()
{
    // Behind each two-faced request stands a second one, which must be neither answered nor sent on.
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray hidden = beginning() + kLength + "\r\n" + kBody;
    const QByteArray te = "Transfer-Encoding: chunked\r\n";
    QTest::newRow("CL.TE") << beginning() + kLength + te + "\r\n0\r\n\r\n" + hidden;
    QTest::newRow("TE.CL") << beginning() + te + "Content-Length: 4\r\n\r\n" + chunk(hidden) + "0\r\n\r\n";
    QTest::newRow("TE.TE") << beginning() + te + "Transfer-Encoding: x\r\n\r\n0\r\n\r\n" + hidden;
    QTest::newRow("CL.CL") << beginning() + "Content-Length: 0\r\nContent-Length: 9999\r\n\r\n" + hidden;
    QTest::newRow("chunk size overflow") << beginning() + te + "\r\n10000000000000000\r\n" + hidden;
    QTest::newRow("chunk size at the edge") << beginning() + te + "\r\nffffffffffffffff\r\n" + hidden;
    QTest::newRow("length at the edge")
        << beginning() + "Content-Length: 18446744073709551615\r\n\r\n" + hidden;
    QTest::newRow("line feed in the middle") << beginning() + "a: b\n\n" + hidden;
    QTest::newRow("chunk end of other bytes") << beginning() + te + "\r\n5\r\nhelloXX0\r\n\r\n" + hidden;
    QTest::newRow("NUL after the coding")
        << beginning() + QByteArray("Transfer-Encoding: chunked\0\r\n\r\n", 31) + hidden;
    QTest::newRow("refused body that holds a request")
        << beginning("POST /nowhere HTTP/1.1").replace("x-api-key", "x-other") + "Expect: 100-continue\r\n" +
               "Content-Length: 99999\r\n\r\n" + hidden;
}

void AbuseTest::smugglesNothing()
{
    QFETCH(QByteArray, bytes);
    RawClient client(port());
    client.send(bytes);
    const HttpReply reply = client.receive();
    QVERIFY2(reply.status >= 400, QByteArray::number(reply.status));
    QVERIFY(client.closed());
    QVERIFY2(!client.receiveUntil("HTTP/1.1", 0).contains("HTTP/1.1"), "a second answer");
    QCOMPARE(m_upstream.requests().size(), 0);
}

void AbuseTest::refusesTargets_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("status");
    const auto row = [](const QByteArray& line, int status) {
        QTest::newRow(line.left(60)) << line << status;
    };
    row("CONNECT 127.0.0.1:80 HTTP/1.1", 404);
    row("GET http://evil.example/v1/models HTTP/1.1", 400);
    row("GET ftp://127.0.0.1:" + QByteArray::number(port()) + "/v1/models HTTP/1.1", 400);
    row("GET evil.example/v1/models HTTP/1.1", 404);
    row("GET * HTTP/1.1", 404);
    row("GET /v1/../etc/passwd HTTP/1.1", 404);
    row("GET //v1/models HTTP/1.1", 404);
    row("GET /v1/models%00 HTTP/1.1", 404);
    row("GET /v1/models\\x HTTP/1.1", 404);
    row("GET /v1/mod\xc3\xa9ls HTTP/1.1", 400);
    row("GET  /v1/models HTTP/1.1", 400);
    row("GET /v1/models  HTTP/1.1", 400);
    row("GET /v1/models HTTP/1.1 ", 400);
    row("GET /v1/models\tHTTP/1.1", 400);
    row("GET /v1/models", 400);
    row("GET /v1/models http/1.1", 400);
    row("GET /v1/models HTTP/1.10", 400);
    row("GET /v1/models HTTP/01.1", 400);
    row("GET /v1/models HTTP/2.0", 505);
    row("GET /v1/models HTTP/1.2", 505);
    row("GET /v1/models HTTP/0.9", 505);
    row("G@T /v1/models HTTP/1.1", 400);
    row(" GET /v1/models HTTP/1.1", 400);
    row("DELETE /v1/models HTTP/1.1", 405);
    row("MADEUP /v1/models HTTP/1.1", 405);
}

void AbuseTest::refusesTargets()
{
    QFETCH(QByteArray, line);
    QFETCH(int, status);
    RawClient client(port());
    client.send(beginning(line) + "\r\n");
    const HttpReply reply = client.receive();
    QVERIFY2(reply.status == status, QByteArray::number(reply.status) + reply.body);
    QVERIFY(reply.complete);
    QCOMPARE(m_upstream.requests().size(), 0);
}

void AbuseTest::refusesWhatIsTooLarge_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    const QByteArray get = beginning("GET /v1/models HTTP/1.1");
    QTest::newRow("request line") << beginning("GET /v1/models?" + QByteArray(17 << 10, 'a') + " HTTP/1.1") +
                                         "\r\n"
                                  << 414 << QByteArray("uri_too_long");
    QTest::newRow("request line without an end")
        << "GET /" + QByteArray(20 << 10, 'a') << 414 << QByteArray("uri_too_long");
    QTest::newRow("one field") << get + "a: " + QByteArray(66 << 10, 'b') + "\r\n\r\n"
                               << 431 << QByteArray("headers_too_large");
    QTest::newRow("fields without an end")
        << get + QByteArray("a: b\r\n").repeated(20'000) << 431 << QByteArray("headers_too_large");
    QTest::newRow("101 fields") << get + QByteArray("a: b\r\n").repeated(98) + "\r\n"
                                << 431 << QByteArray("headers_too_large");
    QTest::newRow("chunks over the limit")
        << beginning() + "Transfer-Encoding: chunked\r\n\r\n" + chunk(QByteArray(40 << 10, ' ')).repeated(2)
        << 413 << QByteArray("request_too_large");
    QTest::newRow("one chunk over the limit")
        << beginning() + "Transfer-Encoding: chunked\r\n\r\n" + chunk(QByteArray(kBodyLimit + 1, ' ')) << 413
        << QByteArray("request_too_large");
}

void AbuseTest::refusesWhatIsTooLarge()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    QFETCH(QByteArray, code);
    QCOMPARE(refusalProblem(bytes, status, code), QByteArray());
}

void AbuseTest::refusesLargeLengthBeforeBody()
{
    // Nothing of the body is sent, so an answer means that the length alone was enough.
    QCOMPARE(
        refusalProblem(beginning() + "Content-Length: " + QByteArray::number(kBodyLimit + 1) + "\r\n\r\n",
                       413, "request_too_large"),
        QByteArray());
    QCOMPARE(refusalProblem(beginning() + "Expect: 100-continue\r\nContent-Length: " +
                                QByteArray::number(kBodyLimit + 1) + "\r\n\r\n",
                            413, "request_too_large"),
             QByteArray());
}

void AbuseTest::refusesOtherProtocols_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    QTest::newRow("TLS hello") << QByteArray::fromHex("16030100c8010000c40303") + QByteArray(40, 'x') << 400;
    QTest::newRow("HTTP/2 preface") << QByteArray("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") << 505;
    QTest::newRow("SSH") << QByteArray("SSH-2.0-OpenSSH_9.2p1\r\n") << 400;
    QTest::newRow("SMTP") << QByteArray("EHLO me\r\n") << 400;
    QTest::newRow("SOCKS 5") << QByteArray::fromHex("050100") << 400;
    QTest::newRow("zeros") << QByteArray(64, '\0') << 400;
    QTest::newRow("PROXY line") << QByteArray("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1\r\n\r\n")
                                << 400;
}

void AbuseTest::refusesOtherProtocols()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    RawClient client(port());
    client.send(bytes);
    const HttpReply reply = client.receive(3'000); // at once, not when the head's time is over
    QCOMPARE(reply.status, status);
    QVERIFY(client.closed());
}

void AbuseTest::takesUnusualButValid_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray te = "Transfer-Encoding: chunked\r\n";
    QTest::newRow("empty line in front") << "\r\n" + beginning() + kLength + "\r\n" + kBody;
    QTest::newRow("no space behind the colon")
        << beginning() + kLength.simplified().replace(": ", ":") + "\r\n\r\n" + kBody;
    QTest::newRow("tabs around a value") << beginning() + "a:\t b \t\r\n" + kLength + "\r\n" + kBody;
    QTest::newRow("empty value") << beginning() + "a:\r\n" + kLength + "\r\n" + kBody;
    QTest::newRow("Latin-1 in a value") << beginning() + "a: \xe4\r\n" + kLength + "\r\n" + kBody;
    QTest::newRow("length with zeros")
        << beginning() + "Content-Length: 000" + QByteArray::number(kBody.size()) + "\r\n\r\n" + kBody;
    QTest::newRow("coding in capitals")
        << beginning() + "TRANSFER-ENCODING: Chunked\r\n\r\n" + chunk(kBody) + "0\r\n\r\n";
    QByteArray bytes;
    for (const char byte : kBody)
        bytes += chunk(QByteArray(1, byte));
    QTest::newRow("a chunk for every byte") << beginning() + te + "\r\n" + bytes + "0\r\n\r\n";
    QTest::newRow("chunk extensions") << beginning() + te + "\r\n" + QByteArray::number(kBody.size(), 16) +
                                             ";a=b;c=\"d\"\r\n" + kBody + "\r\n0;last\r\n\r\n";
    QTest::newRow("trailers") << beginning() + te + "\r\n" + chunk(kBody) +
                                     "0\r\nDigest: x\r\nHost: evil.example\r\n\r\n";
    QTest::newRow("absolute target") << beginning("POST http://127.0.0.1:" + QByteArray::number(port()) +
                                                  "/v1/chat/completions HTTP/1.1") +
                                            kLength + "\r\n" + kBody;
    QTest::newRow("100 fields") << beginning() + QByteArray("a: b\r\n").repeated(96) + kLength + "\r\n" +
                                       kBody;
    QTest::newRow("62 KiB of fields")
        << beginning() + "a: " + QByteArray(62 << 10, 'b') + "\r\n" + kLength + "\r\n" + kBody;
}

void AbuseTest::takesUnusualButValid()
{
    QFETCH(QByteArray, bytes);
    RawClient client(port());
    client.send(bytes);
    const HttpReply reply = client.receive();
    QVERIFY2(reply.status == 200, reply.body);
    const QJsonArray sent = m_upstream.requests();
    QCOMPARE(sent.size(), 1);
    QVERIFY2(!QByteArray(sent[0].toObject()["target"].toString().toUtf8()).contains("127.0.0.1"),
             "target passed on");
    // The connection is good for another one.
    client.send(requestBytes(port(), "POST", "/v1/chat/completions", kKey, kBody));
    QCOMPARE(client.receive().status, 200);
}

void AbuseTest::answersPipelinedRequestsInOrder()
{
    RawClient client(port());
    QByteArray bytes;
    for (int i = 0; i < 8; ++i) {
        // The first ones are the slowest.
        const QByteArray model = i < 2 ? "lab/mock:slow-head:150" : "sandbox/echo";
        bytes += requestBytes(port(), "POST", "/v1/chat/completions",
                              kKey + HeaderList{{"x-request-id", "n" + QByteArray::number(i)}},
                              R"({"model":")" + model + R"(","messages":[{"role":"user","content":"number )" +
                                  QByteArray::number(i) + "\"}]}");
    }
    client.send(bytes + requestBytes(port(), "GET", "/nowhere", kKey, {}));
    for (int i = 0; i < 8; ++i) {
        const HttpReply reply = client.receive();
        QVERIFY2(reply.status == 200, reply.body);
        if (i >= 2) QVERIFY2(reply.body.contains("number " + QByteArray::number(i)), reply.body);
    }
    QCOMPARE(client.receive().status, 404);
}

void AbuseTest::answersHttp10()
{
    RawClient plain(port());
    plain.send(beginning("POST /v1/chat/completions HTTP/1.0") + kLength + "\r\n" + kBody);
    const HttpReply reply = plain.receive();
    QCOMPARE(reply.status, 200);
    QVERIFY(reply.header("transfer-encoding").isEmpty());
    QVERIFY(plain.closed());

    // A stream has no length and an old client knows no chunks: it ends with the connection.
    RawClient streaming(port());
    const QByteArray body = QByteArray(kBody).replace("{\"model\"", "{\"stream\":true,\"model\"");
    streaming.send(beginning("POST /v1/chat/completions HTTP/1.0") +
                   "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    QVERIFY(streaming.closed(10'000));
    const QByteArray bytes = streaming.receiveUntil("[DONE]", 0);
    QVERIFY2(bytes.startsWith("HTTP/1.0 200"), bytes);
    QVERIFY(!bytes.toLower().contains("transfer-encoding"));
    QVERIFY2(bytes.endsWith("data: [DONE]\n\n"), bytes);
}

void AbuseTest::continuesWhenAsked()
{
    RawClient client(port());
    client.send(beginning() + "Expect: 100-continue\r\n" + kLength + "\r\n");
    QVERIFY(client.receiveUntil("\r\n\r\n").startsWith("HTTP/1.1 100 Continue\r\n"));
    client.send(kBody);
    QCOMPARE(client.receive().status, 200);
    m_upstream.reset();
    // Refused before the body: the client is spared sending it.
    RawClient refused(port());
    refused.send(QByteArray(beginning() + "Expect: 100-continue\r\n" + kLength + "\r\n")
                     .replace(GatewayProcess::kKey, "wrong"));
    QVERIFY(refused.receiveUntil("\r\n\r\n").startsWith("HTTP/1.1 401"));
    QCOMPARE(refusalProblem(beginning() + "Expect: magic\r\n" + kLength + "\r\n" + kBody, 417,
                            "expectation_failed"),
             QByteArray());
}

void AbuseTest::answersHeadWithoutBody()
{
    RawClient client(port());
    client.send("HEAD /health HTTP/1.1\r\nHost: localhost\r\n\r\n" +
                requestBytes(port(), "GET", "/health", {}, {}));
    const QByteArray bytes = client.receiveUntil("}");
    const qsizetype second = bytes.indexOf("HTTP/1.1", 8);
    QVERIFY2(second > 0, bytes);
    // The second answer follows the first one's head at once.
    QCOMPARE(bytes.mid(second - 4, 4), QByteArray("\r\n\r\n"));
    QCOMPARE(bytes.indexOf("\r\n\r\n"), second - 4);
}

void AbuseTest::survivesMutations()
{
    // The seed is fixed: what fails once fails again.
    std::mt19937 random(20'261'123);
    const auto upTo = [&](qsizetype limit) {
        return static_cast<qsizetype>(random() % static_cast<unsigned>(limit));
    };
    const QByteArray good[] = {
        QByteArray(beginning() + kLength + "\r\n" + kBody),
        QByteArray(beginning() + "Transfer-Encoding: chunked\r\n\r\n" + chunk(kBody) + "0\r\n\r\n"),
        QByteArray(beginning("GET /v1/models?limit=5 HTTP/1.1") + "Accept: */*\r\n\r\n"),
    };
    const QByteArray pieces[] = {"\r\n",
                                 "\n",
                                 "\r",
                                 ":",
                                 " ",
                                 QByteArray(1, '\0'),
                                 "Content-Length: 3\r\n",
                                 "Transfer-Encoding: chunked\r\n",
                                 "0\r\n\r\n",
                                 "\r\n\r\n",
                                 "ffffffff\r\n",
                                 "\"",
                                 "{",
                                 "\xff\xfe",
                                 "HTTP/1.1"};
    for (int round = 0; round < 2'500; ++round) {
        QByteArray bytes = good[round % 3];
        for (qsizetype change = 1 + upTo(3); change > 0; --change) {
            const qsizetype at = upTo(bytes.size());
            switch (random() % 5) {
            case 0:
                bytes[at] = static_cast<char>(random());
                break;
            case 1:
                bytes.remove(at, 1 + upTo(12));
                break;
            case 2:
                bytes.insert(at, pieces[random() % std::size(pieces)]);
                break;
            case 3:
                bytes.insert(at, bytes.mid(upTo(bytes.size()), upTo(60)));
                break;
            default:
                bytes.truncate(at);
                break;
            }
            if (bytes.isEmpty()) bytes = "G";
        }
        RawClient client(port());
        QVERIFY2(client.connected(), QByteArray::number(round));
        client.send(bytes);
        // No more comes from us, so every request has its end: answered, or closed without an answer when it
        // is cut.
        client.socket().disconnectFromHost();
        QVERIFY2(client.closed(5'000),
                 "round " + QByteArray::number(round) + ": " + bytes.toPercentEncoding(" :/{}\""));
    }
    const auto open = [this] {
        const QByteArray text = http(port(), "GET", "/metrics", kKey).body;
        const QByteArray name = "\nturnpike_connections_open ";
        const qsizetype at = text.indexOf(name) + name.size();
        return text.mid(at, text.indexOf('\n', at) - at).toInt();
    };
    QTRY_COMPARE_WITH_TIMEOUT(open(), 1, 10'000);
}

QTEST_GUILESS_MAIN(AbuseTest)
#include "abuse_test.moc"
