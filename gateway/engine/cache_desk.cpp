// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cache_desk.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <boost/asio/post.hpp>

#include "base/wall_clock.h"

namespace gateway::engine {

namespace {

constexpr int kMegabyteBits = 20;

} // namespace

void CacheDesk::start(const std::string& dataDir, std::function<void(std::string)> notice)
{
    const std::string path = (std::filesystem::path(dataDir) / "cache.db").string();
    m_database = std::make_unique<cache_store::AnswerDatabase>(path, std::move(notice));
    m_answers.disk.store(m_database.get());
    boost::asio::post(m_pool, [this] {
        std::vector<Sha256> gone;
        m_database->readAll([this, &gone](const cache::AnswerNote& note) {
            for (const Sha256& each : m_answers.table.know(note))
                gone.push_back(each);
        });
        const auto over = m_answers.table.takeExpired(nowSeconds());
        gone.insert(gone.end(), over.begin(), over.end());
        m_database->remove(gone);
    });
}

void CacheDesk::follow(const Config& config)
{
    cache::AnswerTable::Limits limits;
    limits.keptBytes = std::int64_t{config.cache.maxMb} << kMegabyteBits;
    limits.memoryBytes = std::int64_t{config.cache.memoryMb} << kMegabyteBits;
    m_maxBytes = limits.keptBytes;
    m_answers.table.setLimits(limits);
}

CacheFigures CacheDesk::figures() const
{
    CacheFigures figures;
    figures.hits = m_answers.hits.load(std::memory_order_relaxed);
    figures.misses = m_answers.misses.load(std::memory_order_relaxed);
    figures.kept = m_answers.kept.load(std::memory_order_relaxed);
    figures.savedNanos = m_answers.savedNanos.load(std::memory_order_relaxed);
    figures.savedMicros = m_answers.savedMicros.load(std::memory_order_relaxed);
    const auto kept = m_answers.table.figures();
    figures.answers = kept.answers;
    figures.bytes = kept.bytes;
    figures.memoryBytes = kept.memoryBytes;
    figures.maxBytes = m_maxBytes;
    if (m_answers.disk.load()) figures.problem = m_database->problem();
    return figures;
}

void CacheDesk::list(CacheFilter filter, std::size_t most, std::function<void(std::vector<CacheEntry>)> done)
{
    boost::asio::post(m_pool, [this, filter = std::move(filter), most, done = std::move(done)] {
        done(m_database ? m_database->list(filter, nowSeconds(), most) : std::vector<CacheEntry>());
    });
}

void CacheDesk::text(const std::string& key, std::function<void(std::string)> done)
{
    boost::asio::post(m_pool, [this, key = parseSha256(key), done = std::move(done)] {
        const auto answer = key && m_database ? m_database->read(*key) : nullptr;
        done(answer ? pipeline::wordsOf(*answer) : std::string());
    });
}

void CacheDesk::purge(CacheFilter filter, bool countOnly, std::function<void(std::size_t)> done)
{
    boost::asio::post(m_pool, [this, filter = std::move(filter), countOnly, done = std::move(done)] {
        const auto keys = m_database ? m_database->keysOf(filter, nowSeconds()) : std::vector<Sha256>();
        // Where there is no file, memory has answers that no filter can be held to: all of them, or none.
        CacheFilter all;
        all.pinnedToo = filter.pinnedToo;
        const bool isAll = filter == all;
        const bool hasFile = m_database && m_database->problem().empty();
        const std::size_t known = isAll && !hasFile ? m_answers.table.figures().answers : 0;
        if (!countOnly) {
            for (const Sha256& each : keys)
                m_answers.table.forget(each);
            if (isAll) m_answers.table.forgetAll(filter.pinnedToo);
            if (m_database) m_database->remove(keys);
        }
        done(std::max(keys.size(), known));
    });
}

void CacheDesk::pin(const std::string& key, bool pinned, std::function<void(bool)> done)
{
    boost::asio::post(m_pool, [this, key = parseSha256(key), pinned, done = std::move(done)] {
        const bool isKnown = key && m_database && m_answers.table.noteOf(*key);
        if (isKnown) {
            m_answers.table.pin(*key, pinned);
            m_database->pin(*key, pinned);
        }
        done(isKnown);
    });
}

} // namespace gateway::engine
