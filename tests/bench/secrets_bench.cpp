// SPDX-License-Identifier: GPL-3.0-or-later
// What looking for secrets takes, in microseconds of the processor per KB, with both engines, over texts of
// 100 KB: prose, code, one with a secret in every line, and those made to be slow; and how long the start
// takes.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

#include "guardrail/secrets/secret_finder.h"

using namespace gateway::guardrail;

namespace {

constexpr std::size_t kBytes = 100 * 1024;

double microseconds()
{
    timespec now = {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

std::string repeated(std::string_view part)
{
    std::string text;
    while (text.size() < kBytes)
        text += part;
    return text;
}

std::string secretDense()
{
    std::string text;
    unsigned state = 1;
    const auto drawn = [&state](std::size_t count) {
        constexpr std::string_view kBase = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        std::string value;
        while (value.size() < count) {
            state = state * 1664525U + 1013904223U;
            value += kBase[(state >> 16U) % kBase.size()];
        }
        return value;
    };
    while (text.size() < kBytes) {
        text += "API_KEY=" + drawn(32) + "\ngithub: ghp_" + drawn(36) + "\ndatadog_token: \"" + drawn(40) +
                "\"\npostgres://app:" + drawn(16) + "@db/app\n";
    }
    return text;
}

struct Sample {
    const char* name;
    std::string text;
};

std::vector<Sample> samples()
{
    std::string allWords;
    for (const SecretRule& rule : secretRules())
        allWords += std::string(rule.words) + "=";
    return {
        {"prose",
         repeated("The quick brown fox, whose key to success is patience, jumps over the lazy dog; nobody "
                  "asked what it meant by that, and linear progress was made on the square.\n")},
        {"code",
         repeated("    const std::string token = tokens[i + 1]; // the key of the map\n    if (auth.password "
                  "== other.password && key != nullptr) return access(key, 42);\n")},
        {"secrets", secretDense()},
        {"all words", repeated(allWords)},
        {"key=key=", repeated("key=")},
        {"token token", repeated("token ")},
        {"key,key,", repeated("key,,,,")},
        {"sk-sk-", repeated("sk-")},
        {"one run", repeated("a")},
        {"://a:b", repeated("x://a:b")},
        {"://aaaa", repeated("x://aaaaaaaaaaaaaaaaaa:")},
        {"eyJ.eyJ.", repeated("eyJ.")},
        {"-----BEGIN", repeated("-----BEGIN ")},
        {"open keys", repeated("-----BEGIN PRIVATE KEY-----")},
        {"keys of words", repeated("-----BEGIN PRIVATE KEY----- is how a key begins ")},
        {"closed keys", repeated("-----BEGIN PRIVATE KEY-----\nabc\n-----END ")},
        {"github ,,", repeated("datadog,datadog=")},
    };
}

void measure(const SecretFinder& finder)
{
    std::printf("%s\n", finder.hyperscan() ? "Hyperscan" : "portable");
    for (const Sample& each : samples()) {
        double best = 1e12;
        std::size_t count = 0;
        for (int round = 0; round < 7; ++round) {
            std::vector<Found> found;
            const double before = microseconds();
            finder.find(each.text, {}, found);
            best = std::min(best, microseconds() - before);
            count = found.size();
        }
        const double before = microseconds();
        (void)openSince(each.text);
        const double open = microseconds() - before;
        const double kilobytes = static_cast<double>(each.text.size()) / 1024;
        std::printf("  %-12s %8.2f us/KB, %6zu found; openSince %7.2f us/KB\n", each.name, best / kilobytes,
                    count, open / kilobytes);
    }
}

} // namespace

int main()
{
    const auto cache = std::filesystem::temp_directory_path() / ("secrets_bench." + std::to_string(getpid()));
    for (const char* what : {"compiled", "from the cache"}) {
        const double before = microseconds();
        const SecretFinder finder(cache);
        std::printf("start, %s: %.1f ms\n", what, (microseconds() - before) / 1e3);
    }
    const double before = microseconds();
    const SecretFinder portable({}, PatternSet::Engine::Portable);
    std::printf("start, portable: %.1f ms\n", (microseconds() - before) / 1e3);
    measure(SecretFinder(cache));
    measure(portable);
    std::filesystem::remove(cache);
    return 0;
}
