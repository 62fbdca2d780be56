// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/sse_scanner.h"

namespace gateway {

/// Cuts a stream of application/vnd.amazon.eventstream into its messages (the event stream encoding of the
/// Smithy specification: prelude, headers, payload, a CRC-32 of the prelude and one of all). The raw parts of
/// all events together are the bytes that were fed. Of an event, `name` is its :event-type, of an exception
/// its :exception-type, of an error its :error-code, and `data` the payload; the last two are `failed`. Lives
/// on one thread; keeps one unfinished message.
class AwsEventScanner {
public:
    explicit AwsEventScanner(std::size_t maxMessageBytes = std::size_t{8} << 20)
        : m_maxMessageBytes(maxMessageBytes)
    {
    }

    /// Calls onEvent(const SseEvent&) for every message that `bytes` completes; its views live during the
    /// call only. Where onEvent returns false nothing more is taken. False when a message is larger than the
    /// limit or damaged; then, too, nothing more is taken.
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
        return m_state == State::Scanning || m_state == State::Stopped;
    }

    /// A checksum did not hold, or a message has no valid form.
    [[nodiscard]] bool damaged() const { return m_state == State::Damaged; }

private:
    enum class State : std::uint8_t { Undecided, Scanning, TooLarge, Damaged, Stopped };

    bool next(std::string_view& bytes, SseEvent& event);
    bool takePrelude(std::string_view& bytes);
    bool deliver(std::string_view message, SseEvent& event);
    bool refuse(State why);

    std::size_t m_maxMessageBytes;
    State m_state = State::Scanning;
    std::size_t m_messageBytes = 0; // of the message in m_pending, once its prelude is whole; else 0
    bool m_pendingGiven = false;    // m_pending is the message that was delivered last
    std::string m_pending;
    std::string m_told; // what an error without a payload says, as the payload of an exception
};

/// Appends one message with a JSON payload, as servers send it.
void appendAwsEvent(std::string& out, std::string_view type, std::string_view payload);
/// The same for an exception.
void appendAwsException(std::string& out, std::string_view type, std::string_view payload);

} // namespace gateway
