// SPDX-License-Identifier: GPL-3.0-or-later
// Properties: a body decodes to the same whole, cut in two and byte by byte; what was encoded decodes to
// itself.
#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/chunk_decoder.h"
#include "fuzz_require.h"

namespace {

using gateway::ChunkDecoder;

struct Outcome {
    std::string payload;
    size_t restBytes = 0;
    ChunkDecoder::State state = ChunkDecoder::State::Undecided;
    bool operator==(const Outcome&) const = default;
};

Outcome decode(std::string_view body, size_t partBytes, size_t firstBytes)
{
    ChunkDecoder decoder;
    Outcome outcome;
    for (size_t at = 0, size = firstBytes; at < body.size(); at += size, size = partBytes) {
        size = size == 0 ? partBytes : size;
        const std::vector<char> part(body.data() + at, body.data() + std::min(body.size(), at + size));
        std::string_view input(part.data(), part.size());
        while (!input.empty() && decoder.state() == ChunkDecoder::State::More) {
            outcome.payload += decoder.next(input);
        }
        outcome.restBytes += input.size();
    }
    outcome.state = decoder.state();
    FUZZ_REQUIRE(decoder.problem().empty() == (outcome.state != ChunkDecoder::State::Bad));
    // Where a bad line was cut decides how much of it was taken.
    if (outcome.state == ChunkDecoder::State::Bad) outcome.restBytes = 0;
    return outcome;
}

std::string encode(std::string_view payload, size_t chunkBytes)
{
    std::string body;
    for (size_t at = 0; at < payload.size(); at += chunkBytes) {
        const auto chunk = payload.substr(at, chunkBytes);
        char line[24];
        std::snprintf(line, sizeof line, "%zx\r\n", chunk.size());
        body += line;
        body += chunk;
        body += "\r\n";
    }
    return body + "0\r\n\r\n";
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size < 2) return 0;
    const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto whole = decode(body, body.size(), 0);
    FUZZ_REQUIRE(whole.payload.size() + whole.restBytes <= body.size());
    FUZZ_REQUIRE(decode(body, body.size(), data[0] % body.size()) == whole);
    FUZZ_REQUIRE(decode(body, 1, 0) == whole);
    const std::string encoded = encode(body, data[0] + size_t{1});
    FUZZ_REQUIRE(
        (decode(encoded + "rest", 7, 0) == Outcome{std::string(body), 4, ChunkDecoder::State::Done}));
    return 0;
}
