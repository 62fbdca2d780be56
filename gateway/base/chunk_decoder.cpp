// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/chunk_decoder.h"

#include <algorithm>

#include "base/head_scan.h"

namespace gateway {
namespace {

constexpr size_t kMaxSizeDigits = 16;
constexpr std::string_view kLineEnd = "\r\n";

int hexDigit(char byte)
{
    if (byte >= '0' && byte <= '9') return byte - '0';
    const char letter = static_cast<char>(byte | 0x20);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

bool takeToken(std::string_view& text)
{
    const auto end = std::find_if_not(text.begin(), text.end(), isTokenByte);
    const auto size = static_cast<size_t>(end - text.begin());
    text.remove_prefix(size);
    return size > 0;
}

/// Takes a quoted string, the opening quote of which is the first byte.
bool takeQuoted(std::string_view& text)
{
    for (size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return true;
        }
        i += text[i] == '\\' ? 1 : 0;
        if (i >= text.size() || !isFieldByte(text[i])) return false;
    }
    return false;
}

/// *( ";" name [ "=" ( token / quoted-string ) ] ), without the spaces that RFC 9112 calls bad.
bool areExtensions(std::string_view text)
{
    while (!text.empty()) {
        if (text.front() != ';') return false;
        text.remove_prefix(1);
        if (!takeToken(text)) return false;
        if (text.empty() || text.front() != '=') continue;
        text.remove_prefix(1);
        const bool quoted = !text.empty() && text.front() == '"';
        if (quoted ? !takeQuoted(text) : !takeToken(text)) return false;
    }
    return true;
}

} // namespace

void ChunkDecoder::reset()
{
    m_state = State::More;
    m_part = Part::SizeLine;
    m_afterCr = false;
    m_lineGiven = false;
    m_left = 0;
    m_trailerBytes = 0;
    m_line.clear();
    m_problem = {};
}

void ChunkDecoder::refuse(std::string_view problem)
{
    m_state = State::Bad;
    m_problem = problem;
}

std::string_view ChunkDecoder::next(std::string_view& input)
{
    while (m_state == State::More && !input.empty()) {
        switch (m_part) {
        case Part::Payload:
            return takePayload(input);
        case Part::PayloadEnd:
            readPayloadEnd(input);
            break;
        default:
            readLine(input);
        }
    }
    return {};
}

std::string_view ChunkDecoder::takePayload(std::string_view& input)
{
    const auto size = static_cast<size_t>(std::min<uint64_t>(m_left, input.size()));
    const std::string_view payload = input.substr(0, size);
    input.remove_prefix(size);
    m_left -= size;
    if (m_left == 0) {
        m_part = Part::PayloadEnd;
    }
    return payload;
}

void ChunkDecoder::readPayloadEnd(std::string_view& input)
{
    if (input.front() != kLineEnd[m_afterCr ? 1 : 0]) return refuse("a chunk is not followed by a line end");
    input.remove_prefix(1);
    if (m_afterCr) {
        m_part = Part::SizeLine;
    }
    m_afterCr = !m_afterCr;
}

/// Takes a line up to its LF, which is not part of it; false while it is incomplete or when it is too long.
bool ChunkDecoder::takeLine(std::string_view& input, size_t maxBytes, std::string_view& line)
{
    if (m_lineGiven) {
        m_line.clear();
        m_lineGiven = false;
    }
    const size_t end = input.find('\n');
    const std::string_view part = input.substr(0, end == std::string_view::npos ? end : end + 1);
    if (part.size() > maxBytes - m_line.size()) {
        refuse("a chunk line or the trailer is too long");
        return false;
    }
    input.remove_prefix(part.size());
    const bool complete = end != std::string_view::npos;
    if (complete && m_line.empty()) {
        line = part;
    } else {
        m_line += part;
        m_lineGiven = complete;
        line = m_line;
    }
    if (complete) {
        line.remove_suffix(1);
    }
    return complete;
}

void ChunkDecoder::readLine(std::string_view& input)
{
    const bool isSize = m_part == Part::SizeLine;
    std::string_view line;
    if (!takeLine(input, isSize ? kMaxChunkLineBytes : kMaxTrailerBytes - m_trailerBytes, line)) return;
    if (line.empty() || line.back() != '\r') return refuse("a chunk line does not end in CR LF");
    line.remove_suffix(1);
    if (isSize) {
        readSize(line);
    } else {
        readTrailer(line);
    }
}

void ChunkDecoder::readSize(std::string_view line)
{
    uint64_t size = 0;
    size_t digits = 0;
    while (digits < line.size() && hexDigit(line[digits]) >= 0) {
        if (digits == kMaxSizeDigits) return refuse("a chunk size has too many digits");
        size = (size << 4) | static_cast<uint64_t>(hexDigit(line[digits]));
        ++digits;
    }
    if (digits == 0) return refuse("a chunk size is missing");
    if (!areExtensions(line.substr(digits)))
        return refuse("a chunk size is followed by something other than extensions");
    m_left = size;
    m_part = size == 0 ? Part::Trailer : Part::Payload;
}

void ChunkDecoder::readTrailer(std::string_view line)
{
    if (line.empty()) {
        m_state = State::Done;
        return;
    }
    HeaderField field;
    if (scanHeaderLine(line, field)) return refuse("a trailer is not a header field");
    m_trailerBytes += line.size() + kLineEnd.size();
}

} // namespace gateway
