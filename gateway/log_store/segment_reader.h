// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "log_store/segment_format.h"

namespace gateway::log_store {

/// Reads the records of one segment file, whole ones only; skips what is torn or damaged. One thread. Memory:
/// a window of the file, never less than the record at hand.
class SegmentReader {
public:
    explicit SegmentReader(const std::string& path);
    SegmentReader(const SegmentReader&) = delete;
    SegmentReader& operator=(const SegmentReader&) = delete;
    ~SegmentReader();

    /// False for a file that is missing or does not begin like a segment.
    [[nodiscard]] bool isSegment() const { return m_isSegment; }
    /// True for a file that its program had no time to write anything to.
    [[nodiscard]] bool isEmpty() const { return m_size < kSegmentHeadBytes; }
    /// The next payload; valid until the next call. Nothing at the end.
    [[nodiscard]] std::optional<std::string_view> next();
    /// Bytes that belonged to no whole record.
    [[nodiscard]] std::uint64_t skippedBytes() const { return m_skipped; }

private:
    [[nodiscard]] bool require(std::size_t bytes);
    [[nodiscard]] std::optional<std::string_view> recordHere();
    [[nodiscard]] bool resync();

    int m_file = -1;
    bool m_isSegment = false;
    std::uint64_t m_size = 0;   // when opened; a segment may grow meanwhile
    std::uint64_t m_offset = 0; // of m_window in the file
    std::uint64_t m_skipped = 0;
    std::string m_window;
    std::size_t m_position = 0; // in m_window
    SegmentMarker m_marker{};
};

/// Numbers of the segments in a journal folder, oldest first.
[[nodiscard]] std::vector<std::uint32_t> segmentNumbers(const std::string& folder);
[[nodiscard]] std::string segmentName(std::uint32_t number);
[[nodiscard]] std::string segmentPath(const std::string& folder, std::uint32_t number);

} // namespace gateway::log_store
