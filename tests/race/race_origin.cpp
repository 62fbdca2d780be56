// SPDX-License-Identifier: GPL-3.0-or-later
// Asks from several threads who opened connections while others read the answers, and ends it in the middle.
#include <atomic>
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

#include "engine/key_uses.h"
#include "engine/process_watch.h"

using gateway::LogRow;
using gateway::engine::KeyUses;
using gateway::engine::ProcessWatch;
using gateway::pipeline::ClientOrigin;

namespace {

constexpr int kThreads = 4;
constexpr int kQuestions = 200;

/// False: an origin was never settled, or told more often than once.
bool askAndEnd(bool endsEarly)
{
    std::vector<std::shared_ptr<ClientOrigin>> origins(kThreads * kQuestions);
    for (auto& each : origins)
        each = std::make_shared<ClientOrigin>();
    std::atomic<int> told{0};
    KeyUses uses;
    ProcessWatch watch;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&, thread] {
            for (int i = 0; i < kQuestions; ++i) {
                const auto& origin = origins[static_cast<std::size_t>(thread * kQuestions + i)];
                watch.find(origin, static_cast<std::uint16_t>(1 + i), 4777);
                origin->whenKnown([&told] { ++told; });
                // Another connection's, as its exchanges do.
                LogRow row;
                row.id.value = (i + 1LL) << 12;
                row.key = "key";
                gateway::pipeline::noteOrigin(origins[static_cast<std::size_t>(i)], row);
                uses.note({&row, 1});
                if (i % 50 == 0) static_cast<void>(uses.all());
            }
        });
    }
    if (endsEarly) watch.stop();
    for (std::thread& each : threads)
        each.join();
    watch.stop();
    for (const auto& each : origins) {
        if (!each->facts()) return false;
    }
    return told == kThreads * kQuestions;
}

} // namespace

int main()
{
    for (int round = 0; round < 20; ++round) {
        if (askAndEnd(round % 2 == 1)) continue;
        std::fprintf(stderr, "race_origin: an answer was lost in round %d\n", round);
        return 1;
    }
    return 0;
}
