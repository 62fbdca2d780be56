// SPDX-License-Identifier: GPL-3.0-or-later
#include <vector>

#include <QtTest/QtTest>

#include "base/sse_scanner.h"

using namespace gateway;

namespace {

struct Seen {
    std::string raw;
    std::string name;
    std::string data;
    bool hasData;
    bool operator==(const Seen&) const = default;
};

Seen kept(const SseEvent& event)
{
    return {std::string(event.raw), std::string(event.name), std::string(event.data), event.hasData};
}

std::vector<Seen> eventsOf(std::initializer_list<std::string_view> parts, std::string* rest = nullptr)
{
    SseScanner scanner;
    std::vector<Seen> events;
    for (const auto part : parts) {
        scanner.feed(part, [&](const SseEvent& event) { events.push_back(kept(event)); });
    }
    if (rest) *rest = scanner.pending();
    return events;
}

const std::vector<std::string> kStreams = {
    "data: a\n\ndata: b\n\n",
    "event: message_start\ndata: {\"x\":1}\n\nevent: ping\ndata: {}\n\n",
    "event: e\r\ndata: one\r\ndata: two\r\n\r\n: comment\r\n\r\ndata: [DONE]\r\n\r\n",
    "data: a\r\rdata: b\r\rdata: c\r",
    "\xEF\xBB\xBF"
    "data: marked\n\ndata: next\n\n",
    "\xEF\xBB\xBF\n"
    "data: x\n\n",
    "\xEF\xBB"
    "data: x\n\n\xEF\xBB\xBF"
    "data: y\n\n",
    "\n\n\ndata\n\ndata:\n\ndata: \n\ndata:  two spaces\n\n",
    "data: a\r\n\ndata: b\n\r\ndata: c\r\n\r\n\r\n\n\r",
    "id: 7\nretry: 10\nevent:x\nevent: y\nunknown\n:\n\ndata: unfinished",
    ": "
    "keep-alive\n\n\r\n\r\n\r\r\rdata: z\n\n"};

} // namespace

class SseScannerTest : public QObject {
    Q_OBJECT

private slots:
    void readsFields();
    void joinsDataLines();
    void takesEveryLineEnd();
    void ignoresAByteOrderMarkAtTheStartOnly();
    void givesTheSameEventsCutAtEveryByte();
    void givesTheSameEventsByteByByte();
    void losesNoByte();
    void copiesNothingWhenAnEventIsWhole();
    void waitsForTheByteBehindACr();
    void finishesAnEventThatEndsInACr();
    void refusesAnEventOverTheLimit();
    void stopsWhenTheVisitSaysSo();
    void takesALongEventByteByByte();
};

void SseScannerTest::readsFields()
{
    const auto events =
        eventsOf({"event: ping\ndata: {\"a\": 1}\n\n: note\n\ndata\n\nevent: none\n\ndata:x:y\n\n"});
    QCOMPARE(events.size(), size_t(5));
    QVERIFY((events[0] == Seen{"event: ping\ndata: {\"a\": 1}\n\n", "ping", "{\"a\": 1}", true}));
    QVERIFY((events[1] == Seen{": note\n\n", "", "", false}));
    QVERIFY((events[2] == Seen{"data\n\n", "", "", true}));
    QVERIFY((events[3] == Seen{"event: none\n\n", "none", "", false}));
    QVERIFY((events[4] == Seen{"data:x:y\n\n", "", "x:y", true}));
}

void SseScannerTest::joinsDataLines()
{
    const auto events = eventsOf({"data: a\ndata:\nDATA: no\ndata:  b\n\ndata:\ndata\n\ndata: one\n\n"});
    QCOMPARE(events.size(), size_t(3));
    QCOMPARE(events[0].data, std::string("a\n\n b"));
    QCOMPARE(events[1].data, std::string("\n"));
    QCOMPARE(events[2].data, std::string("one"));
}

void SseScannerTest::takesEveryLineEnd()
{
    for (const std::string end : {"\n", "\r\n", "\r"}) {
        const std::string first = "event: e" + end + "data: a" + end + "data: b" + end + end;
        const auto events = eventsOf({first + "data: c" + end + end + ":"});
        QCOMPARE(events.size(), size_t(2));
        QVERIFY((events[0] == Seen{first, "e", "a\nb", true}));
        QCOMPARE(events[1].data, std::string("c"));
    }
}

void SseScannerTest::ignoresAByteOrderMarkAtTheStartOnly()
{
    const auto events = eventsOf({"\xEF\xBB\xBF"
                                  "data: a\n\n\xEF\xBB\xBF"
                                  "data: b\n\n"});
    QCOMPARE(events.size(), size_t(2));
    QVERIFY(events[0].hasData);
    QVERIFY(!events[1].hasData);
    QCOMPARE(eventsOf({"\xEF\xBB\xBF\n"
                       "data: a\n\n"})
                 .size(),
             size_t(2));
}

