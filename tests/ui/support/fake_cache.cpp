// SPDX-License-Identifier: GPL-3.0-or-later
// Kept answers of the made-up gateway.
#include <algorithm>

#include <QDateTime>

#include "ui/support/fake_link.h"
#include "ui/support/ready.h"

namespace ui {
namespace {

bool fits(const gateway::CacheEntry& entry, const gateway::CacheFilter& filter)
{
    const auto says = [](const std::string& wanted, const std::string& present) {
        return wanted.empty() || wanted == present;
    };
    const std::int64_t age = QDateTime::currentSecsSinceEpoch() - entry.madeAt;
    return says(filter.key, entry.key) && says(filter.owner, entry.owner) &&
           says(filter.route, entry.route) && says(filter.model, entry.model) &&
           entry.prompt.find(filter.text) != std::string::npos &&
           (!filter.olderThan || age > *filter.olderThan) && (filter.pinnedToo || !entry.pinned);
}

} // namespace

QFuture<std::vector<gateway::CacheEntry>> FakeLink::cachedAnswers(const gateway::CacheFilter& filter,
                                                                  std::size_t most)
{
    if (neverAnswers) return held<std::vector<gateway::CacheEntry>>();
    if (dropQueries) return dropped<std::vector<gateway::CacheEntry>>();
    std::vector<gateway::CacheEntry> found;
    std::copy_if(kept.begin(), kept.end(), std::back_inserter(found),
                 [&filter](const auto& entry) { return fits(entry, filter); });
    if (found.size() > most) found.resize(most);
    return ready(found);
}

QFuture<std::string> FakeLink::cachedText(const std::string& key)
{
    if (neverAnswers) return held<std::string>();
    for (const gateway::CacheEntry& entry : kept) {
        if (entry.key == key) return ready("The answer to: " + entry.prompt);
    }
    return ready(std::string());
}

QFuture<std::size_t> FakeLink::purgeCache(const gateway::CacheFilter& filter, bool countOnly)
{
    if (neverAnswers) return held<std::size_t>();
    if (dropQueries) return dropped<std::size_t>();
    const auto meant = [&filter](const gateway::CacheEntry& entry) { return fits(entry, filter); };
    if (countOnly) return ready(static_cast<std::size_t>(std::count_if(kept.begin(), kept.end(), meant)));
    purges.push_back(filter);
    const std::size_t gone = std::erase_if(kept, meant);
    m_activity.cache.answers = kept.size();
    emit activityChanged();
    return ready(gone);
}

QFuture<bool> FakeLink::pinCached(const std::string& key, bool pinned)
{
    if (neverAnswers) return held<bool>();
    if (dropQueries) return dropped<bool>();
    for (gateway::CacheEntry& entry : kept) {
        if (entry.key != key) continue;
        entry.pinned = pinned;
        return ready(true);
    }
    return ready(false);
}

void FakeLink::makeUpCache()
{
    struct Made {
        const char *prompt, *owner, *model;
        int age, left, hits;
    };
    static constexpr Made kMade[] = {
        {"Why is the sky blue?", "cursor", "gpt-4.1", 300, 3300, 12},
        {"Translate the following release notes into German, and keep the names of functions as they are.",
         "", "claude-sonnet-4-5", 5400, 80'000, 3},
        {"Write a commit message for this diff.", "cursor", "gpt-4.1-mini", 20, 3580, 0},
        {"What does E0382 mean in Rust?", "cursor", "gpt-4.1", 90'000, -1, 41}};
    const std::int64_t now = QDateTime::currentSecsSinceEpoch();
    kept.clear();
    for (const Made& made : kMade) {
        gateway::CacheEntry& entry = kept.emplace_back();
        entry.key = std::string(56, 'a') + "0000000" + std::to_string(kept.size());
        entry.key = std::to_string(kept.size()) + entry.key.substr(1);
        entry.prompt = made.prompt;
        entry.owner = made.owner;
        entry.route = "smart";
        entry.asked = "smart";
        entry.model = made.model;
        entry.provider = entry.model.starts_with("gpt") ? "openai" : "anthropic";
        entry.madeAt = now - made.age;
        entry.expiresAt = now + made.left;
        entry.hits = static_cast<std::uint32_t>(made.hits);
        entry.usedAt = made.hits == 0 ? 0 : now - 10;
        entry.costNanos = 4'200'000;
        entry.savedNanos = entry.costNanos * made.hits;
        entry.bytes = 2300 + 700 * made.hits;
        entry.isStream = made.hits == 3;
    }
    kept[3].pinned = true;
    gateway::CacheFigures& figures = m_activity.cache;
    figures.hits = 56;
    figures.misses = 104;
    figures.kept = 4;
    figures.savedNanos = 235'200'000;
    figures.savedMicros = 94'000'000;
    figures.answers = kept.size();
    figures.bytes = 48'000;
    figures.maxBytes = std::int64_t{512} << 20;
    gateway::Config config = *m_config;
    if (!config.routes.empty()) config.routes.front().cache.emplace().exact = true;
    setConfig(config);
    emit activityChanged();
}

} // namespace ui
