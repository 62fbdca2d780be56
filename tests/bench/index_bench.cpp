// SPDX-License-Identifier: GPL-3.0-or-later
// What it takes to find the five nearest of many vectors in one partition: CPU time of one thread, median and
// best.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <random>
#include <vector>

#include "cache/vector_index.h"

using namespace gateway::cache;

namespace {

constexpr std::size_t kSize = 512;
constexpr int kRounds = 200;

double threadMilliseconds()
{
    std::timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

std::vector<float> randomVector(std::mt19937& random)
{
    std::normal_distribution<float> normal;
    std::vector<float> vector(kSize);
    for (float& each : vector)
        each = normal(random);
    return vector;
}

} // namespace

int main()
{
    std::mt19937 random(1);
    std::printf("%12s %12s %10s %10s\n", "in partition", "in all", "median ms", "best ms");
    float sum = 0;
    for (const auto& [partition, others] : {std::pair{100'000, 0}, {10'000, 90'000}, {10, 99'990}}) {
        VectorIndex index(kSize);
        for (int i = 0; i < partition + others; ++i) {
            const std::uint64_t key = i < partition ? 0 : 1 + static_cast<std::uint64_t>(i) / 10;
            if (!index.add(static_cast<std::uint64_t>(i), key, randomVector(random))) return 1;
        }
        std::vector<double> times;
        for (int i = 0; i < kRounds; ++i) {
            const auto query = randomVector(random);
            const double begun = threadMilliseconds();
            sum += index.nearest(query, 5, -1, 0).front().likeness;
            times.push_back(threadMilliseconds() - begun);
        }
        std::sort(times.begin(), times.end());
        std::printf("%12d %12d %10.3f %10.3f\n", partition, partition + others, times[kRounds / 2],
                    times.front());
    }
    return sum == 0 ? 1 : 0;
}
