// SPDX-License-Identifier: GPL-3.0-or-later
// What guardrails take of a text, in microseconds of CPU for each KB: every check that finds places, over
// prose, code and a text full of what is looked for; the same of a stream in pieces of 20 bytes; and of a
// text that was looked at before.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "guardrail/stream_guard.h"

using namespace gateway;
using namespace gateway::guardrail;

namespace {

double cpuMicros()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

std::string repeated(std::string_view text, std::size_t bytes)
{
    std::string all;
    for (std::size_t i = 0; all.size() < bytes; ++i)
        all.append(text).append(std::to_string(i % 100)).append(".\n");
    return all;
}

struct Sample {
    const char* name;
    std::string text;
};

std::vector<Sample> samples(std::size_t bytes)
{
    return {
        {"prose",
         repeated("The committee met on Tuesday to talk about the new bridge, and nobody could say when it "
                  "will be open to the public, let alone what it will have cost by then; see chapter ",
                  bytes)},
        {"code",
         repeated("for (std::size_t i = 0; i < items.size(); ++i) { total += items[i].price * 1.19; } // "
                  "build 7f3a9c: round half to even, see https://bugs.example.org/show?id=",
                  bytes)},
        {"dense",
         repeated("Mail jane.doe@acme-corp.com, card 4111 1111 1111 1111, IBAN DE89 3704 0044 0532 0130 00, "
                  "call +49 30 901820 or (415) 555-2671, host 203.0.113.9, born 1984-03-",
                  bytes)},
        {"digits",
         repeated("4111 1111 1111 1112 5500 0000 0000 0005 3704 0044 0532 0130 078 05 1121 ", bytes)},
        {"one word", std::string(bytes, 'a')}};
}

/// The least of some rounds, for each KB.
template <class Work>
double perKilobyte(std::size_t bytes, Work work)
{
    double least = 1e18;
    for (int round = 0; round < 15; ++round) {
        const double begun = cpuMicros();
        work();
        least = std::min(least, cpuMicros() - begun);
    }
    return least / (static_cast<double>(bytes) / 1024);
}

} // namespace

int main()
{
    constexpr std::size_t kBytes = 10 * 1024;
    std::printf("us/KB %-16s", "");
    for (const Sample& sample : samples(kBytes))
        std::printf("%10s", sample.name);
    std::printf("\n");
    for (const CheckKind* kind : checkKinds()) {
        if (!kind->places) continue;
        Config config;
        GuardrailConfig rule;
        rule.id = GuardrailId("rule");
        rule.check = kind->id;
        rule.on = "both";
        rule.action = "mask";
        if (!makeCheck(*kind, {})) continue; // needs parameters
        config.guardrails = {rule};
        const RuleSet set(config);
        const std::vector<const Rule*> rules{&set.rules().front()};
        Masks masks("salt");
        FindCache cache;
        const auto row = [&](const char* what, auto work) {
            std::printf("%-12s %-9s", std::string(kind->id).c_str(), what);
            for (const Sample& sample : samples(kBytes))
                std::printf("%10.1f", perKilobyte(sample.text.size(), [&] { work(sample.text); }));
            std::printf("\n");
        };
        row("whole", [&](const std::string& text) {
            TextGuard guard(rules, masks);
            (void)guard.guard(text, Stage::Request, 1);
        });
        row("again", [&](const std::string& text) {
            TextGuard guard(rules, masks, &cache);
            (void)guard.guard(text, Stage::Request, 1);
        });
        row("streamed", [&](const std::string& text) {
            TextGuard guard(rules, masks);
            StreamGuard stream(guard, nullptr, Stage::Response, 1, false);
            std::size_t size = 0;
            for (std::size_t at = 0; at < text.size(); at += 20)
                size += stream.feed(std::string_view(text).substr(at, 20)).size();
            size += stream.finish().size();
            if (size == 0) std::printf("?");
        });
    }
    return 0;
}
