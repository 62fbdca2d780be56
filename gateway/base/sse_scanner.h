// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace gateway {

/// One block of a text/event-stream.
struct SseEvent {
    std::string_view
        raw; // All its bytes with the blank line that closes it (and a byte order mark before it).
    std::string_view name; // The last "event" field, or empty.
    std::string_view data; // The "data" fields joined by \n; empty for comments and pings.
    bool hasData = false;
    bool failed = false; // its framing says that it tells an error; no text/event-stream does
};

/// Cuts an event stream into events, in time linear in its bytes however they are cut. The raw parts of all
/// events and pending() together are exactly the bytes that were fed, so that a stream can be passed on as it
/// came; a stray blank line is an event without data. Lives on one thread; keeps one unfinished event.
///
/// Lines end in LF, CRLF or CR. A blank line that ends in CR is complete only when the next byte is known
/// (it could be the LF of a CRLF), so streams with CR alone have one event pending: see finish().
class SseScanner {
public:
    explicit SseScanner(size_t maxEventBytes = size_t{8} << 20) : m_maxEventBytes(maxEventBytes) {}

    /// Calls onEvent(const SseEvent&) for every event that `bytes` completes; its views live during the call
    /// only. Where onEvent returns false the scanner stops for good: the rest of `bytes`, and whatever is fed
    /// later, is dropped. False when an event is larger than the limit; then, too, nothing more is taken.
    template <class F>
    bool feed(std::string_view bytes, F&& onEvent)
    {
        SseEvent event;
        while (next(bytes, event)) {
            if constexpr (std::is_void_v<std::invoke_result_t<F&, const SseEvent&>>) {
                onEvent(static_cast<const SseEvent&>(event));
            } else if (!onEvent(static_cast<const SseEvent&>(event))) {
                m_state = State::Stopped;
            }
        }
        return m_state != State::TooLarge;
    }

    /// At the end of the stream: delivers the event whose closing blank line ended in a CR, if there is one.
    template <class F>
    void finish(F&& onEvent)
    {
        SseEvent event;
        if (closePending(event)) {
            onEvent(static_cast<const SseEvent&>(event));
        }
    }

    /// The bytes of an event that is not complete yet.
    std::string_view pending() const { return m_pendingGiven ? std::string_view() : m_pending; }

private:
    enum class State : uint8_t { Undecided, Scanning, TooLarge, Stopped };
    enum class Line : uint8_t { Undecided, Blank, Text, Closing };

    bool next(std::string_view& bytes, SseEvent& event);
    bool closePending(SseEvent& event);
    size_t findEnd(std::string_view bytes);
    bool isMarkByte(char byte);
    void readFields(std::string_view raw, SseEvent& event);
    void readField(std::string_view line, SseEvent& event);

    size_t m_maxEventBytes;
    State m_state = State::Scanning;
    Line m_line = Line::Blank; // What the current line holds; Closing: blank, and its CR was seen.
    bool m_afterCr = false;    // The last byte was a CR: an LF belongs to the same line end.
    uint8_t m_markBytes = 0;   // Bytes of a byte order mark seen at the very start; 4: no longer looked for.
    bool m_pendingGiven = false; // m_pending is the event that was delivered last.
    bool m_firstEvent = true;
    std::string m_pending;
    std::string m_joined; // Data of several lines.
};

} // namespace gateway
