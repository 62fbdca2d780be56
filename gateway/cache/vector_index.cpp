// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/vector_index.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "base/crc32.h"
#include "cache/vector_kernels.h"

namespace gateway::cache {

namespace {

constexpr float kLargest = 127;
constexpr std::size_t kRowsAtOnce = 256;
// Packed: version, zero, dimensions (16 bits, the low byte first), numbers, CRC-32 of all before (low byte
// first).
constexpr char kPackedVersion = 1;
constexpr std::size_t kPackedHead = 4, kPackedEnd = 4;

Error refusedVector(std::string why)
{
    return gatewayError(Code::Internal, "A vector of the semantic cache was refused: " + std::move(why));
}

/// With the largest number as 127: directions alone count. Empty where there is none.
std::vector<std::int8_t> quantised(std::span<const float> vector)
{
    float largest = 0;
    for (const float each : vector) {
        if (!std::isfinite(each)) return {};
        largest = std::max(largest, std::abs(each));
    }
    if (largest == 0) return {};
    std::vector<std::int8_t> numbers(vector.size());
    for (std::size_t i = 0; i < vector.size(); ++i) // divided first: the inverse of a tiny number is infinite
        numbers[i] = static_cast<std::int8_t>(std::lround(vector[i] / largest * kLargest));
    return numbers;
}

float factorOf(const std::vector<std::int8_t>& numbers)
{
    double square = 0;
    for (const std::int8_t each : numbers)
        square += static_cast<double>(each) * each;
    return static_cast<float>(1 / std::sqrt(square));
}

void appendBytes(std::string& bytes, std::uint32_t value, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        bytes.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
}

std::uint32_t bytesAt(std::string_view bytes, std::size_t at, std::size_t count)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return value;
}

std::string packedBytes(std::span<const std::int8_t> numbers)
{
    std::string bytes;
    bytes.reserve(kPackedHead + numbers.size() + kPackedEnd);
    bytes.push_back(kPackedVersion);
    bytes.push_back(0);
    appendBytes(bytes, static_cast<std::uint32_t>(numbers.size()), 2);
    for (const std::int8_t each : numbers)
        bytes.push_back(static_cast<char>(each));
    appendBytes(bytes, crc32(bytes), kPackedEnd);
    return bytes;
}

bool isBetter(const VectorIndex::Neighbour& left, const VectorIndex::Neighbour& right)
{
    return left.likeness != right.likeness ? left.likeness > right.likeness : left.id < right.id;
}

/// Keeps `best` in order and no longer than `count`.
void keepBest(std::vector<VectorIndex::Neighbour>& best, VectorIndex::Neighbour next, std::size_t count)
{
    if (best.size() == count) {
        if (!isBetter(next, best.back())) return;
        best.pop_back();
    }
    best.insert(std::upper_bound(best.begin(), best.end(), next, isBetter), next);
}

} // namespace

VectorIndex::VectorIndex(std::size_t dimensions)
    : m_dimensions(dimensions), m_width((dimensions + kRowMultiple - 1) / kRowMultiple * kRowMultiple)
{
    assert(dimensions > 0 && dimensions <= kMostDimensions);
}

Outcome VectorIndex::add(std::uint64_t id, std::uint64_t partition, std::span<const float> vector)
{
    if (vector.size() != m_dimensions) return refusedVector("it has another number of dimensions.");
    const auto numbers = quantised(vector);
    if (numbers.empty()) return refusedVector("it has no direction.");
    put(id, partition, numbers);
    return Done{};
}

