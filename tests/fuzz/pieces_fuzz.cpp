// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes are cut into pieces that the embedder knows, no more of them than it reads, the same each time.
#include <cstdint>
#include <string_view>

#include "fuzz_require.h"
#include "meaning/own_embedder.h"

using namespace gateway::meaning;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const Embedder& embedder = ownEmbedder();
    const auto pieces = embedder.pieces(text);
    FUZZ_REQUIRE(pieces.size() <= Embedder::kMostPieces);
    FUZZ_REQUIRE(embedder.pieces(text) == pieces);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        FUZZ_REQUIRE(pieces[i] < 8002);
        FUZZ_REQUIRE(i == 0 || pieces[i] != 0 || pieces[i - 1] != 0);
    }
    return 0;
}
