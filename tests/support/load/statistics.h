// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace load {

/// What a run counted; microseconds.
struct Statistics {
    std::vector<float> latencies;
    std::vector<float> firstChunks;
    uint64_t errors = 0;
    uint64_t chunks = 0;
    uint64_t lostChunks = 0;
    uint64_t activeMost = 0;
    uint64_t openAtEnd = 0;
    double seconds = 0;
    std::string firstError;

    std::string json(bool stream) const;
};

} // namespace load
