// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/head_scan.h"

#include <algorithm>

#include "base/byte_search.h"

namespace gateway {
namespace {

constexpr std::string_view kVersionPrefix = "HTTP/";

using Found = std::optional<HeadProblem>;

Found problemAt(HeadFault fault, size_t offset)
{
    return HeadProblem{fault, offset};
}

bool isVisibleAscii(char byte)
{
    return byte > ' ' && byte <= '~';
}

/// What to call a byte that may not stand where it stands.
HeadFault faultOf(char byte, HeadFault otherwise)
{
    if (byte == '\n') return HeadFault::BareLineFeed;
    if (byte == '\r') return HeadFault::BareCarriageReturn;
    return isControlByte(byte) ? HeadFault::ControlByte : otherwise;
}

/// Reads a first line from the front. Each take…() is false when it met a fault or the end of the bytes;
/// at the end without a fault the line may still become a good one.
class LineReader {
public:
    LineReader(std::string_view bytes, size_t maxBytes)
        : m_bytes(bytes.substr(0, maxBytes)), m_cut(bytes.size() > maxBytes)
    {
    }

    template <class ByteTest>
    bool takeSome(ByteTest allowed, HeadFault fault)
    {
        const size_t begin = m_at;
        while (m_at < m_bytes.size() && allowed(m_bytes[m_at])) {
            ++m_at;
        }
        return m_at > begin || fails(fault);
    }

    template <class ByteTest>
    bool takeOne(ByteTest allowed, HeadFault fault)
    {
        if (m_at == m_bytes.size() || !allowed(m_bytes[m_at])) return fails(fault);
        ++m_at;
        return true;
    }

    bool takeByte(char wanted, HeadFault fault)
    {
        if (m_at == m_bytes.size() || m_bytes[m_at] != wanted) return fails(fault);
        ++m_at;
        return true;
    }

    bool takeVersion()
    {
        for (const char wanted : kVersionPrefix) {
            if (!takeByte(wanted, HeadFault::BadRequestLine)) return false;
        }
        constexpr auto kFault = HeadFault::BadRequestLine;
        const size_t begin = m_at;
        if (!takeOne(isAsciiDigit, kFault) || !takeByte('.', kFault) || !takeOne(isAsciiDigit, kFault))
            return false;
        const std::string_view version = m_bytes.substr(begin, 3);
        if (version != "1.0" && version != "1.1") {
            m_found = problemAt(HeadFault::UnsupportedVersion, begin);
            return false;
        }
        m_isHttp10 = version == "1.0";
        return true;
    }

    /// The CRLF; other bytes than its own are called `fault`.
    bool takeLineEnd(HeadFault fault)
    {
        if (!takeByte('\r', fault)) return false;
        if (m_at < m_bytes.size() && m_bytes[m_at] != '\n') {
            m_found = problemAt(HeadFault::BareCarriageReturn, m_at - 1);
            return false;
        }
        return takeByte('\n', fault);
    }

    bool atByte(char byte) const { return m_at < m_bytes.size() && m_bytes[m_at] == byte; }
    size_t at() const { return m_at; }
    bool isHttp10() const { return m_isHttp10; }
    const Found& found() const { return m_found; }

private:
    bool fails(HeadFault fault)
    {
        if (m_at < m_bytes.size()) {
            // Whether an LF follows a CR may not be known yet, so that one gets no name of its own.
            m_found = problemAt(m_bytes[m_at] == '\r' ? fault : faultOf(m_bytes[m_at], fault), m_at);
        } else if (m_cut) {
            m_found = problemAt(HeadFault::RequestLineTooLong, m_at);
        }
        return false;
    }

