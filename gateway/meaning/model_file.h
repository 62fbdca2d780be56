// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace gateway::meaning {

/// Numbers of 8 bit, of which sixteen columns lie together, row by row.
struct Matrix {
    static constexpr std::size_t kBlock = 16;

    std::size_t rows = 0, columns = 0;
    const std::int8_t* weights = nullptr;
    std::vector<float> scales; // of each column
    std::vector<float> added;  // to each column, once it is multiplied
};

struct Norm {
    std::vector<float> factors, added;
};

struct Layer {
    Norm before;
    Matrix attention; // to queries, keys and values
    Matrix out;
    std::optional<Matrix> past; // for what goes past the attention, where the width changes
    Norm beforeFeed;
    Matrix wide, narrow;
};

/// The pieces that texts are made of, in the order of their bytes.
struct Pieces {
    std::vector<std::uint32_t> ends, ids;
    std::vector<float> scores;
    std::string_view text;

    [[nodiscard]] std::size_t size() const { return ends.size(); }
    [[nodiscard]] std::string_view at(std::size_t place) const
    {
        const std::size_t begin = place == 0 ? 0 : ends[place - 1];
        return text.substr(begin, ends[place] - begin);
    }
};

/// The Universal Sentence Encoder Lite as resources/embedder/write_embedder.mjs writes it. Its large parts
/// are views into those bytes.
struct Model {
    static constexpr std::size_t kWidth = 256, kInner = 512, kFeed = 1536;

    Pieces pieces;
    std::vector<float> embeddingScales;      // of each row
    const std::int8_t* embeddings = nullptr; // rows of kWidth
    std::vector<float> timing;               // half of kWidth
    std::array<Layer, 2> layers;
    Matrix last;

    [[nodiscard]] std::size_t tokens() const { return embeddingScales.size(); }
};

/// Nothing where the bytes are not such a file.
[[nodiscard]] std::optional<Model> readModel(std::string_view bytes);

} // namespace gateway::meaning
