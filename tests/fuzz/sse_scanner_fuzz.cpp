// SPDX-License-Identifier: GPL-3.0-or-later
// Property: a stream gives the same events whole, cut in two at any byte and byte by byte, and no byte is
// lost.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/sse_scanner.h"
#include "fuzz_require.h"

namespace {

std::string described(std::string_view name, std::string_view data, bool hasData)
{
    return std::string(name) + "\n" + std::string(data) + (hasData ? "+" : "-");
}

/// All complete lines, whatever they end in.
std::vector<std::string> linesOf(std::string_view stream)
{
    std::vector<std::string> lines;
    std::string line;
    if (stream.substr(0, 3) == "\xEF\xBB\xBF") stream.remove_prefix(3);
    for (size_t i = 0; i < stream.size(); ++i) {
        const bool isEnd = stream[i] == '\r' || stream[i] == '\n';
        if (stream[i] == '\n' && i > 0 && stream[i - 1] == '\r') continue;
        if (!isEnd) {
            line += stream[i];
            continue;
        }
        lines.push_back(line);
        line.clear();
    }
    return lines;
}

std::vector<std::string> expectedEvents(std::string_view stream)
{
    std::vector<std::string> events;
    std::string name;
    std::string data;
    bool hasData = false;
    for (const auto& line : linesOf(stream)) {
        const auto colon = line.find(':');
        const auto field = line.substr(0, colon);
        auto value = colon == std::string::npos ? std::string() : line.substr(colon + 1);
        if (value.substr(0, 1) == " ") value.erase(0, 1);
        if (line.empty()) {
            events.push_back(described(name, data, hasData));
            name.clear();
            data.clear();
            hasData = false;
        } else if (field == "event") {
            name = value;
        } else if (field == "data") {
            data += (hasData ? "\n" : "") + value;
            hasData = true;
        }
    }
    return events;
}

struct Outcome {
    std::vector<std::string> events;
    std::string raw;
    bool fits = true;
    bool operator==(const Outcome&) const = default;
};

Outcome scan(std::string_view stream, size_t partBytes, size_t firstBytes, size_t maxEventBytes)
{
    gateway::SseScanner scanner(maxEventBytes);
    Outcome outcome;
    const auto take = [&](const gateway::SseEvent& event) {
        FUZZ_REQUIRE(!event.raw.empty() && event.raw.size() <= maxEventBytes);
        outcome.raw += event.raw;
        outcome.events.push_back(described(event.name, event.data, event.hasData));
    };
    for (size_t at = 0, size = firstBytes; at < stream.size(); at += size, size = partBytes) {
        size = size == 0 ? partBytes : size;
        // A copy of the part's own size lets the sanitizer see a read behind it.
        const std::vector<char> part(stream.data() + at, stream.data() + std::min(stream.size(), at + size));
        outcome.fits = scanner.feed({part.data(), part.size()}, take);
    }
    // A blank line that ends in a CR at the end of the stream is complete only now.
    scanner.finish(take);
    if (outcome.fits) outcome.raw += scanner.pending();
    return outcome;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size < 2) return 0;
    const size_t maxEventBytes = data[0] < 0x80 ? size : data[0] & 0x3FU;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
    const size_t cut = data[0] % stream.size();
    const auto whole = scan(stream, stream.size(), 0, maxEventBytes);
    FUZZ_REQUIRE(!whole.fits || whole.raw == stream);
    FUZZ_REQUIRE(!whole.fits || whole.events == expectedEvents(stream));
    FUZZ_REQUIRE(scan(stream, stream.size(), cut, maxEventBytes) == whole);
    FUZZ_REQUIRE(scan(stream, 1, 0, maxEventBytes) == whole);
    return 0;
}
