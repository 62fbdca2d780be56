// SPDX-License-Identifier: GPL-3.0-or-later
// Property: a stream gives the same events whole, cut in two at any byte and byte by byte, no byte of a
// delivered message is lost, and what is written can be read. The first byte says whether the rest is the
// stream itself or what messages are made of.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/aws_event_scanner.h"
#include "fuzz_require.h"

namespace {

struct Outcome {
    std::vector<std::string> events;
    std::string raw;
    bool fits = true;
    bool operator==(const Outcome&) const = default;
};

Outcome scan(std::string_view stream, size_t firstBytes, size_t partBytes, size_t limit)
{
    gateway::AwsEventScanner scanner(limit);
    Outcome outcome;
    const auto take = [&](const gateway::SseEvent& event) {
        FUZZ_REQUIRE(!event.raw.empty() && event.raw.size() <= limit);
        FUZZ_REQUIRE(event.hasData == !event.data.empty());
        outcome.raw += event.raw;
        outcome.events.push_back(std::string(event.name) + (event.failed ? "!" : ":") +
                                 std::string(event.data));
    };
    for (size_t at = 0, size = firstBytes; at < stream.size(); at += size, size = partBytes) {
        size = size == 0 ? partBytes : size;
        // A copy of the part's own size lets the sanitizer see a read behind it.
        const std::vector<char> part(stream.data() + at, stream.data() + std::min(stream.size(), at + size));
        outcome.fits = scanner.feed({part.data(), part.size()}, take);
    }
    return outcome;
}

/// Messages of the lines of a text; damaged at a byte that the text itself names.
std::string messagesOf(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        const size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const size_t space = std::min(line.find(' '), line.size());
        const std::string_view payload = line.substr(std::min(space + 1, line.size()));
        if (line.starts_with('!')) {
            gateway::appendAwsException(out, line.substr(1, std::max<size_t>(space, 1) - 1), payload);
        } else if (line.starts_with('~') && !out.empty()) {
            out[line.size() * 7 % out.size()] ^= 1;
        } else {
            gateway::appendAwsEvent(out, line.substr(0, space), payload);
        }
    }
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size < 2) return 0;
    const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::string stream = data[0] % 2 == 0 ? std::string(rest) : messagesOf(rest);
    if (stream.empty()) return 0;
    const size_t limit = data[0] < 0x80 ? size_t{1} << 20 : 16 + data[0];
    const auto whole = scan(stream, 0, stream.size(), limit);
    FUZZ_REQUIRE(std::string_view(stream).starts_with(whole.raw));
    FUZZ_REQUIRE(scan(stream, data[0] % stream.size(), stream.size(), limit) == whole);
    FUZZ_REQUIRE(scan(stream, 0, 1, limit) == whole);
    return 0;
}
