// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway {

/// Takes the chunked transfer coding of HTTP/1.1 off a body, strictly: sizes are 1 to 16 hex digits, lines
/// end in CRLF, extensions and trailers must have their form and are then dropped. What is lenient here
/// decides where a request ends, and another reader on the way may decide otherwise. Lives on one thread.
class ChunkDecoder {
public:
    enum class State : uint8_t { Undecided, More, Done, Bad };

    static constexpr size_t kMaxChunkLineBytes = 4096;
    static constexpr size_t kMaxTrailerBytes = 65536;

    /// Takes bytes from the front of `input` and returns the next piece of payload, a part of `input` (it may
    /// be empty). Call it until the input is empty or state() is not More. Bytes behind the end of the body
    /// stay in `input`.
    std::string_view next(std::string_view& input);

    State state() const { return m_state; }
    /// What its size line promises of the current chunk and has not come yet.
    uint64_t left() const { return m_left; }
    void reset();
    /// Says what is wrong once the state is Bad; no byte of the input is quoted.
    std::string_view problem() const { return m_problem; }

private:
    enum class Part : uint8_t { Undecided, SizeLine, Payload, PayloadEnd, Trailer };

    std::string_view takePayload(std::string_view& input);
    bool takeLine(std::string_view& input, size_t maxBytes, std::string_view& line);
    void readLine(std::string_view& input);
    void readPayloadEnd(std::string_view& input);
    void readSize(std::string_view line);
    void readTrailer(std::string_view line);
    void refuse(std::string_view problem);

    State m_state = State::More;
    Part m_part = Part::SizeLine;
    bool m_afterCr = false;   // In PayloadEnd: its CR was taken.
    bool m_lineGiven = false; // m_line was handed out whole and is to be emptied.
    uint64_t m_left = 0;      // Payload bytes of this chunk still to come.
    size_t m_trailerBytes = 0;
    std::string m_line; // A line that came in parts.
    std::string_view m_problem;
};

} // namespace gateway
