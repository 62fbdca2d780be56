// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes are refused as a kept vector or are one: then they are what is kept again, and it is the nearest
// to itself.
#include <array>
#include <cstdint>
#include <string_view>

#include "cache/vector_index.h"
#include "fuzz_require.h"

using namespace gateway::cache;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t kSize = 8;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    VectorIndex index(kSize);
    if (!index.addPacked(7, 1, bytes)) {
        FUZZ_REQUIRE(index.size() == 0);
        return 0;
    }
    FUZZ_REQUIRE(index.packed(7) == bytes);
    std::array<float, kSize> vector{};
    for (std::size_t i = 0; i < kSize; ++i)
        vector[i] = static_cast<std::int8_t>(bytes[4 + i]);
    const auto nearest = index.nearest(vector, 1, 0.99F, 1);
    FUZZ_REQUIRE(nearest.size() == 1 && nearest[0].id == 7);
    FUZZ_REQUIRE(index.remove(7) && index.nearest(vector, 1, -1, 1).empty());
    return 0;
}
