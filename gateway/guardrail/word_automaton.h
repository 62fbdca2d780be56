// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "guardrail/pattern_set.h"

namespace gateway::guardrail {

/// A PatternSet for any machine: Aho and Corasick's automaton over the words, one table look-up a byte.
class WordAutomaton final : public PatternSet {
public:
    explicit WordAutomaton(std::vector<Beginning> beginnings);
    [[nodiscard]] std::vector<Begun> find(std::string_view text) const override;

private:
    void addWord(std::size_t beginning);
    void close();
    [[nodiscard]] bool standsAt(const Beginning& beginning, std::string_view text, std::size_t place) const;

    std::vector<Beginning> m_beginnings;
    std::array<std::uint8_t, 256> m_columns = {}; // of a byte; 0: in no word
    std::size_t m_width = 1;
    std::vector<std::uint32_t> m_next;               // by state and column; the state times the width
    std::vector<std::vector<std::uint16_t>> m_words; // that end in a state
    std::vector<std::uint8_t> m_ends;                // whether any does
};

} // namespace gateway::guardrail
