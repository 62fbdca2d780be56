// SPDX-License-Identifier: GPL-3.0-or-later
// Any two texts, parted by a zero byte: each shares its answer with itself unless it is in no English letters
// or too long, and whether two share does not depend on which was first.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "cache/lexical_guard.h"
#include "fuzz_require.h"

using namespace gateway::cache;

namespace {

void requireItsOwn(const LexicalText& text)
{
    FUZZ_REQUIRE(text.words.size() <= 4 * LexicalText::kMostWords);
    const auto told = difference(text, text, Care::Strict);
    FUZZ_REQUIRE(told.value_or("") == text.unfit);
    FUZZ_REQUIRE(text.unfit.empty() || unfitness(text) == text.unfit);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view both(reinterpret_cast<const char*>(data), size);
    const std::size_t middle = std::min(both.find('\0'), both.size() / 2);
    const LexicalText left = digest(both.substr(0, middle)), right = digest(both.substr(middle));
    requireItsOwn(left);
    requireItsOwn(right);
    for (const Care care : {Care::Strict, Care::Balanced}) {
        const auto one = difference(left, right, care), other = difference(right, left, care);
        FUZZ_REQUIRE(one.has_value() == other.has_value());
        FUZZ_REQUIRE(!one || std::find(reason::kAll.begin(), reason::kAll.end(), *one) != reason::kAll.end());
    }
    return 0;
}
