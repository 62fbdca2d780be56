// SPDX-License-Identifier: GPL-3.0-or-later
// What the loop guard's look at a conversation of an agent takes: 40 turns, half a megabyte. Median in
// microseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "pipeline/loop_guard.h"

using namespace gateway;

namespace {

constexpr int kTurns = 40;
constexpr int kRounds = 300;
constexpr std::size_t kResultBytes = 12'500;

std::string conversation()
{
    std::string body = R"({"model":"m","messages":[{"role":"user","content":"go"})";
    for (int i = 0; i < kTurns; ++i) {
        const std::string id = std::to_string(i);
        std::string result;
        while (result.size() < kResultBytes)
            result += "line " + id + " of some \\\"code\\\" {};\\n";
        body += R"(,{"role":"assistant","content":[{"type":"tool_use","id":"t)" + id +
                R"(","name":"read","input":{"path":")" + id +
                R"("}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t)" + id +
                R"(","content":")" + result + R"("}]})";
    }
    return body + "]}";
}

} // namespace

int main()
{
    const std::string body = conversation();
    std::vector<double> micros;
    std::uint32_t sum = 0;
    for (int round = 0; round < kRounds; ++round) {
        const auto start = std::chrono::steady_clock::now();
        sum += pipeline::loopSigns(DialectId::AnthropicMessages, body).sameCalls;
        const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
        micros.push_back(took.count());
    }
    std::nth_element(micros.begin(), micros.begin() + kRounds / 2, micros.end());
    std::printf("%zu bytes: %.1f us (%u)\n", body.size(), micros[kRounds / 2], sum);
    return 0;
}
