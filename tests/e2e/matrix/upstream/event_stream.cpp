// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/event_stream.h"

#include <cstdint>

#include <zlib.h>

namespace matrix {

namespace {

constexpr std::size_t kFrame = 16; // two lengths and two checksums
constexpr char kString = 7;        // the type of a header's value

void append(std::string& out, std::uint64_t number, int bytes)
{
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        out += static_cast<char>(number >> shift & 0xff);
}

void appendCrc(std::string& out)
{
    append(out, crc32(0, reinterpret_cast<const Bytef*>(out.data()), static_cast<uInt>(out.size())), 4);
}

} // namespace

std::string eventStreamMessage(const std::vector<std::pair<std::string_view, std::string_view>>& headers,
                               std::string_view payload)
{
    std::string fields;
    for (const auto& [name, value] : headers) {
        append(fields, name.size(), 1);
        fields.append(name) += kString;
        append(fields, value.size(), 2);
        fields.append(value);
    }
    std::string message;
    append(message, kFrame + fields.size() + payload.size(), 4);
    append(message, fields.size(), 4);
    appendCrc(message);
    message.append(fields).append(payload);
    appendCrc(message);
    return message;
}

} // namespace matrix
