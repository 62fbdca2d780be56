// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "log_store/routes_in_force.h"
#include "log_store/store_note.h"

class QSqlDatabase;

namespace gateway::log_store {

/// Rows on their way from IO threads to the store thread, encoded, one behind the other in one buffer: adding
/// one is a lock and a copy, and the store thread is woken only by the first of a batch.
class RowQueue {
public:
    using Clock = std::chrono::steady_clock;

    struct Limits {
        std::size_t rows = 200'000;
        std::size_t bytes = std::size_t{256} << 20;
        std::chrono::milliseconds wait{250}; // of the first row of a batch
    };

    /// Something else that is to be done with the database, a part at a time; true: there is more to do.
    /// Null: it cannot be written, and is not asked again.
    using Command = std::function<bool(const QSqlDatabase* sql)>;

    /// What the store thread has to do.
    struct Work {
        std::string bytes; // see forEachRow()
        std::size_t rows = 0;
        bool skipped = false; // rows were refused since the last work: they are in the journal only
        bool checkDatabase = false;
        bool stop = false;
        std::vector<RoutesInForce> routes; // oldest first
        std::vector<StoreNote> notes;      // the same
        std::vector<std::function<void()>> flushes;
        std::vector<Command> commands;
    };

    explicit RowQueue(Limits limits) : m_limits(limits) {}

    /// `segment`: where the journal has it, 0 nowhere. False when the queue is full. Any thread.
    [[nodiscard]] bool add(std::uint32_t segment, std::string_view row);
    void addRoutes(RoutesInForce routes);
    void addNote(StoreNote note);
    /// Folds at once, then calls. Any thread.
    void flush(std::function<void()> done);
    /// Any thread.
    void addCommand(Command command);
    void askToCheckDatabase();
    void stop();

    /// Waits for work or for `deadline`. `work` is emptied first, its memory is used again. Store thread.
    void wait(Clock::time_point deadline, Work& work);

    /// `take(segment, row)` for each row of a work.
    template <class Take>
    static void forEachRow(std::string_view bytes, Take take)
    {
        while (bytes.size() >= kHeadBytes) {
            const Head head = readHead(bytes);
            take(head.segment, bytes.substr(kHeadBytes, head.size));
            bytes.remove_prefix(kHeadBytes + head.size);
        }
    }

private:
    struct Head {
        std::uint32_t segment, size;
    };
    static constexpr std::size_t kHeadBytes = sizeof(Head);
    static Head readHead(std::string_view bytes);

    const Limits m_limits;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    // All below: m_mutex.
    std::string m_bytes;
    std::size_t m_rows = 0;
    Clock::time_point m_due;
    bool m_skipped = false, m_checkDatabase = false, m_stop = false;
    std::vector<RoutesInForce> m_routes;
    std::vector<StoreNote> m_notes;
    std::vector<std::function<void()>> m_flushes;
    std::vector<Command> m_commands;
};

} // namespace gateway::log_store
