// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/result.h"

#include "cache/large_pages.h"

namespace gateway::cache {

/// Finds the vectors that are most alike by the cosine of the angle between them. Each vector belongs to a
/// partition, and only those of one partition are looked at; how many there are of others costs nothing. All
/// of a partition are looked at, so that nothing is missed: 10,000 of 512 numbers in a tenth of a millisecond
/// or so. A vector is kept as numbers of 8 bits, which changes a cosine by a few thousandths at most. Belongs
/// to one thread at a time.
class VectorIndex {
public:
    static constexpr std::size_t kMostDimensions = 65'535;

    struct Neighbour {
        std::uint64_t id = 0;
        float likeness = 0; // from -1 to 1
    };

    /// `dimensions`: from 1 to kMostDimensions.
    explicit VectorIndex(std::size_t dimensions);

    [[nodiscard]] std::size_t dimensions() const { return m_dimensions; }
    [[nodiscard]] std::size_t size() const { return m_places.size(); }
    [[nodiscard]] bool has(std::uint64_t id) const { return m_places.contains(id); }

    /// Takes the vector in the place of any with this id. It need not be of length 1. Refused: another number
    /// of dimensions, no direction (all zeros), numbers that are none.
    [[nodiscard]] Outcome add(std::uint64_t id, std::uint64_t partition, std::span<const float> vector);
    /// The same with what packed() gave, perhaps long ago: bytes that are no such vector are refused.
    [[nodiscard]] Outcome addPacked(std::uint64_t id, std::uint64_t partition, std::string_view bytes);
    /// The vector to keep elsewhere: version, dimensions, its numbers, a checksum. Nothing for an unknown id.
    [[nodiscard]] std::optional<std::string> packed(std::uint64_t id) const;
    /// The bytes that packed() would give for this vector, without an index.
    [[nodiscard]] static Result<std::string> pack(std::span<const float> vector);

    /// From now on it is not found any more. False where there is none.
    bool remove(std::uint64_t id);

    /// Those of the partition with at least this likeness, the most alike first, `count` at most; of equals,
    /// the smaller id first. Nothing for a query that add() would refuse.
    [[nodiscard]] std::vector<Neighbour> nearest(std::span<const float> query, std::size_t count,
                                                 float leastLikeness, std::uint64_t partition) const;

private:
    struct Partition {
        std::vector<std::int8_t, LargePages<std::int8_t>> rows; // m_width each
        std::vector<float> factors;                             // of each row, what makes it one of length 1
        std::vector<std::uint64_t> ids;
    };
    struct Place {
        std::uint64_t partition = 0;
        std::size_t row = 0;
    };

    void put(std::uint64_t id, std::uint64_t partition, const std::vector<std::int8_t>& numbers);

    std::size_t m_dimensions, m_width;
    std::unordered_map<std::uint64_t, Partition> m_partitions; // none is empty
    std::unordered_map<std::uint64_t, Place> m_places;
};

} // namespace gateway::cache
