// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace load {

/// Reads one response after the other from pieces of any size, and counts a mark in the bodies, also where
/// the server cut an event in two.
class ResponseReader {
public:
    enum class State { Incomplete, Complete, Broken };

    explicit ResponseReader(std::string mark) : m_mark(std::move(mark)) {}
    /// Takes all of `bytes`; bytes behind the response's end make it Broken.
    State read(std::string_view bytes);
    /// Whether the connection's end completes the response (no length was given).
    bool endsWithConnection() const { return m_phase == Phase::UntilClose; }
    void next();

    unsigned status() const { return m_status; }
    uint64_t marks() const { return m_marks; }
    bool keepAlive() const { return m_keepAlive; }

private:
    enum class Phase { Head, Body, UntilClose, ChunkLine, ChunkData, ChunkEnd, Trailer, Done, Broken };
    void readHead(std::string_view& bytes);
    void parseHead(std::string_view head);
    void readLine(std::string_view& bytes);
    void lineComplete();
    void readData(std::string_view& bytes);
    void count(std::string_view data);

    const std::string m_mark;
    std::string m_held; // A head or a line so far.
    std::string m_tail; // The body's last bytes, shorter than the mark.
    Phase m_phase = Phase::Head;
    uint64_t m_left = 0;
    uint64_t m_marks = 0;
    unsigned m_status = 0;
    bool m_keepAlive = true;
};

} // namespace load
