// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/segment_reader.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crc32.h"

namespace gateway::log_store {

namespace {

constexpr std::size_t kWindowBytes = std::size_t{256} << 10;

} // namespace

std::string segmentName(std::uint32_t number)
{
    char text[32];
    std::snprintf(text, sizeof text, "%08u.log", number);
    return text;
}

std::string segmentPath(const std::string& folder, std::uint32_t number)
{
    return folder + '/' + segmentName(number);
}

std::vector<std::uint32_t> segmentNumbers(const std::string& folder)
{
    std::vector<std::uint32_t> numbers;
    std::error_code code;
    for (std::filesystem::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
        const std::string name = it->path().filename().string();
        std::uint32_t number = 0;
        const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number);
        if (parsed.ec == std::errc{} && number > 0 && name == segmentName(number)) numbers.push_back(number);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

SegmentReader::SegmentReader(const std::string& path)
    : m_file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK))
{
    struct stat status {};
    if (m_file < 0 || ::fstat(m_file, &status) != 0 || !S_ISREG(status.st_mode)) return;
    m_size = static_cast<std::uint64_t>(status.st_size);
    if (!require(kSegmentHeadBytes)) return;
    m_isSegment = m_window.compare(0, kSegmentMagic.size(), kSegmentMagic) == 0;
    std::memcpy(m_marker.data(), m_window.data() + kSegmentMagic.size(), m_marker.size());
    m_position = kSegmentHeadBytes;
}

SegmentReader::~SegmentReader()
{
    if (m_file >= 0) ::close(m_file);
}

/// Makes at least `bytes` readable from the position on; false where the file ends before.
bool SegmentReader::require(std::size_t bytes)
{
    if (m_window.size() - m_position >= bytes) return true;
    if (bytes > m_size - std::min(m_size, m_offset + m_position)) return false;
    m_window.erase(0, m_position);
    m_offset += m_position;
    m_position = 0;
    std::size_t filled = m_window.size();
    const std::uint64_t left = m_size - m_offset;
    m_window.resize(static_cast<std::size_t>(std::min<std::uint64_t>(std::max(bytes, kWindowBytes), left)));
    while (filled < m_window.size()) {
        const ssize_t count = ::pread(m_file, m_window.data() + filled, m_window.size() - filled,
                                      static_cast<off_t>(m_offset + filled));
        if (count <= 0) break;
        filled += static_cast<std::size_t>(count);
    }
    m_window.resize(filled);
    return filled >= bytes;
}

std::optional<std::string_view> SegmentReader::recordHere()
{
    const char* head = m_window.data() + m_position;
    if (std::memcmp(head, m_marker.data(), m_marker.size()) != 0) return std::nullopt;
    const std::size_t size = readLittleEndian(head + m_marker.size());
    const std::uint32_t sum = readLittleEndian(head + m_marker.size() + 4);
    if (size > kMaxRecordBytes || !require(kRecordHeadBytes + size)) return std::nullopt;
    const auto payload = std::string_view(m_window).substr(m_position + kRecordHeadBytes, size);
    if (crc32(payload) != sum) return std::nullopt;
    return payload;
}

/// Goes on to the next marker; false where there is none.
bool SegmentReader::resync()
{
    ++m_position;
    ++m_skipped;
    while (require(kRecordHeadBytes)) {
        const std::string_view marker(m_marker.data(), m_marker.size());
        const std::size_t found = m_window.find(marker, m_position);
        const bool any = found != std::string::npos;
        // The last bytes may be the beginning of a marker.
        const std::size_t to = any ? found : m_window.size() - (marker.size() - 1);
        m_skipped += to - m_position;
        m_position = to;
        if (any) return require(kRecordHeadBytes);
    }
    return false;
}

std::optional<std::string_view> SegmentReader::next()
{
    if (!m_isSegment || !require(kRecordHeadBytes)) return std::nullopt;
    do {
        if (const auto payload = recordHere()) {
            m_position += kRecordHeadBytes + payload->size();
            return payload;
        }
    } while (resync());
    return std::nullopt;
}

} // namespace gateway::log_store
