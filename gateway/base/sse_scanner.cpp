// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/sse_scanner.h"

#include "base/byte_search.h"

namespace gateway {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Takes one line with its end, which is not part of the answer.
std::string_view takeLine(std::string_view& text)
{
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const char* const stop = findEither<'\r', '\n'>(begin, end);
    const char* next = stop == end ? end : stop + 1;
    if (stop != end && *stop == '\r' && next != end && *next == '\n') {
        ++next;
    }
    text.remove_prefix(static_cast<size_t>(next - begin));
    return {begin, static_cast<size_t>(stop - begin)};
}

} // namespace

/// True while the stream's first bytes may be a byte order mark, which leaves the first line blank.
bool SseScanner::isMarkByte(char byte)
{
    if (m_markBytes < kByteOrderMark.size() && byte == kByteOrderMark[m_markBytes]) {
        ++m_markBytes;
        return true;
    }
    if (m_markBytes > 0 && m_markBytes < kByteOrderMark.size()) {
        m_line = Line::Text;
    }
    m_markBytes = kByteOrderMark.size() + 1;
    return false;
}

/// The index behind the first event's last byte, npos when it is not there yet. All that must be remembered
/// from one part to the next is in the members, so no byte is looked at twice.
size_t SseScanner::findEnd(std::string_view bytes)
{
    const char* const begin = bytes.data();
    const char* const end = begin + bytes.size();
    for (const char* at = begin; at != end; ++at) {
        if (m_markBytes <= kByteOrderMark.size() && isMarkByte(*at)) continue;
        if (m_line == Line::Closing) return static_cast<size_t>(at - begin) + (*at == '\n' ? 1 : 0);
        const bool secondOfPair = m_afterCr && *at == '\n';
        m_afterCr = *at == '\r';
        if (secondOfPair) continue;
        if (*at != '\r' && *at != '\n') {
            m_line = Line::Text;
            at = findEither<'\r', '\n'>(at, end) - 1;
        } else if (m_line == Line::Text) {
            m_line = Line::Blank;
        } else if (*at == '\n') {
            return static_cast<size_t>(at - begin) + 1;
        } else {
            m_line = Line::Closing;
        }
    }
    return std::string_view::npos;
}

bool SseScanner::next(std::string_view& bytes, SseEvent& event)
{
    if (m_pendingGiven) {
        m_pending.clear();
        m_pendingGiven = false;
    }
    if (m_state != State::Scanning || bytes.empty()) return false;
    const size_t size = findEnd(bytes);
    const std::string_view part = bytes.substr(0, size);
    if (part.size() > m_maxEventBytes - m_pending.size()) {
        m_state = State::TooLarge;
        return false;
    }
    bytes.remove_prefix(part.size());
    if (size == std::string_view::npos) {
        m_pending += part;
        return false;
    }
    m_line = Line::Blank;
    m_afterCr = false;
    if (m_pending.empty()) {
        readFields(part, event);
        return true;
    }
    m_pending += part;
    m_pendingGiven = true;
    readFields(m_pending, event);
    return true;
}

bool SseScanner::closePending(SseEvent& event)
{
    if (m_state != State::Scanning || m_line != Line::Closing) return false;
    m_line = Line::Blank;
    m_afterCr = false;
    m_pendingGiven = true;
    readFields(m_pending, event);
    return true;
}

void SseScanner::readFields(std::string_view raw, SseEvent& event)
{
    event = SseEvent{};
    event.raw = raw;
    if (m_firstEvent && raw.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
        raw.remove_prefix(kByteOrderMark.size());
    }
    m_firstEvent = false;
    m_joined.clear();
    while (!raw.empty()) {
        readField(takeLine(raw), event);
    }
}

void SseScanner::readField(std::string_view line, SseEvent& event)
{
    const size_t colon = line.find(':');
    const std::string_view field = line.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (!value.empty() && value.front() == ' ') {
        value.remove_prefix(1);
    }
    if (field == "event") {
        event.name = value;
    } else if (field == "data" && !event.hasData) {
        event.data = value;
        event.hasData = true;
    } else if (field == "data") {
        // Only data of several lines is copied; nearly every event has one.
        if (m_joined.empty()) {
            m_joined = event.data;
        }
        m_joined += '\n';
        m_joined += value;
        event.data = m_joined;
    }
}

} // namespace gateway
