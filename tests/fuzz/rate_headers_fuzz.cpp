// SPDX-License-Identifier: GPL-3.0-or-later
// Property: no header fields make the reader of rates crash; what it finds is never less than nothing, never
// in the past and never further ahead than anybody is believed. What it reads does not depend on other
// fields.
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "fuzz_require.h"
#include "pipeline/rate_headers.h"

using namespace gateway::pipeline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::int64_t kNow = 1'741'305'600'000'000;
    std::string_view text(reinterpret_cast<const char*>(data), size);
    std::vector<std::pair<std::string_view, std::string_view>> fields;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        fields.emplace_back(line.substr(0, colon), line.substr(colon + 1));
    }
    const RateLeft rate = readRateHeaders(fields, kNow);
    FUZZ_REQUIRE(rate.requests.value_or(0) >= 0 && rate.tokens.value_or(0) >= 0);
    for (const std::int64_t until : {rate.requestsUntil, rate.tokensUntil})
        FUZZ_REQUIRE(until == 0 || (until >= kNow && until <= kNow + kLongestReset));
    fields.emplace(fields.begin(), "content-type", "application/json");
    fields.emplace_back("x-request-id", "x-ratelimit-remaining: 1");
    FUZZ_REQUIRE(readRateHeaders(fields, kNow) == rate);
    return 0;
}
