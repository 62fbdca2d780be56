// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/journal.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crc32.h"
#include "log_store/segment_reader.h"

namespace gateway::log_store {

namespace {

Error folderError(const std::string& folder, int code)
{
    return gatewayError(Code::Internal, "The folder " + folder + " cannot be used for the request log: " +
                                            std::strerror(code) + ".");
}

/// Opened with the lock that says "a living program has this"; -1 where another one has it or it is gone.
int openLocked(int folder, const std::string& name, int flags)
{
    const int file = ::openat(folder, name.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return -1;
    struct stat status {};
    // Between our open and our lock another program may have taken it for a leftover and deleted it.
    if (::flock(file, LOCK_EX | LOCK_NB) == 0 && ::fstat(file, &status) == 0 && status.st_nlink > 0 &&
        S_ISREG(status.st_mode))
        return file;
    ::close(file);
    return -1;
}

} // namespace

Journal::Journal(WriteFn write) : m_write(std::move(write))
{
    if (!m_write) m_write = ::writev;
}

Journal::~Journal()
{
    for (const auto& segment : m_segments)
        closeSegment(*segment);
    if (m_folderFile >= 0) ::close(m_folderFile);
}

Outcome Journal::open(const std::string& folder)
{
    if (m_folderFile < 0) {
        m_folder = folder;
        std::error_code code;
        std::filesystem::create_directories(std::filesystem::path(folder).parent_path(), code);
        if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return folderError(folder, errno);
        m_folderFile = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (m_folderFile < 0) return folderError(folder, errno);
        // A folder that was there before may be open to others; the mode of a foreign one is not ours to
        // change.
        [[maybe_unused]] const int changed = ::fchmod(m_folderFile, 0700);
        const auto numbers = segmentNumbers(folder);
        m_lastNumber = numbers.empty() ? 0 : numbers.back();
    }
    if (isOpen()) return Done{};
    Segment* segment = freeSegment();
    if (!createSegment(*segment)) return folderError(folder, m_fileError);
    m_current.store(segment);
    return Done{};
}

Journal::Segment* Journal::freeSegment()
{
    for (const auto& segment : m_segments) {
        if (segment->file < 0) return segment.get();
    }
    return m_segments.emplace_back(std::make_unique<Segment>()).get();
}

Journal::Segment* Journal::findSegment(std::uint32_t number) const
{
    for (const auto& segment : m_segments) {
        if (segment->file >= 0 && segment->number == number) return segment.get();
    }
    return nullptr;
}

void Journal::closeSegment(Segment& segment)
{
    if (segment.file >= 0) ::close(segment.file);
    segment.file = -1;
}

bool Journal::createSegment(Segment& segment)
{
    // A number may be taken by another program on the same folder; a few steps further one is free.
    for (int tries = 0; tries < 100; ++tries) {
        if (createFile(segment, m_lastNumber + 1)) {
            m_lastNumber = segment.number;
            segment.records.store(0);
            segment.bytes.store(0);
            return true;
        }
        if (m_fileError != EEXIST) return false;
        ++m_lastNumber;
    }
    return false;
}

bool Journal::createFile(Segment& segment, std::uint32_t number)
{
    const std::string name = segmentName(number);
    errno = 0;
    const int file = openLocked(m_folderFile, name, O_WRONLY | O_APPEND | O_CREAT | O_EXCL);
    if (file < 0) {
        m_fileError = errno == 0 || errno == EWOULDBLOCK ? EEXIST : errno;
        return false;
    }
    SegmentMarker marker{};
    char head[kSegmentHeadBytes];
    if (::getrandom(marker.data(), marker.size(), 0) == static_cast<ssize_t>(marker.size())) {
        std::memcpy(head, kSegmentMagic.data(), kSegmentMagic.size());
        std::memcpy(head + kSegmentMagic.size(), marker.data(), marker.size());
        const iovec part{head, sizeof head};
        errno = ENOSPC;
        if (m_write(file, &part, 1) == static_cast<ssize_t>(sizeof head)) {
            segment.file = file;
            segment.number = number;
            segment.marker = marker;
            return true;
        }
    }
    m_fileError = errno == EEXIST ? EIO : errno;
    ::unlinkat(m_folderFile, name.c_str(), 0);
    ::close(file);
    return false;
}

// A writer counts itself in before it looks again whether the segment is still the current one; the store
// thread changes the current one before it looks at the count. One of the two sees the other.
Journal::Segment* Journal::enter()
{
    for (;;) {
        Segment* segment = m_current.load();
        if (segment == nullptr) return nullptr;
        segment->writers.fetch_add(1);
        if (m_current.load() == segment) return segment;
        segment->writers.fetch_sub(1);
    }
}

Journal::Appended Journal::append(std::span<const std::string_view> payloads)
{
    if (payloads.size() > kMostTogether ||
        std::any_of(payloads.begin(), payloads.end(),
                    [](std::string_view payload) { return payload.size() > kMaxRecordBytes; })) {
        m_lastError.store(EFBIG, std::memory_order_relaxed);
        return {};
    }
    if (m_full.load(std::memory_order_relaxed)) {
        m_lastError.store(ENOSPC, std::memory_order_relaxed);
        return {};
    }
    Segment* segment = enter();
    if (segment == nullptr) return {};

    char heads[kMostTogether * kRecordHeadBytes];
    iovec parts[2 * kMostTogether];
    int count = 0;
    for (const std::string_view payload : payloads) {
        char* const head = heads + static_cast<std::size_t>(count / 2) * kRecordHeadBytes;
        std::memcpy(head, segment->marker.data(), segment->marker.size());
        putLittleEndian(head + segment->marker.size(), static_cast<std::uint32_t>(payload.size()));
        putLittleEndian(head + segment->marker.size() + 4, crc32(payload));
        parts[count++] = {head, kRecordHeadBytes};
        parts[count++] = {const_cast<char*>(payload.data()), payload.size()};
    }
    ssize_t written = 0;
    errno = 0;
    do
        written = m_write(segment->file, parts, count);
    while (written < 0 && errno == EINTR);
    const int error = errno;

    Appended appended{segment->number, 0};
    for (ssize_t end = 0; appended.whole < payloads.size(); ++appended.whole) {
        end += static_cast<ssize_t>(kRecordHeadBytes + payloads[appended.whole].size());
        if (end > written) break;
    }
    if (written > 0) segment->bytes.fetch_add(static_cast<std::uint64_t>(written), std::memory_order_relaxed);
    segment->records.fetch_add(appended.whole, std::memory_order_relaxed);
    segment->writers.fetch_sub(1);
    if (appended.whole < payloads.size())
        m_lastError.store(written < 0 && error != 0 ? error : ENOSPC, std::memory_order_relaxed);
    else if (m_lastError.load(std::memory_order_relaxed) != 0)
        m_lastError.store(0, std::memory_order_relaxed);
    return appended;
}

std::uint32_t Journal::currentNumber() const
{
    const Segment* segment = m_current.load();
    return segment == nullptr ? 0 : segment->number;
}

std::uint64_t Journal::currentRecords() const
{
    const Segment* segment = m_current.load();
    return segment == nullptr ? 0 : segment->records.load(std::memory_order_relaxed);
}

std::uint64_t Journal::currentBytes() const
{
    const Segment* segment = m_current.load();
    return segment == nullptr ? 0 : segment->bytes.load(std::memory_order_relaxed);
}

std::uint64_t Journal::totalBytes() const
{
    std::uint64_t total = 0;
    for (const auto& segment : m_segments) {
        if (segment->file >= 0) total += segment->bytes.load(std::memory_order_relaxed);
    }
    return total;
}

bool Journal::rotate()
{
    Segment* next = freeSegment();
    if (!createSegment(*next)) return false;
    m_current.store(next);
    return true;
}

std::optional<std::uint64_t> Journal::sealedRecords(std::uint32_t number) const
{
    const Segment* segment = findSegment(number);
    if (segment == nullptr) return 0;
    if (segment == m_current.load() || segment->writers.load() != 0) return std::nullopt;
    return segment->records.load();
}

bool Journal::sync()
{
    const Segment* segment = m_current.load();
    return segment != nullptr && ::fdatasync(segment->file) == 0;
}

bool Journal::remove(std::uint32_t number)
{
    if (::unlinkat(m_folderFile, segmentName(number).c_str(), 0) != 0 && errno != ENOENT) return false;
    if (Segment* segment = findSegment(number)) closeSegment(*segment);
    return true;
}

void Journal::setAside(std::uint32_t number, const std::string& suffix)
{
    const std::string name = segmentName(number);
    ::renameat(m_folderFile, name.c_str(), m_folderFile, (name + suffix).c_str());
    if (Segment* segment = findSegment(number)) closeSegment(*segment);
}

std::vector<std::uint32_t> Journal::adoptLeftovers()
{
    std::vector<std::uint32_t> adopted;
    if (m_folderFile < 0) return adopted;
    for (const std::uint32_t number : segmentNumbers(m_folder)) {
        if (findSegment(number) != nullptr) continue;
        const int file = openLocked(m_folderFile, segmentName(number), O_RDONLY);
        if (file < 0) continue;
        Segment* segment = freeSegment();
        segment->file = file;
        segment->number = number;
        segment->records.store(0);
        struct stat status {};
        const bool known = ::fstat(file, &status) == 0;
        segment->bytes.store(known ? static_cast<std::uint64_t>(status.st_size) : 0);
        adopted.push_back(number);
    }
    return adopted;
}

std::string Journal::pathOf(std::uint32_t number) const
{
    return segmentPath(m_folder, number);
}

} // namespace gateway::log_store
