// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "log_store/database.h"
#include "log_store/journal.h"
#include "log_store/log_store.h"
#include "log_store/route_history.h"
#include "log_store/row_queue.h"
#include "log_store/row_writer.h"
#include "log_store/store_status.h"

namespace gateway::log_store {

/// The store thread: takes rows from the queue into the database, turns the journal's segments over and
/// deletes those whose rows are safe on disk, replays what was left behind, and replaces a damaged database.
class FoldThread {
public:
    /// `connections` is held by whoever else has the database open, and here while it is set aside.
    FoldThread(const LogStoreOptions& options, Journal& journal, RowQueue& queue, StoreStatus& status,
               std::mutex& connections);
    FoldThread(const FoldThread&) = delete;
    FoldThread& operator=(const FoldThread&) = delete;

    void start(const std::string& dataDir);
    /// After the queue was stopped.
    void join();

private:
    using Clock = RowQueue::Clock;
    struct SegmentState {
        std::uint64_t folded = 0;
        bool mustReplay = false;
    };

    void run();
    void step(RowQueue::Work& work);
    void finish(RowQueue::Work& work);
    [[nodiscard]] Clock::time_point nextDeadline() const;

    void openJournal();
    void openDatabase();
    void replaceDatabase();
    [[nodiscard]] bool isDamagedOnDisk() const;
    void refuse(const std::string& problem);
    void noteFailure(const QSqlError& error);

    void fold(const RowQueue::Work& work);
    [[nodiscard]] bool insertBatch(const RowQueue::Work& work);
    void loseUnjournaled(const RowQueue::Work& work);
    [[nodiscard]] bool insertOne(std::string_view encoded);
    [[nodiscard]] bool begin();
    [[nodiscard]] bool endTransaction(bool commit);

    void takeRoutes(RowQueue::Work& work);
    void takeCommands(RowQueue::Work& work);
    void runCommand();
    void foldRoutes();
    void foldNotes(RowQueue::Work& work);

    void syncJournal(Clock::time_point now);
    void turnOver(Clock::time_point now);
    void settle(Clock::time_point now);
    [[nodiscard]] bool replay(std::uint32_t number);
    void adoptLeftovers();

    const LogStoreOptions& m_options;
    Journal& m_journal;
    RowQueue& m_queue;
    StoreStatus& m_status;
    std::mutex& m_connections;
    std::string m_dataDir, m_path;

    Database m_database;
    std::optional<RowWriter> m_writer;
    LogRow m_row; // used again for every row
    QSqlError m_error;
    std::int64_t m_greatestId = 0;
    std::uint64_t m_requests = 0; // of the transaction: rows but those that are told of again and again
    std::map<std::uint32_t, SegmentState> m_segments;

    std::deque<RoutesInForce> m_routes;     // not written yet, oldest first
    std::deque<StoreNote> m_notes;          // the same
    std::optional<RoutesInForce> m_inForce; // written last
    std::deque<RowQueue::Command> m_commands;

    bool m_failing = false; // the last transaction failed
    bool m_turnOverWanted = false;
    std::uint64_t m_syncedBytes = 0;
    Clock::time_point m_retryAt = Clock::time_point::max();
    Clock::time_point m_syncAt = Clock::time_point::max();
    Clock::time_point m_turnOverAt = Clock::time_point::max();
    Clock::time_point m_settleAt = Clock::time_point::max();
    std::thread m_thread;
};

} // namespace gateway::log_store
