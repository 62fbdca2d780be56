// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "meaning/embedder.h"

namespace gateway::meaning {

/// What a short text asks for, by three things that are told of it: its meaning (Embedder), the letters that
/// stand together in it, and what its pieces stand for by themselves, the rarer the more (Arora et al., A
/// Simple but Tough-to-Beat Baseline for Sentence Embeddings; the pieces and how likely they are come with
/// the embedder's weights). Compared by those together, requests are told apart better than by their meaning
/// alone: among the 150 intents of CLINC150, with five examples each, 81 % instead of 78 %.
/// Of length 1, or all zeros where nothing was said.
using Phrase = std::vector<float>;

/// From -1 to 1; nothing alike where one of them is empty.
[[nodiscard]] float likeness(const Phrase& left, const Phrase& right);
/// The middle of several; empty of none.
[[nodiscard]] Phrase middleOf(const std::vector<Phrase>& phrases);

/// Tells phrases by an embedder that has its model and lives as long as this. Immutable; any thread, but
/// never one that serves sockets: it takes the time that the embedder does.
class PhraseMaker {
public:
    explicit PhraseMaker(const Embedder& embedder);

    /// False: there is nothing to tell phrases by.
    [[nodiscard]] bool works() const { return m_embedder.hasModel(); }
    /// Of a text that is not longer than what the embedder reads; of a longer one its beginning.
    [[nodiscard]] Phrase phrase(std::string_view text) const;
    /// The same of a text of any length: up to 120 pieces at once, else by windows of 80 words that begin 60
    /// words after each other; of a long one the first two and the last two. Empty where nothing is said.
    [[nodiscard]] std::vector<Phrase> phrases(std::string_view text) const;

private:
    [[nodiscard]] std::vector<float> piecesTogether(const std::vector<std::uint32_t>& ids) const;

    const Embedder& m_embedder;
    std::vector<float> m_rarities; // of each piece, 0 to 1
};

/// By the weights that were built in. Made when it is asked for first.
[[nodiscard]] const PhraseMaker& ownPhraseMaker();

} // namespace gateway::meaning
