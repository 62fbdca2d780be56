// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "ask.h"
#include "http_request.h"

namespace fake {

/// Remembers the requests for GET /__requests. The oldest are forgotten beyond a fixed number and size.
class Recorder {
public:
    explicit Recorder(bool enabled) : m_enabled(enabled) {}

    /// The request's number, counted from 1 since the last reset; for ended().
    uint64_t began(const HttpRequest& request, const Ask& ask, uint64_t connection);
    void ended(uint64_t number, bool cancelled);
    void reset();

    std::string requestsJson() const;
    std::string countJson() const;

private:
    struct Entry {
        uint64_t number;
        std::string method;
        std::string target;
        std::vector<std::pair<std::string, std::string>> headers;
        std::string body;
        std::string model;
        int64_t startedMs;
        int64_t endedMs;
        uint64_t connection;
        enum class State : uint8_t { Open, Done, Cancelled } state;
    };
    static void append(std::string& out, const Entry& entry);
    Entry* entryOf(uint64_t number);

    const bool m_enabled;
    std::deque<Entry> m_entries;
    size_t m_bytes = 0;
    uint64_t m_counted = 0;
    uint64_t m_cancelled = 0;
    uint64_t m_done = 0;
    // Numbers go on after a reset, so that a request from before it is not mistaken for a new one.
    uint64_t m_lastNumber = 0;
    uint64_t m_resetAt = 0;
};

} // namespace fake
