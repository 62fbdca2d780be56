// SPDX-License-Identifier: GPL-3.0-or-later
// What the guardrail that is there by itself takes of a request, in microseconds of CPU: of one that nobody
// sent before, of the same again, of a conversation with two messages more, and where all of it is read as
// rules that act have to.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "base/json_text.h"
#include "guardrail/secrets/secret_finder.h"
#include "pipeline/fresh_texts.h"
#include "pipeline/guarding.h"

using namespace gateway;
using namespace gateway::pipeline;

namespace {

double cpuMicros()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

constexpr const char* kProse =
    "The committee met on Tuesday to talk about the new bridge, and nobody could say when "
    "it will be open to the public.\n";
constexpr const char* kCode =
    "    if (auth.password == other.password && key != nullptr) return \"access\";\n"
    "    for (std::size_t i = 0; i < items.size(); ++i) total += items[i].price;\n";

std::string message(const char* line, std::size_t number, std::size_t bytes)
{
    std::string text = "Message " + std::to_string(number) + "\n";
    while (text.size() < bytes)
        text += line;
    return R"({"role":"user","content":)" + jsonQuoted(text) + "}";
}

/// `first`: what makes it another one.
std::string body(const char* line, std::size_t first, std::size_t bytes, std::size_t more = 0)
{
    std::string all = R"({"model":"m","stream":true,"messages":[)" + message(line, first, 200);
    std::size_t count = 0;
    const auto add = [&] { all += "," + message(line, ++count, std::min<std::size_t>(bytes / 3, 1500)); };
    while (all.size() < bytes)
        add();
    for (std::size_t i = 0; i < more; ++i)
        add();
    return all + "]}";
}

struct Desk {
    guardrail::RuleSet set{Config()};
    std::vector<const guardrail::Rule*> rules{&set.rules().front()};
    guardrail::FindCache found;
    guardrail::CleanPrefixes known;
    std::string salt = "salt";

    bool fresh(const JsonDocument& document)
    {
        FreshTexts texts(known, rules, DialectId::OpenAiChat, document);
        if (texts.mayHold(rules) && Guarding(rules, salt, found).lookAt(texts.places())) return true;
        texts.remember();
        return false;
    }
    bool whole(const std::string& text)
    {
        Guarding guarding(rules, salt, found);
        return guarding.mustRead(text) && guarding.request(DialectId::OpenAiChat, text, {}).has_value();
    }
};

template <class Work>
double least(std::size_t rounds, Work work)
{
    double best = 1e18;
    for (std::size_t round = 0; round < rounds; ++round) {
        const double took = work(round);
        best = std::min(best, took);
    }
    return best;
}

double timed(const std::string& text, auto work)
{
    JsonDocument document;
    if (scanJson(text, document)) return 1e18;
    const double begun = cpuMicros();
    if (work(document)) std::printf("?");
    return cpuMicros() - begun;
}

} // namespace

int main()
{
    Desk desk;
    (void)guardrail::SecretFinder::shared();
    std::printf("%-6s %9s %9s %9s %9s %9s\n", "us", "bytes", "whole", "new", "again", "grown");
    std::size_t first = 0;
    for (const char* line : {kProse, kCode}) {
        for (const std::size_t bytes :
             {std::size_t{2000}, std::size_t{10'000}, std::size_t{100'000}, std::size_t{1'000'000}}) {
            const std::size_t rounds = bytes > 500'000 ? 10 : 50;
            const std::string same = body(line, first++, bytes);
            const double whole = least(rounds, [&](std::size_t) {
                return timed(same, [&](const JsonDocument&) { return desk.whole(same); });
            });
            const double anew = least(rounds, [&](std::size_t) {
                const std::string text = body(line, first++, bytes);
                return timed(text, [&](const JsonDocument& document) { return desk.fresh(document); });
            });
            const double again = least(rounds, [&](std::size_t) {
                return timed(same, [&](const JsonDocument& document) { return desk.fresh(document); });
            });
            const std::size_t conversation = first++;
            const double grown = least(rounds, [&](std::size_t round) {
                const std::string text = body(line, conversation, bytes, 2 * round);
                const double took =
                    timed(text, [&](const JsonDocument& document) { return desk.fresh(document); });
                return round == 0 ? 1e18 : took;
            });
            std::printf("%-6s %9zu %9.1f %9.1f %9.1f %9.1f\n", line == kProse ? "prose" : "code", bytes,
                        whole, anew, again, grown);
        }
    }
    return 0;
}
