// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/sse_scanner.h"

namespace gateway {

/// Cuts a stream of lines into events, one a line (NDJSON). The raw parts of all events together are exactly
/// the bytes that were fed; an empty line is an event without data. Lives on one thread.
class LineScanner {
public:
    explicit LineScanner(std::size_t maxLineBytes = std::size_t{8} << 20) : m_maxLineBytes(maxLineBytes) {}

    /// Calls onEvent(const SseEvent&) for every line that `bytes` completes; its views live during the call
    /// only. Where onEvent returns false nothing more is taken. False when a line is larger than the limit.
    template <class F>
    bool feed(std::string_view bytes, F&& onEvent)
    {
        while (!m_stopped && !bytes.empty()) {
            const std::size_t end = bytes.find('\n');
            const std::size_t taken = end == std::string_view::npos ? bytes.size() : end + 1;
            if (m_pending.size() + taken > m_maxLineBytes) {
                m_stopped = true;
                return false;
            }
            const bool whole = end != std::string_view::npos;
            if (!whole || !m_pending.empty()) m_pending.append(bytes.substr(0, taken));
            if (whole) {
                m_stopped = !give(m_pending.empty() ? bytes.substr(0, taken) : m_pending, onEvent);
                m_pending.clear();
            }
            bytes.remove_prefix(taken);
        }
        return true;
    }
    /// At the end of the stream: the last line may lack its line feed.
    template <class F>
    void finish(F&& onEvent)
    {
        if (!m_stopped && !m_pending.empty()) give(m_pending, onEvent);
        m_stopped = true;
    }

private:
    template <class F>
    static bool give(std::string_view line, F&& onEvent)
    {
        SseEvent event;
        event.raw = line;
        while (line.ends_with('\n') || line.ends_with('\r'))
            line.remove_suffix(1);
        event.data = line;
        event.hasData = !line.empty();
        if constexpr (std::is_void_v<std::invoke_result_t<F&, const SseEvent&>>) {
            onEvent(static_cast<const SseEvent&>(event));
            return true;
        } else {
            return onEvent(static_cast<const SseEvent&>(event));
        }
    }

    std::size_t m_maxLineBytes;
    bool m_stopped = false;
    std::string m_pending;
};

} // namespace gateway
