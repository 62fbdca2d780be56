// SPDX-License-Identifier: GPL-3.0-or-later
#include "meaning/embedder.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "meaning/encoder.h"
#include "meaning/normal_form.h"
#include "meaning/pieces.h"

namespace gateway::meaning {

namespace {

constexpr std::size_t kShortest = 3, kLongest = 5; // letters that are looked at together
constexpr std::size_t kMostLetters = 4096;
constexpr std::size_t kMostBytes = 16'384; // far beyond the pieces that play a part

/// What can play a part of it, without half a character at its end.
std::string_view beginningOf(std::string_view text)
{
    std::size_t size = std::min(text.size(), kMostBytes);
    while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U)
        --size;
    return text.substr(0, size);
}

std::uint32_t hashOf(std::string_view bytes)
{
    std::uint32_t hash = 2166136261U;
    for (const char byte : bytes)
        hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619U;
    return hash ^ (hash >> 15);
}

/// By the letters that stand together in it.
Vector byLetters(std::string_view text)
{
    std::string letters = " ";
    for (const char each : text.substr(0, kMostLetters)) {
        const bool isSpace = each == ' ' || each == '\t' || each == '\n' || each == '\r';
        if (!isSpace)
            letters.push_back(each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each);
        else if (letters.back() != ' ')
            letters.push_back(' ');
    }
    if (letters.back() != ' ') letters.push_back(' ');
    Vector vector{};
    for (std::size_t size = kShortest; size <= kLongest; ++size) {
        for (std::size_t at = 0; at + size <= letters.size(); ++at) {
            const std::uint32_t hash = hashOf(std::string_view(letters).substr(at, size));
            vector[hash % kDimensions] += (hash & 0x80000000U) != 0 ? -1.0F : 1.0F;
        }
    }
    const float length = std::sqrt(likeness(vector, vector));
    if (length > 0) {
        for (float& each : vector)
            each /= length;
    }
    return vector;
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
    return m_model ? encoded(*m_model, pieces(text)) : byLetters(normalForm(beginningOf(text)));
}

} // namespace gateway::meaning
