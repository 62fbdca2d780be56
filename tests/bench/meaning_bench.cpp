// SPDX-License-Identifier: GPL-3.0-or-later
// What it takes to tell the meaning of a line and of as much text as is read, and what the strategy
// `semantic` adds to a request of that length on a route of ten targets: CPU time of one thread, median and
// best.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <tuple>
#include <vector>

#include "gateway/config.h"

#include "meaning/own_embedder.h"
#include "pipeline/route_meaning.h"

using namespace gateway::meaning;
namespace pipeline = gateway::pipeline;

namespace {

constexpr int kRounds = 200;

double threadMilliseconds()
{
    std::timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

gateway::RouteConfig routeOfTen()
{
    gateway::RouteConfig route;
    for (int target = 0; target < 10; ++target) {
        gateway::TargetConfig& each = route.targets.emplace_back();
        for (int i = 0; i < 5; ++i)
            each.examples.push_back("Example " + std::to_string(i) + " of target " + std::to_string(target));
    }
    return route;
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
    std::printf("%-10s %8s %10s %10s\n", "what", "pieces", "median ms", "best ms");
    double sum = 0;
    const auto measure = [&](const char* what, const std::string& text, auto work) {
        std::vector<double> times;
        for (int i = 0; i < kRounds; ++i) {
            const double begun = threadMilliseconds();
            sum += work(text);
            times.push_back(threadMilliseconds() - begun);
        }
        std::sort(times.begin(), times.end());
        std::printf("%-10s %8zu %10.2f %10.2f\n", what, embedder.pieces(text).size(), times[kRounds / 2],
                    times.front());
    };
    const pipeline::RouteMeaning route(routeOfTen());
    for (const std::string& text : {std::string("What is the weather in Paris today, please?"), page}) {
        measure("meaning", text, [&](const std::string& said) { return embedder.embed(said).front(); });
        measure("strategy", text, [&](const std::string& said) {
            pipeline::FoundLikenesses likenesses;
            std::ignore = likenesses.of(route);
            likenesses.find(ownPhraseMaker().phrases(said));
            return likenesses.of(route)->front().value_or(0);
        });
    }
    return sum == 0 ? 1 : 0;
}
