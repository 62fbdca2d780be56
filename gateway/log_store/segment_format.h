// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gateway::log_store {

/// A segment is 8 bytes of magic, 8 random bytes, then records: the random bytes again, length and CRC-32 of
/// the payload (little endian), payload. Readers find the next record behind a torn one by those random
/// bytes; nobody who can put text into the log can guess them, so no logged text can pass for a record.
inline constexpr std::string_view kSegmentMagic = "TPJRNL01";
using SegmentMarker = std::array<char, 8>;
inline constexpr std::size_t kSegmentHeadBytes = kSegmentMagic.size() + sizeof(SegmentMarker);
inline constexpr std::size_t kRecordHeadBytes = sizeof(SegmentMarker) + 8;
/// Room for a request and an answer of 64 MiB each.
inline constexpr std::size_t kMaxRecordBytes = std::size_t{160} << 20;

inline void putLittleEndian(char* out, std::uint32_t value)
{
    for (int i = 0; i < 4; ++i)
        out[i] = static_cast<char>(value >> (8 * i));
}

inline std::uint32_t readLittleEndian(const char* bytes)
{
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i)
        value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    return value;
}

} // namespace gateway::log_store
