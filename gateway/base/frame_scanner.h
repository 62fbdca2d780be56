// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/aws_event_scanner.h"
#include "base/line_scanner.h"
#include "base/sse_scanner.h"

namespace gateway {

/// How the bytes of a stream are cut into events.
enum class Framing : std::uint8_t {
    Undecided,
    Sse,       // text/event-stream
    JsonLines, // one JSON value a line, as Ollama streams
    AwsEvents, // application/vnd.amazon.eventstream
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
        if (m_framing == Framing::AwsEvents) return m_messages.feed(bytes, onEvent);
        return m_framing == Framing::JsonLines ? m_lines.feed(bytes, onEvent) : m_sse.feed(bytes, onEvent);
    }
    /// As SseScanner::finish.
    template <class F>
    void finish(F&& onEvent)
    {
        if (m_framing == Framing::JsonLines)
            m_lines.finish(onEvent);
        else if (m_framing != Framing::AwsEvents)
            m_sse.finish(onEvent);
    }
    /// Why feed() said false: the bytes are no such stream, rather than an event too large.
    [[nodiscard]] bool damaged() const { return m_messages.damaged(); }

private:
    Framing m_framing;
    SseScanner m_sse;
    LineScanner m_lines;
    AwsEventScanner m_messages;
};

} // namespace gateway
