// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/vector_text.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/base64.h"
#include "dialect/json_object.h"

namespace gateway::dialect {
namespace {

constexpr std::size_t kFloatBytes = 4;

/// The six bits of a base64 digit of either alphabet; 64 for any other byte.
unsigned digitValue(char digit)
{
    if (digit >= 'A' && digit <= 'Z') return static_cast<unsigned>(digit - 'A');
    if (digit >= 'a' && digit <= 'z') return static_cast<unsigned>(digit - 'a') + 26;
    if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0') + 52;
    if (digit == '+' || digit == '-') return 62;
    return digit == '/' || digit == '_' ? 63 : 64;
}

std::optional<std::string> bytesOf(std::string_view base64)
{
    while (base64.ends_with('='))
        base64.remove_suffix(1);
    std::string bytes;
    bytes.reserve(base64.size() / 4 * 3 + 3);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char digit : base64) {
        const unsigned value = digitValue(digit);
        if (value == 64) return std::nullopt;
        bits = (bits << 6U | value) & 0xffffU; // fewer than 14 bits of it still matter
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(bits >> count & 0xffU);
    }
    return bytes;
}

} // namespace

std::optional<std::vector<float>> readNumbers(std::string_view array)
{
    if (jsonKindOf(array) != JsonKind::Array) return std::nullopt;
    std::vector<float> vector;
    bool good = true;
    forEachElement(array, [&](std::string_view value, JsonKind kind) {
        const auto number = kind == JsonKind::Number ? jsonNumber(value) : std::nullopt;
        good = number && std::abs(*number) <= double{std::numeric_limits<float>::max()};
        if (good) vector.push_back(static_cast<float>(*number));
        return good;
    });
    if (!good) return std::nullopt;
    return vector;
}

std::optional<std::vector<float>> readPacked(std::string_view base64)
{
    const auto bytes = bytesOf(base64);
    if (!bytes || bytes->size() % kFloatBytes != 0) return std::nullopt;
    std::vector<float> vector;
    vector.reserve(bytes->size() / kFloatBytes);
    for (std::size_t at = 0; at < bytes->size(); at += kFloatBytes) {
        std::uint32_t bits = 0;
        for (std::size_t i = kFloatBytes; i > 0; --i)
            bits = bits << 8U | static_cast<unsigned char>((*bytes)[at + i - 1]);
        vector.push_back(std::bit_cast<float>(bits));
        if (!std::isfinite(vector.back())) return std::nullopt;
    }
    return vector;
}

std::optional<std::vector<float>> readVector(std::string_view value)
{
    return jsonKindOf(value) == JsonKind::String ? readPacked(textOf(value)) : readNumbers(value);
}

void writeNumbers(JsonWriter& json, const std::vector<float>& vector)
{
    json.beginArray();
    for (const float each : vector) {
        // The shortest text of the float, not of the double that it would become.
        std::array<char, 32> text{};
        const auto end = std::to_chars(text.data(), text.data() + text.size(), each).ptr;
        json.raw(std::string_view(text.data(), static_cast<std::size_t>(end - text.data())));
    }
    json.endArray();
}

std::string packed(const std::vector<float>& vector)
{
    std::string bytes;
    bytes.reserve(vector.size() * kFloatBytes);
    for (const float each : vector) {
        auto bits = std::bit_cast<std::uint32_t>(each);
        for (std::size_t i = 0; i < kFloatBytes; ++i, bits >>= 8U)
            bytes += static_cast<char>(bits & 0xffU);
    }
    return base64(bytes);
}

} // namespace gateway::dialect
