// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace load {

struct Options {
    std::string host;
    unsigned short port = 80;
    std::string target = "/";
    std::string method;
    std::string body;
    std::vector<std::string> headers;
    size_t connections = 1;
    uint64_t requests = 0; // 0: until `seconds` are over.
    double seconds = 0;    // 0: until `requests` are done, at most kLongestSeconds.
    uint64_t warmup = 0;   // Requests before the counting begins.
    unsigned expectStatus = 200;
    bool stream = false;
    uint64_t expectChunks = 0;
    std::string mark = "\"content\":\"w"; // What stands once in each counted chunk.

    std::string requestBytes() const;
};

inline constexpr double kLongestSeconds = 300;

/// Nothing and a sentence in `problem` when the arguments make no sense.
std::optional<Options> parseOptions(int argc, char** argv, std::string& problem);

} // namespace load