void SseScannerTest::givesTheSameEventsCutAtEveryByte()
{
    for (const auto& stream : kStreams) {
        const std::string_view all = stream;
        std::string rest;
        const auto whole = eventsOf({all}, &rest);
        for (size_t first = 0; first <= all.size(); ++first) {
            for (size_t second = first; second <= all.size(); ++second) {
                std::string restCut;
                const auto cut = eventsOf(
                    {all.substr(0, first), all.substr(first, second - first), all.substr(second)}, &restCut);
                QVERIFY(cut == whole);
                QCOMPARE(restCut, rest);
            }
        }
    }
}

void SseScannerTest::givesTheSameEventsByteByByte()
{
    for (const auto& stream : kStreams) {
        SseScanner scanner;
        std::vector<Seen> events;
        for (const char byte : stream) {
            QVERIFY(scanner.feed({&byte, 1}, [&](const SseEvent& event) { events.push_back(kept(event)); }));
        }
        QVERIFY(events == eventsOf({stream}));
    }
}

void SseScannerTest::losesNoByte()
{
    for (const auto& stream : kStreams) {
        std::string rest;
        std::string all;
        for (const auto& event : eventsOf({stream}, &rest)) {
            all += event.raw;
        }
        QCOMPARE(all + rest, stream);
    }
}

void SseScannerTest::copiesNothingWhenAnEventIsWhole()
{
    const std::string bytes = "data: a\n\ndata: b\n\nda";
    SseScanner scanner;
    QVERIFY(scanner.feed(bytes, [&](const SseEvent& event) {
        QVERIFY(event.raw.data() >= bytes.data() && event.raw.data() < bytes.data() + bytes.size());
        QVERIFY(event.data.data() >= bytes.data() && event.data.data() < bytes.data() + bytes.size());
    }));
    QCOMPARE(scanner.pending(), std::string_view("da"));
}

void SseScannerTest::waitsForTheByteBehindACr()
{
    QVERIFY(eventsOf({"data: a\r\n\r"}).empty());
    QCOMPARE(eventsOf({"data: a\r\n\r", "\n"})[0].raw, std::string("data: a\r\n\r\n"));
    QCOMPARE(eventsOf({"data: a\r\r", "d"})[0].raw, std::string("data: a\r\r"));
}

void SseScannerTest::finishesAnEventThatEndsInACr()
{
    SseScanner scanner;
    int events = 0;
    const auto count = [&](const SseEvent& event) { events += event.data == "a" ? 1 : 0; };
    scanner.feed("data: a\r\r", count);
    QCOMPARE(events, 0);
    scanner.finish(count);
    scanner.finish(count);
    QCOMPARE(events, 1);
    QVERIFY(scanner.pending().empty());
    SseScanner unfinished;
    unfinished.feed("data: a\n", count);
    unfinished.finish(count);
    QCOMPARE(events, 1);
    QCOMPARE(unfinished.pending(), std::string_view("data: a\n"));
}

void SseScannerTest::refusesAnEventOverTheLimit()
{
    const std::string fits = "data: 78\n\n";
    const std::string large = "data: 789\n\n";
    for (size_t cut = 0; cut <= fits.size(); ++cut) {
        int events = 0;
        const auto count = [&](const SseEvent&) { ++events; };
        SseScanner scanner(fits.size());
        QVERIFY(scanner.feed(fits.substr(0, cut), count) && scanner.feed(fits.substr(cut) + fits, count));
        QCOMPARE(events, 2);
        SseScanner strict(fits.size());
        QVERIFY(!(strict.feed(large.substr(0, cut), count) && strict.feed(large.substr(cut), count)));
        QVERIFY(!strict.feed("\n\ndata: a\n\n", count));
        QCOMPARE(events, 2);
    }
}

void SseScannerTest::stopsWhenTheVisitSaysSo()
{
    SseScanner scanner;
    int events = 0;
    const auto stop = [&](const SseEvent&) {
        ++events;
        return false;
    };
    QVERIFY(scanner.feed("data: a\n\ndata: b\n\n", stop));
    QVERIFY(scanner.feed("data: c\n\n", stop));
    QCOMPARE(events, 1);
}

void SseScannerTest::takesALongEventByteByByte()
{
    const std::string stream = "data: " + std::string(1'000'000, 'x') + "\n\n";
    SseScanner scanner;
    size_t size = 0;
    // Were every feed to look at all that is pending, this would take minutes.
    for (const char byte : stream) {
        QVERIFY(scanner.feed({&byte, 1}, [&](const SseEvent& event) { size = event.data.size(); }));
    }
    QCOMPARE(size, size_t(1'000'000));
}

QTEST_GUILESS_MAIN(SseScannerTest)
#include "sse_scanner_test.moc"
