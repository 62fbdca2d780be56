// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <zlib.h>

#include "wire.h"

namespace fake {

static std::string deflated(std::string_view text, int windowBits, int flush)
{
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, flush);
    out.resize(out.size() - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

std::string gzipped(std::string_view text)
{
    return deflated(text, 15 + 16, Z_FINISH);
}

std::string brotliStored(std::string_view text)
{
    std::string out;
    bool first = true;
    while (!text.empty()) {
        size_t size = std::min<size_t>(text.size(), 65536);
        // RFC 7932: [window 16: 0], not last, four length nibbles (00), length - 1, uncompressed.
        uint32_t bits = static_cast<uint32_t>(size - 1) << 3U | 1U << 19U;
        if (first) bits <<= 1U;
        for (unsigned shift = 0; shift < 24; shift += 8)
            out += static_cast<char>(bits >> shift & 0xFFU);
        out += text.substr(0, size);
        text.remove_prefix(size);
        first = false;
    }
    // Last and empty; an empty text still needs the window bit before it.
    out += first ? '\x06' : '\x03';
    return out;
}

const GzipBomb& gzipBomb()
{
    static const GzipBomb bomb = [] {
        static constexpr size_t kBlock = 1 << 20;
        GzipBomb made;
        made.repeat = 1024;
        std::string zeros(kBlock, '\0');
        // A full flush makes the block independent of what came before, so it can be repeated.
        made.block = deflated(zeros, -15, Z_FULL_FLUSH);
        uLong one = crc32(0, reinterpret_cast<const Bytef*>(zeros.data()), kBlock);
        uLong all = one;
        for (uint64_t i = 1; i < made.repeat; ++i)
            all = crc32_combine(all, one, kBlock);
        made.head = std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
        made.tail = std::string("\x03\0", 2); // An empty last block.
        uint64_t size = kBlock * made.repeat;
        for (uint64_t value : {static_cast<uint64_t>(all), size}) {
            for (unsigned shift = 0; shift < 32; shift += 8)
                made.tail += static_cast<char>(value >> shift & 0xFFU);
        }
        return made;
    }();
    return bomb;
}

} // namespace fake
