// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fake {

/// One parsed request. Its views point into the buffer that RequestReader read it from.
struct HttpRequest {
    std::string_view method;
    std::string_view target;
    std::string_view version;
    std::vector<std::pair<std::string_view, std::string_view>> headers;
    std::string_view body;
    bool keepAlive = true;

    std::string_view header(std::string_view name) const;
};

/// Finds the first whole request in a growing buffer. Lenient: this is the test's own side, and what it is
/// sent by a gateway under test is recorded, not judged.
class RequestReader {
public:
    enum class State { Incomplete, WantsContinue, Complete, Broken };

    /// `buffer` begins where the last request ended and only grows between calls until Complete.
    State read(std::string_view buffer);
    /// Bytes that the buffer needs to hold before another call is worth while; 0 when unknown.
    size_t needed() const { return m_needed; }
    /// Valid after Complete, while the buffer stays where it is.
    const HttpRequest& request() const { return m_request; }
    size_t consumed() const { return m_consumed; }
    void next();

private:
    State readHead(std::string_view buffer);
    State readChunks(std::string_view buffer);
    void parseFields(std::string_view head);
    bool parseFraming();

    HttpRequest m_request;
    std::string m_decoded; // The chunked body; plain ones stay in the buffer.
    size_t m_searched = 0;
    size_t m_headBytes = 0;
    size_t m_length = 0;
    size_t m_chunkAt = 0;
    size_t m_needed = 0;
    size_t m_consumed = 0;
    bool m_chunked = false;
    bool m_continued = false;
};

} // namespace fake
