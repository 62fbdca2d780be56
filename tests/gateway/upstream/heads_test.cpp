// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <QTest>

#include "base/head_scan.h"
#include "base/strings.h"
#include "upstream/reply_head.h"
#include "upstream/request_head.h"

using namespace gateway;
using namespace gateway::upstream;

namespace {

std::string written(const RequestFields& fields, std::string_view secretLine = {},
                    std::string_view target = "/v1/chat/completions", std::string_view method = "POST")
{
    std::string out;
    appendRequestHead(out, method, target, "host:8000", fields, secretLine);
    return out;
}

/// Name and value of each line; empty when the head is none that a strict server would take.
std::vector<std::pair<std::string, std::string>> linesOf(const std::string& head)
{
    std::vector<std::pair<std::string, std::string>> lines;
    if (scanRequestHead(head, HeadLimits()) || findHeadEnd(head) != head.size()) return lines;
    for (std::size_t at = head.find('\n') + 1;;) {
        const std::size_t end = head.find("\r\n", at);
        if (end == at) return lines;
        HeaderField field;
        if (scanHeaderLine(std::string_view(head).substr(at, end - at), field)) return {};
        lines.emplace_back(field.name, field.value);
        at = end + 2;
    }
}

/// Values of all fields of that name, joined by '+'.
std::string valuesOf(const std::string& head, std::string_view name)
{
    std::string values;
    for (const auto& [key, value] : linesOf(head)) {
        if (key == name) values += (values.empty() ? "" : "+") + value;
    }
    return values;
}

ReplyHead parsed(const std::string& bytes, bool* good = nullptr)
{
    ReplyHead head;
    const bool ok = parseReplyHead(bytes, head).ok();
    if (good) *good = ok;
    return ok ? head : ReplyHead();
}

std::string reply(const std::string& fields, const std::string& line = "HTTP/1.1 200 OK")
{
    return line + "\r\n" + fields + "\r\n";
}

std::optional<std::int64_t> waitOf(const std::string& fields)
{
    const std::string bytes = reply(fields); // the head's views point into it
    return parsed(bytes).retryAfterMs(1'790'000'000);
}

} // namespace

class HeadsTest : public QObject {
    Q_OBJECT

private slots:
    void writesARequestHead()
    {
        const std::string head = written({{"Content-Type", "application/json"}, {"Content-Length", "2"}},
                                         "Authorization: Bearer sk-key");
        QVERIFY(head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"));
        QVERIFY(head.ends_with("\r\nAuthorization: Bearer sk-key\r\n\r\n"));
        QCOMPARE(linesOf(head).size(), std::size_t{4});
        QCOMPARE(valuesOf(head, "Host"), std::string("host:8000"));
        QCOMPARE(valuesOf(head, "Content-Length"), std::string("2"));
        QVERIFY(written({}, {}, "/v1/models", "GET").starts_with("GET /v1/models HTTP/1.1\r\n"));
        QCOMPARE(linesOf(written({})).size(), std::size_t{1});
    }

    void appendsToWhatIsThere()
    {
        std::string out = "before";
        appendRequestHead(out, "GET", "/", "host", {}, "x-api-key: k");
        QCOMPARE(out, std::string("beforeGET / HTTP/1.1\r\nHost: host\r\nx-api-key: k\r\n\r\n"));
    }

    void letsALaterFieldReplaceAnEarlier()
    {
        const std::string head = written({{"User-Agent", "Turnpike"}, {"x-a", "1"}, {"user-agent", "mine"}});
        QCOMPARE(valuesOf(head, "User-Agent") + valuesOf(head, "user-agent"), std::string("mine"));
    }

    void leavesOutFieldsThatWouldBreakTheHead()
    {
        const std::string nul("a\0b", 3);
        for (const std::string& bad : {std::string("x\r\nx-evil: 1"), std::string("x\nx-evil: 1"),
                                       std::string("x\rx-evil: 1"), nul, std::string("\r\n\r\nGET /")}) {
            const std::string asValue = written({{"x-bad", bad}, {"x-good", "1"}}, "x-api-key: k");
            QCOMPARE(linesOf(asValue).size(), std::size_t{3});
            QCOMPARE(valuesOf(asValue, "x-good"), std::string("1"));
            QVERIFY(asValue.find("evil") == std::string::npos);
            const std::string asName = written({{bad, "1"}, {"x-good", "1"}}, "x-api-key: k");
            QCOMPARE(linesOf(asName).size(), std::size_t{3});
            QVERIFY(asName.find("evil") == std::string::npos);
        }
        for (const char* name : {"", "a b", "a:b", "é", "a\tb"})
            QCOMPARE(linesOf(written({{name, "1"}})).size(), std::size_t{1});
    }

    void writesManyAndLargeFields()
    {
        RequestFields fields;
        for (int i = 0; i < 200; ++i)
            fields.emplace_back("x-field-" + std::to_string(i), std::string(200, 'v'));
        const std::string head = written(fields, "x-api-key: k");
        QCOMPARE(std::string_view(head).substr(head.size() - 18),
                 std::string_view("\r\nx-api-key: k\r\n\r\n"));
        QVERIFY(head.find("x-field-199: vvv") != std::string::npos);
    }

    void readsAReplyHead()
    {
        const std::string bytes =
            reply("Content-Type: application/json\r\nCONTENT-LENGTH: 12\r\nX-Request-Id:  r-1 \r\n");
        const ReplyHead head = parsed(bytes);
        QCOMPARE(head.status, 200);
        QCOMPARE(head.contentType, std::string_view("application/json"));
        QVERIFY(head.contentLength == 12u);
        QVERIFY(!head.chunked && head.keepAlive);
        QCOMPARE(head.field("x-request-id"), std::string_view("r-1"));
        QVERIFY(head.field("x-request").empty());
        QVERIFY(head.field("").empty());
        QCOMPARE(parsed(reply("", "HTTP/1.1 103 Early Hints")).status, 103);
    }

    void readsAStatusLineThatEndsBehindItsNumber()
    {
        for (const char* line : {"HTTP/1.1 529", "HTTP/1.1 529 ", "HTTP/1.0 529"}) {
            const std::string bytes =
                reply("Content-Type: text/plain\r\nx-empty:\r\nContent-Length: 3\r\n", line);
            const ReplyHead head = parsed(bytes);
            QCOMPARE(head.status, 529);
            QCOMPARE(head.contentType, std::string_view("text/plain"));
            QVERIFY(head.contentLength == 3u);
            QCOMPARE(head.fields.size(), std::size_t{3});
            QVERIFY(head.fields[1].first == "x-empty" && head.fields[1].second.empty());
            const char* place = head.contentType.data(); // in what was parsed, not in a copy of it
            QVERIFY(place > bytes.data() && place < bytes.data() + bytes.size());
        }
    }

    void forgetsTheHeadBefore()
    {
        const std::string first = reply("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n");
        const std::string second = reply("Content-Length: 0\r\n", "HTTP/1.1 404 Not Found");
        ReplyHead head;
        QVERIFY(parseReplyHead(first, head).ok());
        QVERIFY(head.chunked);
        QCOMPARE(head.contentEncoding, std::string_view("gzip"));
        QVERIFY(parseReplyHead(second, head).ok());
        QCOMPARE(head.status, 404);
        QVERIFY(!head.chunked && head.contentEncoding.empty());
        QCOMPARE(head.fields.size(), std::size_t{1});
    }

    void knowsEventStreamsAndEncodings()
    {
        const auto isStream = [](const char* type) {
            const std::string bytes = reply("Content-Type: " + std::string(type) + "\r\n");
            return startsWithIgnoreCase(parsed(bytes).contentType, "text/event-stream");
        };
        QVERIFY(isStream("text/event-stream"));
        QVERIFY(isStream("Text/Event-Stream; charset=utf-8"));
        QVERIFY(!isStream("text/event"));
        QVERIFY(!isStream("application/json"));
        QVERIFY(!isStream("text/html; text/event-stream"));
        const std::string identity = reply("Content-Encoding: Identity\r\n");
        QVERIFY(parsed(identity).contentEncoding.empty());
        const std::string packed = reply("content-encoding: BR\r\n");
        QCOMPARE(parsed(packed).contentEncoding, std::string_view("BR"));
    }

    void saysWhetherTheConnectionCanBeKept_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("fields");
        QTest::addColumn<bool>("kept");
        const auto row = [](const char* line, const char* fields, bool kept) {
            QTest::addRow("%s, %s", line, fields) << QByteArray(line) << QByteArray(fields) << kept;
        };
        row("HTTP/1.1 200 OK", "Content-Length: 1\r\n", true);
        row("HTTP/1.1 200 OK", "Transfer-Encoding: chunked\r\n", true);
        row("HTTP/1.1 200 OK", "Content-Type: text/plain\r\n", false);
        row("HTTP/1.1 200 OK", "Content-Length: 1\r\nConnection: close\r\n", false);
        row("HTTP/1.1 200 OK", "Content-Length: 1\r\nConnection: Keep-Alive\r\n", true);
        row("HTTP/1.1 200 OK", "Content-Length: 1\r\nConnection: x, Close\r\n", false);
        row("HTTP/1.1 200 OK", "Content-Length: 1\r\nConnection: close\r\nConnection: keep-alive\r\n", false);
        row("HTTP/1.1 200 OK", "Content-Length: 1\r\nConnection: keep-alive, close\r\n", false);
        row("HTTP/1.1 200 OK", "Content-Length: 1\r\nConnection: closed\r\n", true);
        row("HTTP/1.0 200 OK", "Content-Length: 1\r\n", false);
        row("HTTP/1.0 200 OK", "Content-Length: 1\r\nConnection: keep-alive\r\n", true);
        row("HTTP/1.0 200 OK", "Content-Length: 1\r\nConnection: x , keep-alive\r\n", true);
    }

