// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <sys/uio.h>
#include <vector>

#include "gateway/result.h"

#include "log_store/segment_format.h"

namespace gateway::log_store {

/// The log's journal: a folder of segment files to which every exchange adds one record before its answer
/// ends, so that a killed program loses nothing. append() is for any thread; everything else is for one
/// thread, the store's. A segment that is open is locked (flock), so that a second program on the same folder
/// leaves it be.
class Journal {
public:
    /// Stands for writev(2), so that tests can let the disk be full.
    using WriteFn = std::function<ssize_t(int file, const iovec* parts, int count)>;

    explicit Journal(WriteFn write = {});
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    ~Journal();

    /// Makes the folder (0700) where it is missing and begins a new segment. Called again after a failure.
    [[nodiscard]] Outcome open(const std::string& folder);
    [[nodiscard]] bool isOpen() const { return m_current.load() != nullptr; }

    static constexpr std::size_t kMostTogether = 32;
    struct Appended {
        std::uint32_t segment = 0;
        std::size_t whole = 0; // of the records, from the first on; readers skip what is torn behind them
    };
    /// Adds records, at most kMostTogether, with one system call. Any thread, no lock, no allocation.
    [[nodiscard]] Appended append(std::span<const std::string_view> payloads);
    /// The number of the record's segment, or 0 when it could not be written whole.
    [[nodiscard]] std::uint32_t append(std::string_view payload)
    {
        const Appended appended = append(std::span(&payload, 1));
        return appended.whole == 1 ? appended.segment : 0;
    }
    /// errno of the last append that failed; 0 again after one that did not.
    [[nodiscard]] int lastError() const { return m_lastError.load(std::memory_order_relaxed); }
    /// Lets every append fail: the unfolded records fill all the space they may.
    void setFull(bool full) { m_full.store(full, std::memory_order_relaxed); }

    /// Counts of the segment that is written now.
    [[nodiscard]] std::uint32_t currentNumber() const;
    [[nodiscard]] std::uint64_t currentRecords() const;
    [[nodiscard]] std::uint64_t currentBytes() const;

    /// Closes the current segment and begins the next; false when there is no room for one, nothing changes
    /// then.
    [[nodiscard]] bool rotate();
    /// Ends writing: every append fails from now on.
    void close() { m_current.store(nullptr); }
    /// Bytes in all segments that are not removed yet.
    [[nodiscard]] std::uint64_t totalBytes() const;
    /// How many records a closed segment got; nothing while a thread may still be writing to it.
    [[nodiscard]] std::optional<std::uint64_t> sealedRecords(std::uint32_t number) const;
    /// fdatasync of the current segment.
    [[nodiscard]] bool sync();
    /// Deletes a closed segment, ours or one that a former program left.
    [[nodiscard]] bool remove(std::uint32_t number);
    /// Gives a segment that cannot be read another name, for a person to look at.
    void setAside(std::uint32_t number, const std::string& suffix);
    /// Segments of programs that ended, oldest first; takes them over, so that no other program does.
    [[nodiscard]] std::vector<std::uint32_t> adoptLeftovers();

    [[nodiscard]] std::string pathOf(std::uint32_t number) const;

private:
    struct Segment {
        // Set before the segment becomes current, read by writers only while it is.
        int file = -1;
        std::uint32_t number = 0;
        SegmentMarker marker{};
        std::atomic<std::uint32_t> writers{0};
        std::atomic<std::uint64_t> records{0}, bytes{0};
    };

    [[nodiscard]] bool createSegment(Segment& segment);
    [[nodiscard]] bool createFile(Segment& segment, std::uint32_t number);
    [[nodiscard]] Segment* freeSegment();
    [[nodiscard]] Segment* findSegment(std::uint32_t number) const;
    [[nodiscard]] Segment* enter();
    void closeSegment(Segment& segment);

    WriteFn m_write;
    std::string m_folder; // set once in open(), then constant
    int m_folderFile = -1;
    std::uint32_t m_lastNumber = 0;
    int m_fileError = 0; // errno of the last segment that could not be made
    std::atomic<Segment*> m_current{nullptr};
    std::atomic<int> m_lastError{0};
    std::atomic<bool> m_full{false};
    // Segments are used again but never freed: a writer that was late may still look at one.
    std::vector<std::unique_ptr<Segment>> m_segments;
};

} // namespace gateway::log_store