Outcome VectorIndex::addPacked(std::uint64_t id, std::uint64_t partition, std::string_view bytes)
{
    if (bytes.size() != kPackedHead + m_dimensions + kPackedEnd || bytes[0] != kPackedVersion ||
        bytes[1] != 0 || bytesAt(bytes, 2, 2) != m_dimensions)
        return refusedVector("it is of another version or size.");
    const std::size_t end = bytes.size() - kPackedEnd;
    if (crc32(bytes.substr(0, end)) != bytesAt(bytes, end, kPackedEnd))
        return refusedVector("it is damaged.");
    std::vector<std::int8_t> numbers(m_dimensions);
    bool hasDirection = false;
    for (std::size_t i = 0; i < m_dimensions; ++i) {
        numbers[i] = static_cast<std::int8_t>(bytes[kPackedHead + i]);
        if (numbers[i] == -128) return refusedVector("a number is out of range.");
        hasDirection = hasDirection || numbers[i] != 0;
    }
    if (!hasDirection) return refusedVector("it has no direction.");
    put(id, partition, numbers);
    return Done{};
}

void VectorIndex::put(std::uint64_t id, std::uint64_t partition, const std::vector<std::int8_t>& numbers)
{
    remove(id);
    Partition& into = m_partitions[partition];
    m_places[id] = {partition, into.ids.size()};
    into.ids.push_back(id);
    into.factors.push_back(factorOf(numbers));
    into.rows.insert(into.rows.end(), numbers.begin(), numbers.end());
    into.rows.resize(into.ids.size() * m_width);
}

std::optional<std::string> VectorIndex::packed(std::uint64_t id) const
{
    const auto place = m_places.find(id);
    if (place == m_places.end()) return std::nullopt;
    const Partition& from = m_partitions.at(place->second.partition);
    return packedBytes({from.rows.data() + place->second.row * m_width, m_dimensions});
}

Result<std::string> VectorIndex::pack(std::span<const float> vector)
{
    if (vector.size() > kMostDimensions) return refusedVector("it has too many dimensions.");
    const auto numbers = quantised(vector);
    if (numbers.empty()) return refusedVector("it has no direction.");
    return packedBytes(numbers);
}

bool VectorIndex::remove(std::uint64_t id)
{
    const auto place = m_places.find(id);
    if (place == m_places.end()) return false;
    const auto [key, row] = place->second;
    m_places.erase(place);
    Partition& from = m_partitions.at(key);
    const std::size_t last = from.ids.size() - 1;
    if (last == 0) {
        m_partitions.erase(key);
        return true;
    }
    if (row != last) {
        std::copy_n(from.rows.begin() + static_cast<std::ptrdiff_t>(last * m_width), m_width,
                    from.rows.begin() + static_cast<std::ptrdiff_t>(row * m_width));
        from.factors[row] = from.factors[last];
        from.ids[row] = from.ids[last];
        m_places[from.ids[row]].row = row;
    }
    from.ids.pop_back();
    from.factors.pop_back();
    from.rows.resize(last * m_width);
    return true;
}

std::vector<VectorIndex::Neighbour> VectorIndex::nearest(std::span<const float> query, std::size_t count,
                                                         float leastLikeness, std::uint64_t partition) const
{
    std::vector<Neighbour> best;
    const auto found = m_partitions.find(partition);
    if (found == m_partitions.end() || count == 0 || query.size() != m_dimensions) return best;
    auto numbers = quantised(query);
    if (numbers.empty()) return best;
    const float factor = factorOf(numbers);
    numbers.resize(m_width);
    const Partition& in = found->second;
    std::array<std::int32_t, kRowsAtOnce> products{};
    for (std::size_t begin = 0; begin < in.ids.size(); begin += kRowsAtOnce) {
        const std::size_t rows = std::min(kRowsAtOnce, in.ids.size() - begin);
        multiplyRows(numbers.data(), in.rows.data() + begin * m_width, m_width, rows, products.data());
        for (std::size_t i = 0; i < rows; ++i) {
            const float likeness = static_cast<float>(products[i]) * factor * in.factors[begin + i];
            if (likeness >= leastLikeness)
                keepBest(best, {in.ids[begin + i], std::min(likeness, 1.0F)}, count);
        }
    }
    return best;
}

} // namespace gateway::cache
