// SPDX-License-Identifier: GPL-3.0-or-later
// Property: however the bytes are cut, the same is read out of them, and no count is negative.
#include <string_view>

#include "fuzz_require.h"
#include "pipeline/batch_tally.h"

namespace {

using gateway::pipeline::BatchTally;

gateway::Cost costOf(const std::string&, const gateway::Usage& usage)
{
    return {gateway::Money::fromNanos(usage.inputTokens), gateway::CostSource::Computed};
}

std::vector<BatchTally::Part> tallied(std::string_view bytes, std::size_t piece)
{
    BatchTally tally(costOf);
    for (std::size_t at = 0; at < bytes.size(); at += piece)
        tally.feed(bytes.substr(at, piece));
    return tally.finish();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto whole = tallied(bytes, size);
    const auto cut = tallied(bytes, 1 + data[0] % 16);
    FUZZ_REQUIRE(whole.size() == cut.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        FUZZ_REQUIRE(whole[i].model == cut[i].model);
        FUZZ_REQUIRE(whole[i].cost.amount == cut[i].cost.amount);
        FUZZ_REQUIRE(whole[i].usage.inputTokens >= 0 && whole[i].usage.outputTokens >= 0);
    }
    return 0;
}