    std::string_view m_bytes;
    bool m_cut; // There are more bytes than a line may have.
    size_t m_at = 0;
    bool m_isHttp10 = false;
    Found m_found;
};

/// True when the whole line was there; else the reader tells why not.
bool readRequestLine(LineReader& reader)
{
    constexpr auto kFault = HeadFault::BadRequestLine;
    return reader.takeSome(isTokenByte, kFault) && reader.takeByte(' ', kFault) &&
           reader.takeSome(isVisibleAscii, kFault) && reader.takeByte(' ', kFault) && reader.takeVersion() &&
           reader.takeLineEnd(kFault);
}

bool readStatusLine(LineReader& reader)
{
    constexpr auto kFault = HeadFault::BadRequestLine;
    const auto isClass = [](char byte) { return byte >= '1' && byte <= '5'; };
    if (!reader.takeVersion() || !reader.takeByte(' ', kFault)) return false;
    if (!reader.takeOne(isClass, kFault) || !reader.takeOne(isAsciiDigit, kFault) ||
        !reader.takeOne(isAsciiDigit, kFault))
        return false;
    // The space before an empty reason is required, but left out by many.
    if (reader.atByte(' ') && !reader.takeSome(isFieldByte, kFault)) return false;
    return reader.takeLineEnd(kFault);
}

bool isSpaceOrTab(char byte)
{
    return byte == ' ' || byte == '\t';
}

bool isContentLength(std::string_view value)
{
    constexpr uint64_t kLargest = UINT64_MAX;
    uint64_t length = 0;
    for (const char byte : value) {
        if (!isAsciiDigit(byte)) return false;
        const auto digit = static_cast<uint64_t>(byte - '0');
        if (length > (kLargest - digit) / 10) return false;
        length = length * 10 + digit;
    }
    return !value.empty();
}

/// What the fields of one head say about where its body ends and whom it is for.
class BodyFraming {
public:
    explicit BodyFraming(bool isHttp10) : m_isHttp10(isHttp10) {}

    /// Faults that a field has by itself.
    Found add(const HeaderField& field, size_t offset)
    {
        if (equalsIgnoreCase(field.name, "content-length")) return addLength(field.value, offset);
        if (equalsIgnoreCase(field.name, "host")) return addHost(field.value, offset);
        if (equalsIgnoreCase(field.name, "transfer-encoding")) {
            m_badEncoding = m_badEncoding || m_hasEncoding || !equalsIgnoreCase(field.value, "chunked");
            m_hasEncoding = true;
            m_encodingAt = offset;
        }
        return std::nullopt;
    }

    /// Faults of all fields together; `end` is where a missing one would stand.
    Found close(bool needsHost, size_t end) const
    {
        if (m_hasEncoding && m_isHttp10) return problemAt(HeadFault::TransferEncodingIn10, m_encodingAt);
        if (m_hasEncoding && m_hasLength) return problemAt(HeadFault::LengthAndChunked, m_encodingAt);
        if (m_badEncoding) return problemAt(HeadFault::BadTransferEncoding, m_encodingAt);
        if (needsHost && !m_hasHost && !m_isHttp10) return problemAt(HeadFault::MissingHost, end);
        return std::nullopt;
    }

private:
    Found addLength(std::string_view value, size_t offset)
    {
        // A list is what becomes of two fields on the way, so it is as good as two.
        if (m_hasLength || value.find(',') != std::string_view::npos) {
            return problemAt(HeadFault::DuplicateContentLength, offset);
        }
        m_hasLength = true;
        return isContentLength(value) ? std::nullopt : problemAt(HeadFault::BadContentLength, offset);
    }

    Found addHost(std::string_view value, size_t offset)
    {
        if (m_hasHost) return problemAt(HeadFault::DuplicateHost, offset);
        m_hasHost = true;
        const bool bad = value.empty() || value.find_first_of(", \t@") != std::string_view::npos;
        return bad ? problemAt(HeadFault::BadHost, offset) : std::nullopt;
    }

