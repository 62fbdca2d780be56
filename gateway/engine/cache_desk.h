// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/thread_pool.hpp>

#include "gateway/answer_cache.h"
#include "gateway/config.h"

#include "cache_store/answer_database.h"
#include "pipeline/answer_cache.h"

namespace gateway::engine {

/// Looks after the kept answers: their file, how much is kept, and what people ask about them. Calls come on
/// the owner's thread; `done` is called on the pool's.
class CacheDesk {
public:
    /// Both outlive this; the pool is joined before it goes.
    CacheDesk(pipeline::AnswerCache& answers, boost::asio::thread_pool& pool)
        : m_answers(answers), m_pool(pool)
    {
    }

    /// Reads, beside the start, what `cache.db` in that folder has. `notice`: from any thread.
    void start(const std::string& dataDir, std::function<void(std::string)> notice);
    void follow(const Config& config);
    [[nodiscard]] CacheFigures figures() const;

    /// The latest used first.
    void list(CacheFilter filter, std::size_t most, std::function<void(std::vector<CacheEntry>)> done);
    /// What that key has in words, else as it came; empty: it is gone.
    void text(const std::string& key, std::function<void(std::string)> done);
    /// Forgets them, or only counts them. `done` gets their number.
    void purge(CacheFilter filter, bool countOnly, std::function<void(std::size_t)> done);
    /// One that is pinned neither ends nor makes room.
    void pin(const std::string& key, bool pinned, std::function<void(bool)> done);

private:
    pipeline::AnswerCache& m_answers;
    boost::asio::thread_pool& m_pool;
    std::unique_ptr<cache_store::AnswerDatabase> m_database; // made at the start
    std::int64_t m_maxBytes = 0;
};

} // namespace gateway::engine
