// SPDX-License-Identifier: GPL-3.0-or-later
// Properties: no file makes the reader crash, hang or give more than is in it; of a segment in which whole
// records stand between torn ones and garbage, and which ends anywhere, exactly the whole ones are read.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include "base/crc32.h"
#include "fuzz_require.h"
#include "log_store/segment_format.h"
#include "log_store/segment_reader.h"

using namespace gateway;
using namespace gateway::log_store;

namespace {

constexpr std::size_t kLarge = 300'000;

/// The one file that is written anew for each input.
class Scratch {
public:
    Scratch()
        : m_path(std::filesystem::temp_directory_path() / ("segment_fuzz." + std::to_string(::getpid())))
    {
        m_file = ::open(m_path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
        FUZZ_REQUIRE(m_file >= 0);
    }
    ~Scratch()
    {
        ::close(m_file);
        ::unlink(m_path.c_str());
    }
    const std::string& write(std::string_view bytes) const
    {
        FUZZ_REQUIRE(::ftruncate(m_file, 0) == 0);
        FUZZ_REQUIRE(::pwrite(m_file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
        return m_path;
    }

private:
    std::string m_path;
    int m_file = -1;
};

std::vector<std::string> recordsIn(std::string_view file)
{
    static const Scratch scratch;
    SegmentReader reader(scratch.write(file));
    std::vector<std::string> records;
    std::size_t taken = kSegmentHeadBytes;
    while (const auto record = reader.next()) {
        FUZZ_REQUIRE(record->size() >= kLarge || file.find(*record) != std::string_view::npos);
        taken += kRecordHeadBytes + record->size();
        records.emplace_back(*record);
    }
    FUZZ_REQUIRE(!reader.next());
    if (!reader.isSegment()) {
        FUZZ_REQUIRE(records.empty());
        return records;
    }
    FUZZ_REQUIRE(file.starts_with(kSegmentMagic));
    FUZZ_REQUIRE(taken + reader.skippedBytes() <= file.size());
    return records;
}

/// A segment, and where in it each record that is whole ends.
struct Segment {
    std::string bytes{kSegmentMagic};
    std::string_view marker;
    std::size_t markers = 1;
    std::vector<std::string> records;
    std::vector<std::size_t> ends;

    void addWhole(const std::string& payload)
    {
        bytes += recordOf(payload, crc32(payload));
        ++markers;
        records.push_back(payload);
        ends.push_back(bytes.size());
    }
    /// Never whole, even where what follows looks like the rest of it.
    void addTorn(const std::string& payload, std::size_t size)
    {
        const std::string record = recordOf(payload, ~crc32(payload));
        bytes.append(record, 0, size);
        // Zeros behind half a head would make it that of an empty record.
        if (size >= marker.size() && size < kRecordHeadBytes) bytes += '\xff';
        markers += size >= marker.size() ? 1 : 0;
    }
    /// A marker that garbage and numbers make by chance is not what a random one is.
    [[nodiscard]] bool isUnguessed() const
    {
        std::size_t found = 0;
        for (auto at = bytes.find(marker); at != std::string::npos; at = bytes.find(marker, at + 1))
            ++found;
        return found == markers;
    }

private:
    [[nodiscard]] std::string recordOf(const std::string& payload, std::uint32_t sum) const
    {
        char numbers[8];
        putLittleEndian(numbers, static_cast<std::uint32_t>(payload.size()));
        putLittleEndian(numbers + 4, sum);
        return std::string(marker) + std::string(numbers, sizeof numbers) + payload;
    }
};

/// Built from pieces of the input: a byte of kind, one of length, and so many bytes.
Segment builtFrom(std::string_view input)
{
    Segment segment;
    segment.marker = input.substr(0, sizeof(SegmentMarker));
    segment.bytes += segment.marker;
    input.remove_prefix(segment.marker.size());
    while (input.size() >= 2) {
        const auto kind = static_cast<unsigned char>(input[0]);
        std::string piece(input.substr(2, static_cast<unsigned char>(input[1])));
        input.remove_prefix(2 + piece.size());
        // At times one record that is larger than what the reader holds of a file.
        if (kind == 255 && segment.bytes.size() < kLarge) piece.append(kLarge, 'x');
        if (kind % 4 == 0)
            segment.bytes += piece;
        else if (kind % 4 == 1)
            segment.addTorn(piece, kind / 4);
        else
            segment.addWhole(piece);
    }
    return segment;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2 + sizeof(SegmentMarker)) return 0;
    const std::size_t cut = data[0] | static_cast<std::size_t>(data[1]) << 8;
    const std::string_view input(reinterpret_cast<const char*>(data) + 2, size - 2);
    if (input.starts_with(kSegmentMagic.substr(0, 4))) static_cast<void>(recordsIn(input));

    const Segment segment = builtFrom(input);
    if (!segment.isUnguessed()) return 0;
    FUZZ_REQUIRE(recordsIn(segment.bytes) == segment.records);
    const std::size_t left = segment.bytes.size() - cut % (segment.bytes.size() + 1);
    const auto whole =
        std::upper_bound(segment.ends.begin(), segment.ends.end(), left) - segment.ends.begin();
    const std::vector<std::string> kept(segment.records.begin(), segment.records.begin() + whole);
    FUZZ_REQUIRE(recordsIn(std::string_view(segment.bytes).substr(0, left)) == kept);
    return 0;
}
