// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/answer_cache.h"

#include "cache/answer_disk.h"
#include "cache/answer_table.h"

struct sqlite3;

namespace gateway::cache_store {

/// `cache.db`: kept answers, in SQLite (WAL), 0600. It may be thrown away at any time; a damaged one is set
/// aside as NAME.damaged-TIME and begun anew, one of a later version of the program is left alone. Whatever
/// fails costs answers, never a request. The first call makes file and table where they are missing. Calls
/// wait for the disk and for each other, but for problem(): a worker's. Any thread.
class AnswerDatabase final : public cache::AnswerDisk {
public:
    /// `notice` is told what its owner should know; from any thread.
    AnswerDatabase(std::string path, std::function<void(std::string)> notice);
    AnswerDatabase(const AnswerDatabase&) = delete;
    AnswerDatabase& operator=(const AnswerDatabase&) = delete;
    ~AnswerDatabase() override;

    /// Gives all that is in it to `each`.
    void readAll(const std::function<void(const cache::AnswerNote&)>& each);
    /// Why it keeps nothing; empty: it does, or nobody has called yet. Waits for no disk: any thread's.
    [[nodiscard]] std::string problem() const;

    [[nodiscard]] std::shared_ptr<const cache::CachedAnswer> read(const Sha256& key) override;
    void write(const cache::CachedAnswer& answer) override;
    void remove(const std::vector<Sha256>& keys) override;
    void noteHit(const Sha256& key, std::int64_t now, std::int64_t savedNanos) override;

    void pin(const Sha256& key, bool pinned);
    /// The latest used first, then the latest made.
    [[nodiscard]] std::vector<CacheEntry> list(const CacheFilter& filter, std::int64_t now, std::size_t most);
    [[nodiscard]] std::vector<Sha256> keysOf(const CacheFilter& filter, std::int64_t now);

private:
    struct Hits {
        std::uint32_t count = 0;
        std::int64_t usedAt = 0, savedNanos = 0;
    };

    /// Nobody else has the connection for as long as it lives; there is one where it can be had.
    [[nodiscard]] std::unique_lock<std::mutex> use();
    void setProblem(std::string problem);
    [[nodiscard]] bool connect();
    [[nodiscard]] bool prepare();
    void fail(int code);
    void close();
    void flushHits();
    bool execute(const char* statement);

    const std::string m_path;
    const std::function<void(std::string)> m_notice;
    std::mutex m_mutex; // of what follows, but for the problem
    bool m_isTried = false;
    sqlite3* m_database = nullptr;
    std::map<Sha256, Hits> m_hits; // not written yet
    mutable std::mutex m_problemMutex;
    std::string m_problem;
};

} // namespace gateway::cache_store
