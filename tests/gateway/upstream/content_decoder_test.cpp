// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <memory>
#include <string>

#include <zlib.h>
#include <zstd.h>

#include <QTest>

#include "upstream/content_decoder.h"

using namespace gateway::upstream;

namespace {

/// What the packed texts below hold.
std::string sample()
{
    std::string text;
    for (int i = 0; i < 40; ++i)
        text += "{\"n\":" + std::to_string(i) + ",\"text\":\"Grüße\"}\n";
    return text;
}

std::string deflated(std::string_view text, int windowBits)
{
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string gzipped(std::string_view text)
{
    return deflated(text, 15 + 16);
}

/// A frame with a checksum, and with a window of 2^windowLog bytes where that is given.
std::string zstdPacked(std::string_view text, int windowLog = 0)
{
    const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    if (windowLog != 0) ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, windowLog);
    std::string out(ZSTD_compressBound(text.size()) + 64, '\0');
    // In two steps, so that the size is not known when the header is written.
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    ZSTD_inBuffer from{text.data(), text.size(), 0};
    ZSTD_compressStream2(context.get(), &to, &from, ZSTD_e_continue);
    ZSTD_compressStream2(context.get(), &to, &from, ZSTD_e_end);
    out.resize(to.pos);
    return out;
}

/// sample(), packed by the reference encoder at its best.
std::string brotliSample()
{
    return QByteArray::fromHex(
               "1b0504f8ad0aec36f46b5366cd19f489ea11dcb71cde2bab4fde56387293533a7d21a263c3d4cd06"
               "f638c88403808681d181537ba2b0802ae7d4f77b2e0581482253a86968e946cc0d194d668bb58d2d"
               "5dc732184d668bb58d2d5da732184d668bb58d6d3a")
        .toStdString();
}

std::string packed(const std::string& encoding)
{
    if (encoding == "gzip") return gzipped(sample());
    if (encoding == "deflate") return deflated(sample(), 15);
    return encoding == "br" ? brotliSample() : zstdPacked(sample());
}

constexpr const char* kEncodings[] = {"gzip", "deflate", "br", "zstd"};

struct Unpacked {
    std::string text;
    bool good = true;
    bool complete = false;
    bool operator==(const Unpacked&) const = default;
};

/// As a reply is read: pieces of any size, at most `limit` bytes out at a time.
class Reader {
public:
    explicit Reader(const std::string& encoding, std::size_t limit = 256 * 1024)
        : m_decoder(makeContentDecoder(encoding)), m_limit(limit)
    {
    }

    void feed(std::string_view input)
    {
        while (m_result.good) {
            const std::size_t had = input.size(), held = m_result.text.size();
            m_result.good = m_decoder->read(input, m_result.text, m_limit);
            const std::size_t grown = m_result.text.size() - held;
            QVERIFY2(grown <= m_limit, "more than the limit at once");
            if (grown == 0 && (input.empty() || input.size() == had)) break;
        }
        QVERIFY2(!m_result.good || input.empty(), "input is left over");
        m_result.complete = m_result.good && m_decoder->complete();
    }

    [[nodiscard]] const Unpacked& result() const { return m_result; }

private:
    std::unique_ptr<ContentDecoder> m_decoder;
    std::size_t m_limit;
    Unpacked m_result;
};

Unpacked unpacked(const std::string& encoding, std::string_view bytes, std::size_t cut,
                  std::size_t step = std::string_view::npos, std::size_t limit = 256 * 1024)
{
    Reader reader(encoding, limit);
    reader.feed(bytes.substr(0, cut));
    for (std::size_t at = cut; at < bytes.size(); at += std::min(step, bytes.size() - at))
        reader.feed(bytes.substr(at, step));
    return reader.result();
}

/// The same however it is cut, to the byte, and however little may come out at once.
bool isAlwaysWhole(const std::string& encoding, const std::string& bytes, const std::string& text)
{
    const Unpacked whole{text, true, true};
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        if (unpacked(encoding, bytes, cut) != whole) return false;
    }
    return unpacked(encoding, bytes, 0, 1) == whole &&
           unpacked(encoding, bytes, bytes.size(), 1, 1) == whole &&
           unpacked(encoding, bytes, 0, 1, 7) == whole;
}

} // namespace

class ContentDecoderTest : public QObject {
    Q_OBJECT

    static void addEncodings()
    {
        QTest::addColumn<QByteArray>("encoding");
        for (const char* encoding : kEncodings)
            QTest::newRow(encoding) << QByteArray(encoding);
    }

private slots:
    void knowsTheEncodingsByAnyCase()
    {
        for (const char* name : {"gzip", "x-gzip", "GZip", "deflate", "br", "BR", "zstd"})
            QVERIFY(makeContentDecoder(name) != nullptr);
        for (const char* name : {"", "identity", "compress", "gzip, br", "gzip ", "x-br", "gz", "zstd\r\n"})
            QVERIFY(makeContentDecoder(name) == nullptr);
    }

    void unpacksTheSameHoweverItIsCut_data() { addEncodings(); }
    void unpacksTheSameHoweverItIsCut()
    {
        QFETCH(QByteArray, encoding);
        const std::string name = encoding.toStdString();
        QVERIFY(isAlwaysWhole(name, packed(name), sample()));
    }

