// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/strings.h"

/// A strict look at the bytes of an HTTP/1 message head before any other parser sees them: what two parsers
/// could read in two ways is refused here. Plain functions; offsets count from the first byte of the head.
namespace gateway {

struct HeadLimits {
    size_t requestLineBytes = 16384; // The first line with its CRLF.
    size_t headerBytes = 65536;      // All that follows the first line, the empty line included.
    size_t headerFields = 100;
};

enum class HeadFault : uint8_t {
    Undecided,
    BareLineFeed,
    BareCarriageReturn,
    ControlByte,
    FoldedHeader,
    SpaceBeforeColon,
    BadFieldName,
    TooManyFields,
    RequestLineTooLong,
    HeadersTooLarge,
    BadRequestLine, // Or a bad status line.
    UnsupportedVersion,
    DuplicateContentLength,
    BadContentLength,
    LengthAndChunked,
    BadTransferEncoding, // Something other than chunked alone.
    TransferEncodingIn10,
    DuplicateHost,
    MissingHost,
    BadHost
};

struct HeadProblem {
    HeadFault fault = HeadFault::Undecided;
    size_t offset = 0;
};

/// A header line taken apart; the value is without the space around it.
struct HeaderField {
    std::string_view name;
    std::string_view value;
};

namespace detail {

constexpr std::array<bool, 256> tokenBytes()
{
    std::array<bool, 256> table{};
    for (const char byte :
         std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
        table[static_cast<unsigned char>(byte)] = true;
    }
    return table;
}

inline constexpr auto kTokenBytes = tokenBytes();

} // namespace detail

/// Bytes of a token: header names, methods.
constexpr bool isTokenByte(char byte)
{
    return detail::kTokenBytes[static_cast<unsigned char>(byte)];
}

/// Bytes of a header value: everything but control bytes, of which only the tab is one.
constexpr bool isFieldByte(char byte)
{
    return !isControlByte(byte) || byte == '\t';
}

/// The index behind the first empty line, npos when there is none yet. An empty line that is made with a bare
/// LF ends the head as well: the scans below then refuse it at once, where waiting for a CRLF would hang.
/// When more bytes came, pass the size that was searched before as `from`.
size_t findHeadEnd(std::string_view bytes, size_t from = 0);

/// How many bytes to drop before a request line: 2 for one empty line, which RFC 9112 2.2 lets us ignore as
/// old clients send it after a body, else 0. To be asked once for each request; a second one is refused
/// below.
size_t leadingEmptyLine(std::string_view bytes);

/// Tells as early as possible that the bytes so far can no longer become a request line (a TLS hello,
/// garbage, a bare LF, another version). Nothing while they still can, so also for an incomplete line without
/// fault.
std::optional<HeadProblem> scanFirstLine(std::string_view bytesSoFar, const HeadLimits& limits);

/// Scans a whole head, up to and with the empty line that findHeadEnd() found. The target must be visible
/// ASCII; that it is a good one, and that the Host is ours, is for others to say.
std::optional<HeadProblem> scanRequestHead(std::string_view head, const HeadLimits& limits);

/// The same for an answer, final or interim.
std::optional<HeadProblem> scanResponseHead(std::string_view head, const HeadLimits& limits);

/// Checks one header line, given without its CRLF, and takes it apart.
std::optional<HeadProblem> scanHeaderLine(std::string_view line, HeaderField& field);

} // namespace gateway
