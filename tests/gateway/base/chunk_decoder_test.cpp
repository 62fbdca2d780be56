// SPDX-License-Identifier: GPL-3.0-or-later
#include <vector>

#include <QtTest/QtTest>

#include "base/chunk_decoder.h"

using namespace gateway;

namespace {

using State = ChunkDecoder::State;

struct Outcome {
    std::string payload;
    std::string rest;
    State state = State::Undecided;
    bool operator==(const Outcome&) const = default;
};

Outcome decode(std::initializer_list<std::string_view> parts)
{
    ChunkDecoder decoder;
    Outcome outcome;
    for (auto part : parts) {
        while (!part.empty() && decoder.state() == State::More) {
            outcome.payload += decoder.next(part);
        }
        outcome.rest += part;
    }
    outcome.state = decoder.state();
    return outcome;
}

State stateOf(const std::string& bytes)
{
    return decode({bytes}).state;
}

const std::vector<std::string> kBodies = {
    "0\r\n\r\n", "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\nNEXT",
    "5;a;b=c;d=\"e\\\"f;\"\r\nhello\r\n000\r\nTrailer: x\r\nOther:\ty \r\n\r\n",
    "0000000000000001\r\nx\r\nA\r\n0123456789\r\na\r\n0123\r\n6789\r\n0\r\n\r\n"};

} // namespace

class ChunkDecoderTest : public QObject {
    Q_OBJECT

private slots:
    void decodesWholeBodies();
    void decodesBodiesCutAtEveryByte();
    void decodesByteByByte();
    void waitsWhileABodyIsCutOff();
    void refusesBadFraming_data();
    void refusesBadFraming();
    void limitsTheChunkLine();
    void limitsTheTrailer();
    void takesTheLargestSize();
    void givesViewsOfTheInput();
    void startsAgainAfterReset();
};

void ChunkDecoderTest::decodesWholeBodies()
{
    QVERIFY((decode({kBodies[0]}) == Outcome{"", "", State::Done}));
    QVERIFY((decode({kBodies[1]}) == Outcome{"hello world", "NEXT", State::Done}));
    QVERIFY((decode({kBodies[2]}) == Outcome{"hello", "", State::Done}));
    QVERIFY((decode({kBodies[3]}) == Outcome{"x01234567890123\r\n6789", "", State::Done}));
}

void ChunkDecoderTest::decodesBodiesCutAtEveryByte()
{
    for (const auto& body : kBodies) {
        const std::string_view all = body;
        const auto whole = decode({all});
        for (size_t first = 0; first <= all.size(); ++first) {
            for (size_t second = first; second <= all.size(); ++second) {
                QVERIFY(decode({all.substr(0, first), all.substr(first, second - first),
                                all.substr(second)}) == whole);
            }
        }
    }
}

void ChunkDecoderTest::decodesByteByByte()
{
    for (const auto& body : kBodies) {
        ChunkDecoder decoder;
        std::string payload;
        for (const char& byte : body) {
            std::string_view input(&byte, 1);
            payload += decoder.next(input);
        }
        QCOMPARE(payload, decode({body}).payload);
        QCOMPARE(decoder.state(), State::Done);
    }
}

void ChunkDecoderTest::waitsWhileABodyIsCutOff()
{
    const std::string body = "5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n";
    for (size_t size = 0; size < body.size(); ++size) {
        QCOMPARE(stateOf(body.substr(0, size)), State::More);
    }
    QCOMPARE(stateOf(body), State::Done);
}

