// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "meaning/model_file.h"

namespace gateway::meaning {

/// The ids of the pieces that a text is made of, by the likeliest way to cut it (SentencePiece's unigram
/// model). `text`: UTF-8 in the form NFKC; what no piece stands for is 0, once for several of it. Stops
/// behind `most`, of which the last is whatever it would be in the whole text.
[[nodiscard]] std::vector<std::uint32_t> piecesOf(const Pieces& pieces, std::string_view text,
                                                  std::size_t most);

} // namespace gateway::meaning