    void saysWhetherTheConnectionCanBeKept()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, fields);
        QFETCH(bool, kept);
        bool good = false;
        const ReplyHead head = parsed(reply(fields.toStdString(), line.toStdString()), &good);
        QVERIFY(good);
        QCOMPARE(head.keepAlive, kept);
    }

    void refusesHostileHeads_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char* name, const std::string& bytes) {
            QTest::newRow(name) << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()));
        };
        row("empty", "");
        row("no HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n");
        row("HTTP/2", reply("", "HTTP/2 200 OK"));
        row("HTTP/1.2", reply("", "HTTP/1.2 200 OK"));
        row("HTTP/0.9", reply("", "HTTP/0.9 200 OK"));
        row("lower case", reply("", "http/1.1 200 OK"));
        row("no status", reply("", "HTTP/1.1 "));
        row("short status", reply("", "HTTP/1.1 20 OK"));
        row("long status", reply("", "HTTP/1.1 2000 OK"));
        row("no number", reply("", "HTTP/1.1 2x0 OK"));
        row("bare LF", "HTTP/1.1 200 OK\nContent-Length: 0\n\n");
        row("bare CR", reply("a: b\rc: d\r\n"));
        row("NUL", reply(std::string("a: b\0c\r\n", 8)));
        row("folded", reply("a: b\r\n c\r\n"));
        row("space before colon", reply("Content-Length : 5\r\n"));
        row("no colon", reply("nonsense\r\n"));
        row("no name", reply(": x\r\n"));
        row("length twice", reply("Content-Length: 5\r\nContent-Length: 5\r\n"));
        row("length list", reply("Content-Length: 5, 5\r\n"));
        row("negative length", reply("Content-Length: -1\r\n"));
        row("signed length", reply("Content-Length: +5\r\n"));
        row("hex length", reply("Content-Length: 0x10\r\n"));
        row("empty length", reply("Content-Length:\r\n"));
        row("length of 2^64", reply("Content-Length: 18446744073709551616\r\n"));
        row("length and chunked", reply("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"));
        row("chunked twice", reply("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"));
        row("gzip, chunked", reply("Transfer-Encoding: gzip, chunked\r\n"));
        row("identity", reply("Transfer-Encoding: identity\r\n"));
        row("chunked in 1.0", reply("Transfer-Encoding: chunked\r\n", "HTTP/1.0 200 OK"));
    }

    void refusesHostileHeads()
    {
        QFETCH(QByteArray, bytes);
        ReplyHead head;
        const auto outcome = parseReplyHead(bytes.toStdString(), head);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, Code::UpstreamInvalidResponse);
        QCOMPARE(outcome.error().source, Source::Upstream);
    }

    void refusesTooMuchOfIt()
    {
        std::string many, large = "x: " + std::string(70'000, 'a') + "\r\n";
        for (int i = 0; i < 101; ++i)
            many += "x: y\r\n";
        for (const std::string& fields : {many, large}) {
            ReplyHead head;
            const auto outcome = parseReplyHead(reply(fields), head);
            QVERIFY(!outcome);
            QCOMPARE(outcome.error().code, Code::UpstreamResponseTooLarge);
        }
        QVERIFY(parsed(reply(many.substr(6))).fields.size() == 100);
    }

    void takesTheLargestLengthThatFits()
    {
        QVERIFY(parsed(reply("Content-Length: 18446744073709551615\r\n")).contentLength == UINT64_MAX);
        QVERIFY(parsed(reply("Content-Length: 007\r\n")).contentLength == 7u);
    }

    void survivesEveryCutAndEveryChangedByte()
    {
        const std::string bytes = reply("Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
                                        "Connection: keep-alive\r\nRetry-After: 3\r\n");
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            ReplyHead head;
            QVERIFY(!parseReplyHead(bytes.substr(0, size), head));
        }
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            for (const char byte : {'\0', '\r', '\n', ' ', ':', '\x80', '\xff'}) {
                std::string changed = bytes;
                changed[at] = byte;
                ReplyHead head;
                if (parseReplyHead(changed, head)) static_cast<void>(head.retryAfterMs(0));
            }
        }
    }

    void readsHowLongToWait()
    {
        QVERIFY(waitOf("Retry-After: 3\r\n") == 3000);
        QVERIFY(waitOf("retry-after: 0\r\n") == 0);
        QVERIFY(waitOf("retry-after: 1.5\r\n") == 1500);
        QVERIFY(waitOf("retry-after-ms: 250\r\nretry-after: 3\r\n") == 250);
        QVERIFY(waitOf("retry-after-ms: x\r\nretry-after: 3\r\n") == 3000);
        // 1'790'000'000 is Mon, 21 Sep 2026 14:13:20 GMT.
        QVERIFY(waitOf("Retry-After: Mon, 21 Sep 2026 14:14:20 GMT\r\n") == 60'000);
        QVERIFY(waitOf("Retry-After: Mon, 21 Sep 2026 14:13:19 GMT\r\n") == 0);
    }

    void waitsForNoNonsense_data()
    {
        QTest::addColumn<QByteArray>("value");
        for (const char* value : {"", "soon", "-1", "+1", "0x10", "1 2", "3s", "nan", "-nan", "-inf", "1e",
                                  "Mon, 99 Foo 2026 14:14:20 GMT", "2026-09-21T14:14:20Z"})
            QTest::newRow(value) << QByteArray(value);
    }

    void waitsForNoNonsense()
    {
        QFETCH(QByteArray, value);
        QVERIFY(!waitOf("Retry-After: " + value.toStdString() + "\r\n"));
    }

    void boundsAnEndlessWait()
    {
        for (const char* value : {"1e300", "inf", "99999999999999999999999999"}) {
            const auto wait = waitOf("Retry-After: " + std::string(value) + "\r\n");
            QVERIFY(wait && *wait > 0 && *wait <= 1'000'000'000'000);
        }
    }
};

QTEST_GUILESS_MAIN(HeadsTest)
#include "heads_test.moc"