    void isCompleteOnlyAtTheEnd_data() { addEncodings(); }
    void isCompleteOnlyAtTheEnd()
    {
        QFETCH(QByteArray, encoding);
        const std::string name = encoding.toStdString();
        const std::string bytes = packed(name);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const Unpacked part = unpacked(name, std::string_view(bytes).substr(0, size), size);
            QVERIFY(part.good && !part.complete);
            QVERIFY(sample().starts_with(part.text));
        }
    }

    void givesNoOtherTextWhereAByteIsChanged_data() { addEncodings(); }
    void givesNoOtherTextWhereAByteIsChanged()
    {
        QFETCH(QByteArray, encoding);
        const std::string name = encoding.toStdString();
        const std::string bytes = packed(name);
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            for (int bit = 0; bit < 8; ++bit) {
                std::string changed = bytes;
                changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
                const Unpacked read = unpacked(name, changed, changed.size());
                // Brotli has no checksum: there it must only end.
                if (name != "br" && read.complete) QCOMPARE(read.text, sample());
            }
        }
    }

    void refusesGarbage_data() { addEncodings(); }
    void refusesGarbage()
    {
        QFETCH(QByteArray, encoding);
        const std::string name = encoding.toStdString();
        for (const std::string& garbage : {std::string("{\"error\":\"not packed at all\"}"),
                                           std::string(64, '\xff'), std::string(64, '<')}) {
            QVERIFY(!unpacked(name, garbage, 0, 1).complete);
            QVERIFY(!unpacked(name, garbage, garbage.size()).complete);
        }
        QVERIFY(!unpacked(name, "", 0).complete);
    }

    void givesABombOutInSmallPieces_data() { addEncodings(); }
    void givesABombOutInSmallPieces()
    {
        QFETCH(QByteArray, encoding);
        const std::string name = encoding.toStdString();
        constexpr std::size_t kLimit = 64 * 1024;
        const std::string zeros(name == "br" ? 0 : 16 << 20, 'a');
        std::string bomb;
        if (name == "gzip") bomb = gzipped(zeros);
        if (name == "deflate") bomb = deflated(zeros, 15);
        if (name == "zstd") bomb = zstdPacked(zeros);
        if (name == "br")
            bomb = QByteArray::fromHex("9bffff7ff825c2e2b14020f7fe0f").toStdString(); // 8 MiB of 'a'
        const auto decoder = makeContentDecoder(name);
        std::string_view input = bomb;
        std::string out;
        for (int reads = 1; reads <= 16; ++reads) {
            QVERIFY(decoder->read(input, out, kLimit));
            QCOMPARE(out.size(), kLimit * static_cast<std::size_t>(reads));
            QVERIFY(!decoder->complete());
        }
        QVERIFY(out.capacity() < 8 << 20);
        QVERIFY(out.find_first_not_of('a') == std::string::npos);
    }

    void readsMembersInARow()
    {
        // Servers that pack piece by piece end a member or frame with each.
        QVERIFY(isAlwaysWhole("gzip", gzipped("first ") + gzipped("second ") + gzipped(""), "first second "));
        const std::string skippable("\x5a\x2a\x4d\x18\x03\0\0\0abc", 11); // RFC 8878, section 3.1.2
        QVERIFY(
            isAlwaysWhole("zstd", zstdPacked("first ") + skippable + zstdPacked("second"), "first second"));
        QVERIFY(isAlwaysWhole("zstd", skippable + zstdPacked("only"), "only"));
    }

    void isNotCompleteInTheMiddleOfALaterMember()
    {
        for (const char* name : {"gzip", "zstd"}) {
            const std::string first = packed(name);
            const std::string both = first + packed(name);
            for (std::size_t size = first.size() + 1; size < both.size(); ++size)
                QVERIFY(!unpacked(name, both.substr(0, size), size).complete);
        }
        std::string damaged = gzipped("first") + gzipped("second");
        damaged[damaged.size() - 5] = static_cast<char>(damaged[damaged.size() - 5] ^ 1); // of its checksum
        QVERIFY(!unpacked("gzip", damaged, damaged.size()).good);
    }

    void skipsWhatStandsBehindTheEnd_data() { addEncodings(); }
    void skipsWhatStandsBehindTheEnd()
    {
        QFETCH(QByteArray, encoding);
        const std::string name = encoding.toStdString();
        for (const std::string& behind : {std::string(1, '\0'), std::string(600, '\0'), std::string("\r\n"),
                                          std::string("<html>\x1f\x8b\x28\xb5\x2f\xfd")})
            QVERIFY(isAlwaysWhole(name, packed(name) + behind, sample()));
    }

    void takesNoWindowThatHttpForbids()
    {
        // RFC 9659: at most 8 MiB; a frame may ask for gigabytes.
        const std::string text = sample();
        QVERIFY(unpacked("zstd", zstdPacked(text, 23), 0).complete);
        QVERIFY(!unpacked("zstd", zstdPacked(text, 24), 0).good);
        QVERIFY(!unpacked("zstd", zstdPacked(text, 27), 0).good);
    }
};

QTEST_GUILESS_MAIN(ContentDecoderTest)
#include "content_decoder_test.moc"
