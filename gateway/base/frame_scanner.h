// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/line_scanner.h"
#include "base/sse_scanner.h"

namespace gateway {

/// How the bytes of a stream are cut into events.
enum class Framing : std::uint8_t {
    Undecided,
    Sse,       // text/event-stream
    JsonLines, // one JSON value a line, as Ollama streams
};

/// One scanner for every framing, so that whoever relays a stream need not know which it is. An event of any
/// framing is given as SseEvent: its `data` is what a dialect reads, its `raw` what is passed on.
class FrameScanner {
public:
    explicit FrameScanner(Framing framing) : m_framing(framing) {}

    /// As SseScanner::feed.
    template <class F>
    bool feed(std::string_view bytes, F&& onEvent)
    {
        return m_framing == Framing::JsonLines ? m_lines.feed(bytes, onEvent) : m_sse.feed(bytes, onEvent);
    }
    /// As SseScanner::finish.
    template <class F>
    void finish(F&& onEvent)
    {
        if (m_framing == Framing::JsonLines)
            m_lines.finish(onEvent);
        else
            m_sse.finish(onEvent);
    }

private:
    Framing m_framing;
    SseScanner m_sse;
    LineScanner m_lines;
};

} // namespace gateway
