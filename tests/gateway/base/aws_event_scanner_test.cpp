// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <QTest>

#include "base/aws_event_scanner.h"
#include "base/crc32.h"

using namespace gateway;

namespace {

std::string number(std::uint32_t value, int bytes = 4)
{
    std::string out;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        out += static_cast<char>(value >> shift & 0xFFU);
    return out;
}

std::string text(const std::string& name, const std::string& value)
{
    return number(static_cast<std::uint32_t>(name.size()), 1) + name + '\x07' +
           number(static_cast<std::uint32_t>(value.size()), 2) + value;
}

std::string message(const std::string& headers, const std::string& payload)
{
    std::string out = number(static_cast<std::uint32_t>(16 + headers.size() + payload.size())) +
                      number(static_cast<std::uint32_t>(headers.size()));
    out += number(crc32(out));
    out += headers + payload;
    return out + number(crc32(out));
}

struct Read {
    std::string raw, told;
    bool good = true;
    bool damaged = false;
    bool operator==(const Read&) const = default;
};

Read read(std::string_view stream, std::size_t step, std::size_t limit = 1 << 20)
{
    AwsEventScanner scanner(limit);
    Read result;
    for (std::size_t at = 0; at < stream.size(); at += step) {
        const std::string part(stream.substr(at, step)); // a copy of its own size: reads behind it are seen
        result.good = scanner.feed(part, [&](const SseEvent& event) {
            result.raw += event.raw;
            result.told +=
                std::string(event.name) + (event.failed ? "!" : ":") + std::string(event.data) + ';';
        });
    }
    result.damaged = scanner.damaged();
    return result;
}

std::string stream()
{
    std::string out;
    appendAwsEvent(out, "messageStart", R"({"role":"assistant"})");
    appendAwsEvent(out, "contentBlockDelta", R"({"delta":{"text":"Grüße"}})");
    appendAwsEvent(out, "messageStop", "");
    appendAwsException(out, "throttlingException", R"({"message":"slow down"})");
    return out;
}

std::string told()
{
    return R"(messageStart:{"role":"assistant"};contentBlockDelta:{"delta":{"text":"Grüße"}};)"
           R"(messageStop:;throttlingException!{"message":"slow down"};)";
}

} // namespace

class AwsEventScannerTest : public QObject {
    Q_OBJECT

private slots:
    void saysTheSameHoweverItIsCut()
    {
        const std::string all = stream();
        const Read whole = read(all, all.size());
        QVERIFY(whole.good);
        QCOMPARE(whole.raw, all);
        QCOMPARE(whole.told, told());
        for (std::size_t step = 1; step < all.size(); ++step)
            QCOMPARE(read(all, step), whole);
    }

    void readsAMessageThatAnotherHasMade()
    {
        // An empty message: the checksums are those of the Smithy specification's example.
        const std::string empty("\x00\x00\x00\x10\x00\x00\x00\x00\x05\xc2\x48\xeb\x7d\x98\xc8\xff", 16);
        const Read result = read(empty, 16);
        QVERIFY(result.good);
        QCOMPARE(result.told, std::string(":;"));
        QCOMPARE(result.raw, empty);
    }

    void skipsHeadersOfEveryType()
    {
        const std::string others = std::string("\x01") + "a" + '\0' + "\x01" + "b" + '\x01' + "\x01" + "c" +
                                   "\x02" + "x" + "\x01" + "d" + "\x03" + "xx" + "\x01" + "e" + "\x04" +
                                   "xxxx" + "\x01" + "f" + "\x05" + "xxxxxxxx" + "\x01" + "g" + "\x06" +
                                   number(3, 2) + "xyz" + "\x01" + "h" + "\x08" + "xxxxxxxx" + "\x01" + "i" +
                                   "\x09" + "xxxxxxxxxxxxxxxx";
        const Read result = read(message(others + text(":event-type", "metadata"), "{}"), 7);
        QVERIFY(result.good);
        QCOMPARE(result.told, std::string("metadata:{};"));
    }

    void tellsAnErrorWithoutAPayload()
    {
        const std::string headers = text(":message-type", "error") + text(":error-code", "InternalFailure") +
                                    text(":error-message", "It \"broke\"");
        QCOMPARE(read(message(headers, ""), 5).told,
                 std::string("InternalFailure!{\"message\":\"It \\\"broke\\\"\"};"));
    }

    void refusesWhatIsDamaged_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char* name, const std::string& bytes) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes);
        };
        const std::string good = message(text(":event-type", "x"), "{}");
        for (std::size_t i = 0; i < good.size(); ++i) {
            std::string bad = good;
            bad[i] = static_cast<char>(bad[i] ^ 0x10);
            row(("byte " + std::to_string(i)).c_str(), bad);
        }
        row("no message", "HTTP/1.1 200 OK and more");
        row("header without a value", message("\x01"
                                              "a",
                                              "{}"));
        row("header of no type", message("\x01"
                                         "a"
                                         "\x0a",
                                         "{}"));
        row("header cut off", message(text(":event-type", "x").substr(0, 8), "{}"));
        row("header without a name", message(std::string("\0\x00", 2), "{}"));
        std::string tooShort = number(12) + number(0);
        row("shorter than its frame", tooShort + number(crc32(tooShort)));
        std::string longHeaders = number(20) + number(5);
        row("headers longer than all", longHeaders + number(crc32(longHeaders)) + "12345678");
    }

    void refusesWhatIsDamaged()
    {
        QFETCH(QByteArray, bytes);
        for (const std::size_t step : {std::size_t{1}, bytes.toStdString().size()}) {
            const Read result = read(bytes.toStdString() + stream(), step);
            QVERIFY(!result.good);
            QVERIFY(result.damaged);
            QVERIFY(result.told.empty());
        }
    }

    void refusesWhatIsTooLarge()
    {
        const std::string large = message(text(":event-type", "x"), std::string(100, ' '));
        QVERIFY(read(large, 9, large.size()).good);
        const Read result = read(large, 9, large.size() - 1);
        QVERIFY(!result.good && !result.damaged);
        // The length alone is enough: nothing is collected for it.
        std::string huge = number(0xFFFFFFF0U) + number(0);
        QVERIFY(!read(huge + number(crc32(huge)), 12).good);
    }

    void stopsWhereItsReaderDoes()
    {
        AwsEventScanner scanner;
        int seen = 0;
        const auto once = [&seen](const SseEvent&) { return ++seen < 1; };
        QVERIFY(scanner.feed(stream(), once));
        QVERIFY(scanner.feed(stream(), once));
        QCOMPARE(seen, 1);
    }
};

QTEST_GUILESS_MAIN(AwsEventScannerTest)
#include "aws_event_scanner_test.moc"
