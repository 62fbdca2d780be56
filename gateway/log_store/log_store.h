// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gateway/snapshot.h"

#include "log_store/journal.h"
#include "log_store/later_costs.h"
#include "log_store/routes_in_force.h"
#include "log_store/spent_rows.h"
#include "log_store/store_note.h"

namespace gateway::log_store {

/// The defaults are the product's; tests make things happen sooner.
struct LogStoreOptions {
    std::function<void(std::string)> notice; // what was done about damage; called on the store thread
    Journal::WriteFn write;                  // how the journal writes
    std::chrono::milliseconds commitInterval{250};
    std::chrono::milliseconds segmentAge{60'000};
    std::chrono::milliseconds retryInterval{2'000};
    std::uint64_t segmentBytes = std::uint64_t{8} << 20;
    std::uint64_t journalBytes = std::uint64_t{512} << 20; // of records that cannot be folded
    std::size_t queuedRows = 200'000;
    std::size_t queuedBytes = std::size_t{256} << 20;
};

/// The request log. record() puts a row into the journal; the store thread folds rows into SQLite in batches;
/// a second thread answers questions, so that a long one never delays the folding. Owns both threads.
/// The journal is the truth: what is in it is in the database sooner or later, whatever happens to either.
class LogStore {
public:
    explicit LogStore(LogStoreOptions options = {});
    LogStore(const LogStore&) = delete;
    LogStore& operator=(const LogStore&) = delete;
    ~LogStore();

    /// Opens the journal and starts the threads. Never fails: what is wrong is said by problem() and tried
    /// again.
    void start(const std::string& dataDir);
    /// Folds everything and joins. Rows that come later are in no log.
    void stop();

    /// To be called before the last byte of the rows' answers is sent: one write to the journal, then the
    /// rows wait for the store thread. False: the journal does not have all of them; those are counted where
    /// the database cannot take them either. Any thread.
    bool record(std::span<const LogRow> rows);
    bool record(const LogRow& row) { return record(std::span(&row, 1)); }
    /// Counts rows that nobody could even hand over.
    void lose(std::uint64_t rows);
    /// The two halves of record(), for a caller that has the row encoded already. `segment` is what append()
    /// said.
    [[nodiscard]] Journal& journal();
    void add(std::string_view encodedRow, std::uint32_t segment);

    /// Answers come on the query thread. After stop() they come at once and are empty.
    void query(LogQuery query, std::function<void(LogPage)> done);
    void figures(FiguresQuery query, std::function<void(Figures)> done);
    void usage(UsageQuery query, std::function<void(std::vector<UsageRow>)> done);
    void usageSeries(UsageSeriesQuery query, std::function<void(std::vector<UsagePoint>)> done);
    /// Keeps a version of each route that differs from what is kept. Any thread.
    void recordRoutes(RoutesInForce routes);
    /// With those that were recorded before. Start()'s thread.
    void routeVersions(RouteId route, std::function<void(std::vector<RouteVersion>)> done);
    /// What was spent from a moment on and had ended when this was asked. Start()'s thread.
    void spent(std::int64_t sinceMicros, std::function<void(SpentReply)> done);
    /// With all that was recorded before; `done` is called on the store thread.
    void recalculate(RecalculationWish wish, std::function<void(Recalculation)> done);
    /// What was used of a provider by day. Start()'s thread.
    void days(std::string provider, std::int64_t sinceMicros, std::int64_t untilMicros,
              std::function<void(std::vector<DayUse>)> done);
    /// When keys were used last, with all that was recorded before. Start()'s thread.
    void keyUses(std::function<void(std::vector<KeyUse>)> done);
    /// Keeps an alert or an allowance. Any thread.
    void recordNote(StoreNote note);
    /// With those that were recorded before. Start()'s thread.
    void alerts(AlertQuery query, std::function<void(std::vector<Alert>)> done);
    /// Folds what has been added so far, then calls on the store thread.
    void flush(std::function<void()> done);

    /// The greatest id that can be read. Rows are logged when they end, so smaller ids may still come.
    [[nodiscard]] std::int64_t lastLoggedId() const;
    /// Rows of requests folded since start.
    [[nodiscard]] std::uint64_t loggedRows() const;
    [[nodiscard]] std::uint64_t lostRows() const;
    /// Why the log cannot be written and what to do; empty when all is well.
    [[nodiscard]] std::string problem() const;

private:
    [[nodiscard]] bool recordEncoded(std::string_view encoded, std::span<const std::size_t> ends);

    class Private;
    std::unique_ptr<Private> d;
};

[[nodiscard]] std::string databasePath(const std::string& dataDir);
[[nodiscard]] std::string journalFolder(const std::string& dataDir);

} // namespace gateway::log_store