void ChunkDecoderTest::refusesBadFraming_data()
{
    QTest::addColumn<QByteArray>("bytes");
    int row = 0;
    for (const char* bytes : {"\r\n",
                              "\n",
                              " 5\r\nhello\r\n",
                              "5 \r\nhello\r\n",
                              "+5\r\nhello\r\n",
                              "-2\r\n",
                              "0x5\r\nhello\r\n",
                              "g\r\n",
                              "5\nhello\r\n",
                              "5\rhello\r\n",
                              "5\r\rhello\n",
                              "5\r\r\nhello",
                              "5\r\nhello\n0\r\n\r\n",
                              "5\r\nhelloX\r\n",
                              "5\r\nhello\rX",
                              "5\r\nhello0\r\n\r\n",
                              "10000000000000000\r\n",
                              "00000000000000005\r\n",
                              "5;\r\n",
                              "5;=x\r\n",
                              "5;a=\r\n",
                              "5;a b\r\n",
                              "5;a=\"b\r\n",
                              "5;a=\"b\"c\r\n",
                              "5;a=\"\\\r\n",
                              "5;a=\"\x01\"\r\n",
                              "5;a\x01\r\n",
                              "5;a\rb\r\n",
                              "5;a\tb\r\n",
                              "5 ;a\r\n",
                              "5; a\r\n",
                              "5,5\r\n",
                              "5.0\r\n",
                              "5;a;\r\n",
                              "0\r\n\n",
                              "0\r\nX\r\n\r\n",
                              "0\r\n: x\r\n\r\n",
                              "0\r\nA : x\r\n\r\n",
                              "0\r\n A: x\r\n\r\n",
                              "0\r\nA: x\n\r\n",
                              "0\r\nA: x\ry\r\n\r\n",
                              "0\r\nA: \x01\r\n\r\n",
                              "0\r\nA: x\r\n b\r\n\r\n",
                              "0\r\n\r\r\n",
                              "\xC2\xB5\r\n"}) {
        QTest::addRow("%d", row++) << QByteArray(bytes);
    }
}

void ChunkDecoderTest::refusesBadFraming()
{
    QFETCH(QByteArray, bytes);
    const auto text = bytes.toStdString();
    QCOMPARE(stateOf(text), State::Bad);
    for (size_t cut = 0; cut <= text.size(); ++cut) {
        const std::string_view all = text;
        QCOMPARE(decode({all.substr(0, cut), all.substr(cut)}).state, State::Bad);
    }
}

void ChunkDecoderTest::limitsTheChunkLine()
{
    const auto line = [](size_t size) { return "1;" + std::string(size - 4, 'a') + "\r\n"; };
    QCOMPARE(stateOf(line(ChunkDecoder::kMaxChunkLineBytes)), State::More);
    QCOMPARE(stateOf(line(ChunkDecoder::kMaxChunkLineBytes + 1)), State::Bad);
    QCOMPARE(stateOf("1;" + std::string(ChunkDecoder::kMaxChunkLineBytes, 'a')), State::Bad);
    QCOMPARE(stateOf(std::string(1'000'000, '0')), State::Bad);
}

void ChunkDecoderTest::limitsTheTrailer()
{
    const auto trailer = [](size_t size) {
        const std::string field = "A: " + std::string(1019, 'x') + "\r\n";
        std::string body = "0\r\n";
        for (size_t left = size - 2; left > 0; left -= field.size()) {
            if (left < field.size()) return body + "A:" + std::string(left - 4, 'x') + "\r\n\r\n";
            body += field;
        }
        return body + "\r\n";
    };
    QCOMPARE(stateOf(trailer(ChunkDecoder::kMaxTrailerBytes)), State::Done);
    QCOMPARE(stateOf(trailer(ChunkDecoder::kMaxTrailerBytes + 1)), State::Bad);
    QCOMPARE(stateOf("0\r\nA: " + std::string(ChunkDecoder::kMaxTrailerBytes, 'x')), State::Bad);
}

void ChunkDecoderTest::takesTheLargestSize()
{
    const auto outcome = decode({"ffffffffffffffff\r\nabc"});
    QVERIFY((outcome == Outcome{"abc", "", State::More}));
}

void ChunkDecoderTest::givesViewsOfTheInput()
{
    const std::string body = "3\r\nabc\r\n";
    std::string_view input = body;
    ChunkDecoder decoder;
    const auto payload = decoder.next(input);
    QCOMPARE(payload.data(), body.data() + 3);
    QVERIFY(decoder.next(input).empty());
    QVERIFY(input.empty());
    QVERIFY(decoder.problem().empty());
}

void ChunkDecoderTest::startsAgainAfterReset()
{
    ChunkDecoder decoder;
    for (const std::string_view begun : {"5", "5\r\nhe", "5\r\nhello\r", "0\r\nA: b", "bad\n", "0\r\n\r\n"}) {
        auto input = begun;
        while (!input.empty() && decoder.state() == State::More) {
            decoder.next(input);
        }
        decoder.reset();
        std::string_view body = "2\r\nok\r\n0\r\n\r\n";
        QCOMPARE(decoder.next(body), std::string_view("ok"));
        decoder.next(body);
        QCOMPARE(decoder.state(), State::Done);
        decoder.reset();
    }
}

QTEST_GUILESS_MAIN(ChunkDecoderTest)
#include "chunk_decoder_test.moc"
