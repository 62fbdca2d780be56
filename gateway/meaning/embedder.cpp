// SPDX-License-Identifier: GPL-3.0-or-later
#include "meaning/embedder.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "meaning/encoder.h"
#include "meaning/letters.h"
#include "meaning/normal_form.h"
#include "meaning/pieces.h"

namespace gateway::meaning {

namespace {

constexpr std::size_t kMostBytes = 16'384; // far beyond the pieces that play a part

/// What can play a part of it, without half a character at its end.
std::string_view beginningOf(std::string_view text)
{
    std::size_t size = std::min(text.size(), kMostBytes);
    while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U)
        --size;
    return text.substr(0, size);
}

} // namespace

float likeness(const Vector& left, const Vector& right)
{
    return std::inner_product(left.begin(), left.end(), right.begin(), 0.0F);
}

std::vector<std::uint32_t> Embedder::pieces(std::string_view text) const
{
    if (!m_model) return {};
    return piecesOf(m_model->pieces, normalForm(beginningOf(text)), kMostPieces);
}

Vector Embedder::embed(std::string_view text) const
{
    return m_model ? embed(pieces(text)) : byLetters(normalForm(beginningOf(text)));
}

Vector Embedder::embed(const std::vector<std::uint32_t>& pieces) const
{
    return encoded(*m_model, pieces);
}

} // namespace gateway::meaning
