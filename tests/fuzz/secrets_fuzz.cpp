// SPDX-License-Identifier: GPL-3.0-or-later
// Places lie within the text, in order, apart from each other; both engines find the same; what is closed in
// the first half stays with the second behind it.
#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "fuzz_require.h"
#include "guardrail/secrets/secret_finder.h"

using namespace gateway::guardrail;

namespace {

std::vector<Found> foundBy(const SecretFinder& finder, std::string_view text)
{
    std::vector<Found> found;
    finder.find(text, {}, found);
    return found;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const SecretFinder kPortable({}, PatternSet::Engine::Portable);
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto all = foundBy(SecretFinder::shared(), text);
    FUZZ_REQUIRE(all == foundBy(kPortable, text));
    FUZZ_REQUIRE(all.empty() || SecretFinder::shared().mayFind(text));
    std::size_t end = 0;
    for (const Found& each : all) {
        FUZZ_REQUIRE(each.size > 0 && each.start >= end && each.start + each.size <= size);
        FUZZ_REQUIRE(!each.kind.empty());
        end = each.start + each.size;
    }
    const std::string_view half = text.substr(0, size / 2);
    const std::size_t open = openSince(half);
    FUZZ_REQUIRE(open <= half.size());
    const auto early = foundBy(SecretFinder::shared(), half);
    for (const Found& each : all)
        FUZZ_REQUIRE(each.start >= open || std::find(early.begin(), early.end(), each) != early.end());
    return 0;
}
