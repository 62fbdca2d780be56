// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "guardrail/pattern_set.h"

namespace gateway::guardrail {

/// What a value consists of, piece by piece, written as "'dp.pt.'l{43}": words in single quotes, and classes
/// with how often: {n}, {n,m} or {n,}. Classes: d digits; h hex in lower case, H in either; u A-Z0-9;
/// l a-z0-9; c letters; a letters and digits; W those and _; w those and -; g those and =; x those and the
/// dot; b base64; z all of base64 and base64url. Every piece takes as much as it can.
class Shape {
public:
    explicit Shape(std::string_view written);
    /// Where a value that begins at `from` ends; npos when none does. No longer than 4096 bytes.
    [[nodiscard]] std::size_t matchEnd(std::string_view text, std::size_t from) const;
    /// What its first piece may hold, and how much of that there must be.
    [[nodiscard]] const ByteSet& firstBytes() const { return m_pieces.front().bytes; }
    [[nodiscard]] std::size_t firstLeast() const { return m_pieces.front().least; }

private:
    struct Piece {
        ByteSet bytes;
        std::size_t least = 0, most = 0;
    };
    std::vector<Piece> m_pieces;
};

/// The bytes of a class of shapes; none for an unknown one.
[[nodiscard]] ByteSet bytesOfClass(char name);

} // namespace gateway::guardrail
