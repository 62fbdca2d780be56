// SPDX-License-Identifier: GPL-3.0-or-later
// What it takes to tell the meaning of a line and of as much text as is read: CPU time of one thread, median
// and best.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "meaning/own_embedder.h"

using namespace gateway::meaning;

namespace {

constexpr int kRounds = 200;

double threadMilliseconds()
{
    std::timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

} // namespace

int main()
{
    const Embedder& embedder = ownEmbedder();
    if (!embedder.hasModel()) {
        std::fprintf(stderr, "meaning_bench: this build has no model\n");
        return 1;
    }
    std::string page;
    for (int i = 0; i < 40; ++i)
        page += "the quick brown fox jumps over the lazy dog and ";
    std::printf("%8s %10s %10s\n", "pieces", "median ms", "best ms");
    float sum = 0;
    for (const std::string& text : {std::string("What is the weather in Paris today, please?"), page}) {
        std::vector<double> times;
        for (int i = 0; i < kRounds; ++i) {
            const double begun = threadMilliseconds();
            sum += embedder.embed(text).front();
            times.push_back(threadMilliseconds() - begun);
        }
        std::sort(times.begin(), times.end());
        std::printf("%8zu %10.2f %10.2f\n", embedder.pieces(text).size(), times[kRounds / 2], times.front());
    }
    return sum == 0 ? 1 : 0;
}
