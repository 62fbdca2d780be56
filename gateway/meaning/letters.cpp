// SPDX-License-Identifier: GPL-3.0-or-later
#include "meaning/letters.h"

#include <cmath>
#include <cstdint>
#include <string>

namespace gateway::meaning {

namespace {

constexpr std::size_t kShortest = 3, kLongest = 5; // letters that are looked at together
constexpr std::size_t kMostLetters = 4096;

std::uint32_t hashOf(std::string_view bytes)
{
    std::uint32_t hash = 2166136261U;
    for (const char byte : bytes)
        hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619U;
    return hash ^ (hash >> 15);
}

} // namespace

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

} // namespace gateway::meaning
