// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/content_decoder.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

namespace gateway::upstream {

namespace {

constexpr std::size_t kStep = 16 * 1024;
constexpr int kMaxZstdWindowLog = 23; // RFC 9659: 8 MiB; a frame may ask for gigabytes

class ZlibDecoder : public ContentDecoder {
public:
    ZlibDecoder()
    {
        m_ready = inflateInit2(&m_stream, 15 + 32) == Z_OK;
    } // 32: zlib or gzip, found by its header
    ZlibDecoder(const ZlibDecoder&) = delete;
    ZlibDecoder& operator=(const ZlibDecoder&) = delete;
    ~ZlibDecoder() override { inflateEnd(&m_stream); }

    bool read(std::string_view& input, std::string& out, std::size_t limit) override
    {
        if (!m_ready) return false;
        std::array<char, kStep> buffer;
        const std::size_t before = out.size();
        do {
            if (m_complete && !beginsAnother(input)) return true;
            m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
            m_stream.avail_in = static_cast<uInt>(std::min<std::size_t>(input.size(), 1u << 30));
            m_stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
            m_stream.avail_out = static_cast<uInt>(std::min(kStep, limit - (out.size() - before)));
            const uInt room = m_stream.avail_out;
            const uInt had = m_stream.avail_in;
            const int state = inflate(&m_stream, Z_NO_FLUSH);
            input.remove_prefix(had - m_stream.avail_in);
            out.append(buffer.data(), room - m_stream.avail_out);
            m_complete = state == Z_STREAM_END;
            if (state == Z_BUF_ERROR) return true;
            if (state != Z_OK && !m_complete) return false;
        } while (!input.empty() && out.size() - before < limit);
        return true;
    }
    [[nodiscard]] bool complete() const override { return m_complete; }

private:
    /// Behind the end of a member: one more follows (RFC 1952, section 2.2), or what is no part of the text.
    bool beginsAnother(std::string_view& input)
    {
        m_over = m_over || (!input.empty() && input.front() != '\x1f');
        if (m_over) input = {};
        if (input.empty()) return false;
        m_complete = false;
        return inflateReset(&m_stream) == Z_OK;
    }

    z_stream m_stream{};
    bool m_ready = false;
    bool m_complete = false;
    bool m_over = false;
};

class BrotliDecoder : public ContentDecoder {
public:
    bool read(std::string_view& input, std::string& out, std::size_t limit) override
    {
        std::array<char, kStep> buffer;
        const std::size_t before = out.size();
        while (out.size() - before < limit && !m_complete) {
            std::size_t left = input.size();
            const auto* next = reinterpret_cast<const std::uint8_t*>(input.data());
            std::size_t room = std::min(kStep, limit - (out.size() - before));
            const std::size_t had = room;
            auto* target = reinterpret_cast<std::uint8_t*>(buffer.data());
            const auto state =
                BrotliDecoderDecompressStream(m_state.get(), &left, &next, &room, &target, nullptr);
            input.remove_prefix(input.size() - left);
            out.append(buffer.data(), had - room);
            if (state == BROTLI_DECODER_RESULT_ERROR) return false;
            m_complete = state == BROTLI_DECODER_RESULT_SUCCESS;
            if (state == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT) return true;
        }
        if (m_complete) input = {}; // what follows is no part of the text
        return true;
    }
    [[nodiscard]] bool complete() const override { return m_complete; }

private:
    std::unique_ptr<BrotliDecoderState, void (*)(BrotliDecoderState*)> m_state{
        BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), &BrotliDecoderDestroyInstance};
    bool m_complete = false;
};

class ZstdDecoder : public ContentDecoder {
public:
    ZstdDecoder() { ZSTD_DCtx_setParameter(m_state.get(), ZSTD_d_windowLogMax, kMaxZstdWindowLog); }

    bool read(std::string_view& input, std::string& out, std::size_t limit) override
    {
        std::array<char, kStep> buffer;
        const std::size_t before = out.size();
        for (;;) {
            if (m_complete && !beginsAnother(input)) return true;
            ZSTD_inBuffer from{input.data(), input.size(), 0};
            ZSTD_outBuffer to{buffer.data(), std::min(kStep, limit - (out.size() - before)), 0};
            const std::size_t state = ZSTD_decompressStream(m_state.get(), &to, &from);
            input.remove_prefix(from.pos);
            out.append(buffer.data(), to.pos);
            if (ZSTD_isError(state)) return false;
            m_complete = state == 0;
            if (out.size() - before >= limit || (input.empty() && to.pos < to.size)) return true;
        }
    }
    [[nodiscard]] bool complete() const override { return m_complete; }

private:
    /// Behind the end of a frame: one more follows, or a skippable one (RFC 8878, section 3), or what is no
    /// part of the text.
    bool beginsAnother(std::string_view& input)
    {
        const char first = input.empty() ? '\0' : input.front();
        m_over = m_over || (!input.empty() && first != '\x28' && (first & 0xf0) != 0x50);
        if (m_over) input = {};
        return !input.empty();
    }

    std::unique_ptr<ZSTD_DStream, std::size_t (*)(ZSTD_DStream*)> m_state{ZSTD_createDStream(),
                                                                          &ZSTD_freeDStream};
    bool m_complete = false;
    bool m_over = false;
};

} // namespace

std::unique_ptr<ContentDecoder> makeContentDecoder(std::string_view encoding)
{
    std::string name(encoding);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    if (name == "gzip" || name == "x-gzip" || name == "deflate") return std::make_unique<ZlibDecoder>();
    if (name == "br") return std::make_unique<BrotliDecoder>();
    if (name == "zstd") return std::make_unique<ZstdDecoder>();
    return nullptr;
}

} // namespace gateway::upstream
