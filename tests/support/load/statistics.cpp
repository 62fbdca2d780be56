// SPDX-License-Identifier: GPL-3.0-or-later
#include "statistics.h"

#include <algorithm>
#include <cstdio>

namespace load {

static double percentile(const std::vector<float>& sorted, double part)
{
    if (sorted.empty()) return 0;
    auto index = static_cast<size_t>(part * static_cast<double>(sorted.size() - 1) + 0.5);
    return sorted[index];
}

static std::string number(const char* name, double value)
{
    char text[96];
    std::snprintf(text, sizeof(text), "\"%s\":%.3f", name, value);
    return text;
}

static std::string count(const char* name, uint64_t value)
{
    return std::string("\"") + name + "\":" + std::to_string(value);
}

std::string Statistics::json(bool stream) const
{
    std::vector<float> sorted = latencies;
    std::sort(sorted.begin(), sorted.end());
    double rate = seconds > 0 ? static_cast<double>(sorted.size()) / seconds : 0;
    std::string out = "{" + count("requests", sorted.size()) + "," + count("errors", errors) + "," +
                      number("seconds", seconds) + "," + number("requests_per_second", rate) + "," +
                      number("p50_us", percentile(sorted, 0.5)) + "," +
                      number("p90_us", percentile(sorted, 0.9)) + "," +
                      number("p99_us", percentile(sorted, 0.99)) + "," +
                      number("max_us", sorted.empty() ? 0 : sorted.back());
    if (stream) {
        std::vector<float> first = firstChunks;
        std::sort(first.begin(), first.end());
        out += "," + count("chunks", chunks) + "," + count("lost_chunks", lostChunks) + "," +
               number("first_chunk_p50_us", percentile(first, 0.5)) + "," +
               number("first_chunk_p99_us", percentile(first, 0.99)) + "," +
               count("active_most", activeMost) + "," + count("open_at_end", openAtEnd);
    }
    if (!firstError.empty()) {
        out += ",\"first_error\":\"";
        for (char c : firstError)
            out += c < ' ' || c == '"' || c == '\\' || static_cast<unsigned char>(c) > 126 ? '?' : c;
        out += '"';
    }
    return out + "}";
}

} // namespace load
