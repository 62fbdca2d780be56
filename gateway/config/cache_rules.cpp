// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/nearest_name.h"
#include "base/strings.h"
#include "config/config_rules.h"

namespace gateway::config {

namespace {

constexpr std::uint32_t kMostCacheSeconds = 31'536'000; // a year
constexpr std::uint32_t kMostDiskMb = 1'048'576;
constexpr std::uint32_t kMostMemoryMb = 65'536;

void checkCacheNumber(const std::string& path, std::uint32_t value, std::uint32_t most, ProblemList& problems)
{
    if (value < 1 || value > most)
        problems.error(path, "Needs a whole number from 1 to " + std::to_string(most) + ".");
}

void checkCacheWord(const std::string& path, const std::string& word, const std::vector<std::string>& known,
                    ProblemList& problems)
{
    if (contains(known, word)) return;
    problems.error(path, "Found " + quotedName(word) + ", allowed is " + alternatives(known) + "." +
                             didYouMean(word, known));
}

} // namespace

void checkCaches(const Config& config, ProblemList& problems)
{
    for (const RouteConfig& route : config.routes) {
        if (!route.cache) continue;
        const std::string path = memberPath("routes", route.id.text) + ".cache";
        checkCacheNumber(path + ".ttl_seconds", route.cache->ttlSeconds, kMostCacheSeconds, problems);
        checkCacheWord(path + ".scope", route.cache->scope, {"key", "shared"}, problems);
        checkCacheWord(path + ".replay", route.cache->replay, {"at_once", "recorded"}, problems);
        for (std::size_t i = 0; i < route.cache->never.size(); ++i)
            checkCacheWord(path + ".never[" + std::to_string(i) + "]", route.cache->never[i],
                           {"tools", "images", "temperature"}, problems);
    }
    checkCacheNumber("cache.max_mb", config.cache.maxMb, kMostDiskMb, problems);
    checkCacheNumber("cache.memory_mb", config.cache.memoryMb, kMostMemoryMb, problems);
}

} // namespace gateway::config