    bool m_isHttp10;
    bool m_hasLength = false;
    bool m_hasHost = false;
    bool m_badEncoding = false;
    bool m_hasEncoding = false;
    size_t m_encodingAt = 0;
};

/// Scans the header lines that begin at `begin`, up to the first empty one.
Found scanFields(std::string_view head, size_t begin, const HeadLimits& limits, BodyFraming& framing)
{
    size_t count = 0;
    for (size_t at = begin; at < head.size();) {
        const size_t end = head.find('\n', at);
        if (end == std::string_view::npos) break;
        if (end - begin >= limits.headerBytes) return problemAt(HeadFault::HeadersTooLarge, end);
        if (end == at || head[end - 1] != '\r') return problemAt(HeadFault::BareLineFeed, end);
        const std::string_view line = head.substr(at, end - at - 1);
        if (line.empty()) return std::nullopt;
        if (++count > limits.headerFields) return problemAt(HeadFault::TooManyFields, at);
        HeaderField field;
        auto problem = scanHeaderLine(line, field);
        if (problem) return problemAt(problem->fault, at + problem->offset);
        if ((problem = framing.add(field, at))) return problem;
        at = end + 1;
    }
    const bool tooLarge = head.size() - begin > limits.headerBytes;
    return problemAt(tooLarge ? HeadFault::HeadersTooLarge : HeadFault::BadFieldName, head.size());
}

Found scanHead(std::string_view head, const HeadLimits& limits, bool isRequest)
{
    LineReader reader(head, limits.requestLineBytes);
    if (!(isRequest ? readRequestLine(reader) : readStatusLine(reader))) {
        return reader.found() ? reader.found() : problemAt(HeadFault::BadRequestLine, reader.at());
    }
    BodyFraming framing(reader.isHttp10());
    auto problem = scanFields(head, reader.at(), limits, framing);
    return problem ? problem : framing.close(isRequest, head.size());
}

} // namespace

size_t findHeadEnd(std::string_view bytes, size_t from)
{
    // The empty line may have begun in what was searched before: its CR, and the LF in front of that.
    constexpr size_t kOverlap = 2;
    size_t at = from < kOverlap ? 0 : from - kOverlap;
    while ((at = bytes.find('\n', at)) != std::string_view::npos) {
        ++at;
        const std::string_view rest = bytes.substr(at, 2);
        if (rest.substr(0, 1) == "\n") return at + 1;
        if (rest == "\r\n") return at + 2;
    }
    return std::string_view::npos;
}

size_t leadingEmptyLine(std::string_view bytes)
{
    return bytes.substr(0, 2) == "\r\n" ? 2 : 0;
}

std::optional<HeadProblem> scanFirstLine(std::string_view bytesSoFar, const HeadLimits& limits)
{
    // It may be the half of an empty line that leadingEmptyLine() will take off.
    if (bytesSoFar == "\r") return std::nullopt;
    LineReader reader(bytesSoFar, limits.requestLineBytes);
    readRequestLine(reader);
    return reader.found();
}

std::optional<HeadProblem> scanRequestHead(std::string_view head, const HeadLimits& limits)
{
    return scanHead(head, limits, true);
}

std::optional<HeadProblem> scanResponseHead(std::string_view head, const HeadLimits& limits)
{
    return scanHead(head, limits, false);
}

std::optional<HeadProblem> scanHeaderLine(std::string_view line, HeaderField& field)
{
    if (!line.empty() && isSpaceOrTab(line.front())) return problemAt(HeadFault::FoldedHeader, 0);
    size_t at = 0;
    while (at < line.size() && isTokenByte(line[at])) {
        ++at;
    }
    if (at == line.size()) return problemAt(HeadFault::BadFieldName, at);
    if (line[at] != ':') {
        const bool space = isSpaceOrTab(line[at]);
        return problemAt(space ? HeadFault::SpaceBeforeColon : faultOf(line[at], HeadFault::BadFieldName),
                         at);
    }
    if (at == 0) return problemAt(HeadFault::BadFieldName, 0);
    const char* const end = line.data() + line.size();
    if (const char* const bad = findControl(line.data() + at, end); bad != end) {
        return problemAt(faultOf(*bad, HeadFault::ControlByte), static_cast<size_t>(bad - line.data()));
    }
    field = {line.substr(0, at), trimmed(line.substr(at + 1))};
    return std::nullopt;
}

} // namespace gateway
