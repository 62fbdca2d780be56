// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_request.h"

#include <charconv>

#include "text.h"

namespace fake {

static constexpr size_t kMaxHead = 256 * 1024;
static constexpr size_t kMaxBody = 256 * 1024 * 1024;

std::string_view HttpRequest::header(std::string_view name) const
{
    for (const auto& [field, value] : headers) {
        if (equalsIgnoringCase(field, name)) return value;
    }
    return {};
}

void RequestReader::next()
{
    m_searched = m_headBytes = m_length = m_chunkAt = m_needed = m_consumed = 0;
    m_chunked = m_continued = false;
    m_decoded.clear();
}

RequestReader::State RequestReader::read(std::string_view buffer)
{
    bool first = m_headBytes == 0;
    if (first) {
        State head = readHead(buffer);
        if (head != State::Complete) return head;
    }
    // The buffer may have moved since the head was read: only the final parse keeps views.
    State state = State::Incomplete;
    if (m_chunked) {
        state = readChunks(buffer);
    } else if (buffer.size() - m_headBytes >= m_length) {
        m_consumed = m_headBytes + m_length;
        state = State::Complete;
    }
    if (state == State::Complete) {
        if (!first) parseFields(buffer.substr(0, m_headBytes));
        m_request.body = m_chunked ? std::string_view(m_decoded) : buffer.substr(m_headBytes, m_length);
        return state;
    }
    if (state == State::Incomplete && first && !m_continued &&
        equalsIgnoringCase(m_request.header("expect"), "100-continue")) {
        m_continued = true;
        return State::WantsContinue;
    }
    return state;
}

RequestReader::State RequestReader::readHead(std::string_view buffer)
{
    size_t end = buffer.find("\r\n\r\n", m_searched);
    if (end == buffer.npos) {
        m_searched = buffer.size() < 3 ? 0 : buffer.size() - 3;
        return buffer.size() > kMaxHead ? State::Broken : State::Incomplete;
    }
    m_headBytes = end + 4;
    parseFields(buffer.substr(0, m_headBytes));
    if (m_request.version.empty() || !parseFraming()) return State::Broken;
    return State::Complete;
}

void RequestReader::parseFields(std::string_view head)
{
    m_request.headers.clear();
    size_t lineEnd = head.find("\r\n");
    std::string_view line = head.substr(0, lineEnd);
    size_t a = line.find(' ');
    size_t b = line.rfind(' ');
    m_request.version = {};
    if (a == line.npos || b == a) return;
    m_request.method = line.substr(0, a);
    m_request.target = line.substr(a + 1, b - a - 1);
    m_request.version = line.substr(b + 1);
    size_t at = lineEnd + 2;
    while (at + 2 < head.size()) {
        size_t end = head.find("\r\n", at);
        std::string_view field = head.substr(at, end - at);
        size_t colon = field.find(':');
        if (colon != field.npos)
            m_request.headers.emplace_back(field.substr(0, colon), trimmed(field.substr(colon + 1)));
        at = end + 2;
    }
}

bool RequestReader::parseFraming()
{
    m_request.keepAlive = m_request.version != "HTTP/1.0";
    for (const auto& [name, value] : m_request.headers) {
        if (equalsIgnoringCase(name, "content-length")) {
            auto length = parseNumber(value);
            if (!length || *length > kMaxBody) return false;
            m_length = *length;
        } else if (equalsIgnoringCase(name, "transfer-encoding")) {
            m_chunked = equalsIgnoringCase(value, "chunked");
            if (!m_chunked) return false;
        } else if (equalsIgnoringCase(name, "connection")) {
            if (equalsIgnoringCase(value, "close")) m_request.keepAlive = false;
            if (equalsIgnoringCase(value, "keep-alive")) m_request.keepAlive = true;
        }
    }
    m_chunkAt = m_headBytes;
    m_needed = m_chunked ? 0 : m_headBytes + m_length;
    return true;
}

RequestReader::State RequestReader::readChunks(std::string_view buffer)
{
    while (true) {
        size_t lineEnd = buffer.find("\r\n", m_chunkAt);
        if (lineEnd == buffer.npos) return State::Incomplete;
        std::string_view line = buffer.substr(m_chunkAt, lineEnd - m_chunkAt);
        size_t size = 0;
        auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
        if (error != std::errc() || size > kMaxBody || m_decoded.size() + size > kMaxBody)
            return State::Broken;
        if (size == 0) {
            size_t stop =
                buffer.substr(lineEnd).starts_with("\r\n\r\n") ? lineEnd : buffer.find("\r\n\r\n", lineEnd);
            if (stop == buffer.npos) return State::Incomplete;
            m_consumed = stop + 4;
            return State::Complete;
        }
        size_t dataAt = lineEnd + 2;
        if (buffer.size() < dataAt + size + 2) return State::Incomplete;
        m_decoded.append(buffer, dataAt, size);
        m_chunkAt = dataAt + size + 2;
    }
}

} // namespace fake
