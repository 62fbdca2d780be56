// SPDX-License-Identifier: GPL-3.0-or-later
#include "response_reader.h"

#include <algorithm>
#include <charconv>

namespace load {

static constexpr size_t kMostHead = 1024 * 1024;

void ResponseReader::next()
{
    m_held.clear();
    m_tail.clear();
    m_phase = Phase::Head;
    m_left = m_marks = 0;
    m_status = 0;
    m_keepAlive = true;
}

ResponseReader::State ResponseReader::read(std::string_view bytes)
{
    while (!bytes.empty() && m_phase != Phase::Broken) {
        switch (m_phase) {
        case Phase::Head:
            readHead(bytes);
            break;
        case Phase::Body:
        case Phase::UntilClose:
        case Phase::ChunkData:
            readData(bytes);
            break;
        case Phase::ChunkLine:
        case Phase::ChunkEnd:
        case Phase::Trailer:
            readLine(bytes);
            break;
        case Phase::Done:
        case Phase::Broken:
            m_phase = Phase::Broken;
            break;
        }
    }
    if (m_phase == Phase::Broken) return State::Broken;
    return m_phase == Phase::Done ? State::Complete : State::Incomplete;
}

void ResponseReader::readHead(std::string_view& bytes)
{
    if (m_held.empty()) {
        // Nearly always the head comes in one piece and need not be copied.
        size_t end = bytes.find("\r\n\r\n");
        if (end != bytes.npos) {
            parseHead(bytes.substr(0, end + 2));
            bytes.remove_prefix(end + 4);
            return;
        }
    }
    size_t before = m_held.size();
    m_held.append(bytes);
    size_t end = m_held.find("\r\n\r\n", before < 3 ? 0 : before - 3);
    if (end == m_held.npos) {
        bytes = {};
        if (m_held.size() > kMostHead) m_phase = Phase::Broken;
        return;
    }
    bytes.remove_prefix(end + 4 - before);
    std::string head = m_held.substr(0, end + 2);
    m_held.clear();
    parseHead(head);
}

static bool startsWithField(std::string_view line, std::string_view lowerName)
{
    if (line.size() <= lowerName.size() || line[lowerName.size()] != ':') return false;
    return std::equal(lowerName.begin(), lowerName.end(), line.begin(),
                      [](char name, char c) { return name == (c >= 'A' && c <= 'Z' ? c | 0x20 : c); });
}

void ResponseReader::parseHead(std::string_view head)
{
    m_status = 0;
    if (head.starts_with("HTTP/1.") && head.size() > 12)
        std::from_chars(head.data() + 9, head.data() + 12, m_status);
    if (m_status < 100) {
        m_phase = Phase::Broken;
        return;
    }
    if (m_status < 200) return; // Interim: the next head follows.
    m_phase = Phase::UntilClose;
    for (size_t at = head.find("\r\n") + 2; at < head.size();) {
        size_t end = head.find("\r\n", at);
        std::string_view line = head.substr(at, end - at);
        at = end + 2;
        if (startsWithField(line, "content-length")) {
            line.remove_prefix(std::min(line.find_first_of("0123456789"), line.size()));
            std::from_chars(line.data(), line.data() + line.size(), m_left);
            m_phase = m_left == 0 ? Phase::Done : Phase::Body;
        } else if (startsWithField(line, "transfer-encoding")) {
            m_phase = Phase::ChunkLine;
        } else if (startsWithField(line, "connection") && line.ends_with("close")) {
            m_keepAlive = false;
        }
    }
    if (m_status == 204 || m_status == 304) m_phase = Phase::Done;
}

void ResponseReader::readLine(std::string_view& bytes)
{
    size_t end = bytes.find('\n');
    m_held.append(bytes.substr(0, end));
    if (m_held.size() > kMostHead) {
        m_phase = Phase::Broken;
        return;
    }
    if (end == bytes.npos) {
        bytes = {};
        return;
    }
    bytes.remove_prefix(end + 1);
    lineComplete();
    m_held.clear();
}

void ResponseReader::lineComplete()
{
    if (m_phase == Phase::ChunkEnd) {
        m_phase = m_held == "\r" ? Phase::ChunkLine : Phase::Broken;
        return;
    }
    if (m_phase == Phase::Trailer) {
        if (m_held == "\r") m_phase = Phase::Done;
        return;
    }
    auto [end, error] = std::from_chars(m_held.data(), m_held.data() + m_held.size(), m_left, 16);
    if (error != std::errc())
        m_phase = Phase::Broken;
    else
        m_phase = m_left == 0 ? Phase::Trailer : Phase::ChunkData;
}

void ResponseReader::readData(std::string_view& bytes)
{
    size_t size = bytes.size();
    if (m_phase != Phase::UntilClose) size = static_cast<size_t>(std::min<uint64_t>(size, m_left));
    count(bytes.substr(0, size));
    bytes.remove_prefix(size);
    if (m_phase == Phase::UntilClose) return;
    m_left -= size;
    if (m_left == 0) m_phase = m_phase == Phase::Body ? Phase::Done : Phase::ChunkEnd;
}

void ResponseReader::count(std::string_view data)
{
    if (m_mark.empty()) return;
    auto countIn = [this](std::string_view text) {
        for (size_t at = text.find(m_mark); at != text.npos; at = text.find(m_mark, at + m_mark.size()))
            ++m_marks;
    };
    size_t keep = m_mark.size() - 1;
    if (!m_tail.empty()) {
        // Only what crosses the seam: shorter on either side than the mark itself.
        std::string seam = m_tail + std::string(data.substr(0, keep));
        countIn(seam);
    }
    countIn(data);
    m_tail.append(data.substr(data.size() - std::min(data.size(), keep)));
    if (m_tail.size() > keep) m_tail.erase(0, m_tail.size() - keep);
}

} // namespace load
