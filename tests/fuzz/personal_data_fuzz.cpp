// SPDX-License-Identifier: GPL-3.0-or-later
// Findings lie within the text, in order, apart from each other, and each is found again where it stands in
// the same words.
#include <cstdint>
#include <string_view>

#include "fuzz_require.h"
#include "guardrail/personal_data.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace gateway::guardrail;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto all = findPersonalData(text, ~EntitySet{0});
    std::size_t end = 0;
    for (const Finding& each : all) {
        FUZZ_REQUIRE(each.size > 0 && each.start >= end && each.start + each.size <= size);
        FUZZ_REQUIRE(each.entity != Entity::Undecided);
        end = each.start + each.size;
    }
    // What is wanted is chosen from all that there is, guesses aside.
    const auto sure = findPersonalData(text, ~guessedEntities());
    const auto emails = findPersonalData(text, bitOf(Entity::Email));
    std::size_t count = 0;
    for (const Finding& each : sure)
        count += each.entity == Entity::Email ? 1 : 0;
    FUZZ_REQUIRE(emails.size() == count);
    FUZZ_REQUIRE(findAllSorts(text).empty() == sure.empty());
    return 0;
}
