// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/log_store.h"

#include <array>
#include <chrono>
#include <cstring>
#include <mutex>
#include <utility>

#include "base/wall_clock.h"
#include "log_store/fold_thread.h"
#include "log_store/log_queries.h"
#include "log_store/note_table.h"
#include "log_store/query_thread.h"
#include "log_store/recalculation.h"
#include "log_store/row_codec.h"
#include "log_store/row_queue.h"
#include "log_store/spent_query.h"
#include "log_store/store_status.h"
#include "log_store/usage_series.h"

namespace gateway::log_store {

namespace {

/// One large row must not keep its memory for good.
constexpr std::size_t kKeptScratchBytes = std::size_t{256} << 10;
constexpr std::size_t kLargeBytes = std::size_t{64} << 10;
constexpr std::size_t kMostTogether = Journal::kMostTogether;

} // namespace

std::string databasePath(const std::string& dataDir)
{
    return dataDir + "/turnpike.db";
}

std::string journalFolder(const std::string& dataDir)
{
    return dataDir + "/journal";
}

class LogStore::Private {
public:
    explicit Private(LogStoreOptions given)
        : options(std::move(given))
        , journal(options.write)
        , queue({options.queuedRows, options.queuedBytes, options.commitInterval})
        , folding(options, journal, queue, status, connections)
        , querying(connections, [this] { queue.askToCheckDatabase(); })
    {
    }

    /// A question whose answer is `select(sql, error)`, empty where the log cannot be read.
    template <class Answer, class Select>
    void ask(std::function<void(Answer)> done, Select select)
    {
        querying.ask(
            [done = std::move(done), select = std::move(select)](const QSqlDatabase& sql, QSqlError& error) {
                auto answer = std::make_shared<Answer>();
                if (sql.isOpen()) *answer = select(sql, error);
                return [done, answer] { done(std::move(*answer)); };
            });
    }

    /// The same once everything that was recorded before can be read.
    template <class Answer, class Select>
    void askFolded(std::function<void(Answer)> done, Select select)
    {
        const auto now = [this, done = std::move(done), select = std::move(select)] {
            ask<Answer>(done, select);
        };
        // A store that has stopped calls nobody back.
        if (running)
            queue.flush(now);
        else
            now();
    }

    const LogStoreOptions options;
    StoreStatus status;
    Journal journal;
    RowQueue queue;
    std::mutex connections;
    FoldThread folding;
    QueryThread querying;
    std::string dataDir; // set once in start(), then constant
    bool running = false;
};

LogStore::LogStore(LogStoreOptions options) : d(std::make_unique<Private>(std::move(options))) {}

LogStore::~LogStore()
{
    stop();
}

void LogStore::start(const std::string& dataDir)
{
    d->dataDir = dataDir;
    d->running = true;
    // Here and not on the store thread: the first request may come before that thread had its turn.
    const Outcome opened = d->journal.open(journalFolder(dataDir));
    if (!opened) d->status.setProblem(opened.error().message);
    d->folding.start(dataDir);
    d->querying.start(databasePath(dataDir));
}

void LogStore::stop()
{
    if (!std::exchange(d->running, false)) return;
    d->querying.stop();
    d->queue.stop();
    d->folding.join();
}

bool LogStore::record(std::span<const LogRow> rows)
{
    thread_local std::string t_encoded;
    bool all = true;
    while (!rows.empty()) {
        std::array<std::size_t, kMostTogether> ends{};
        std::size_t count = 0;
        t_encoded.clear();
        while (count < rows.size() && count < ends.size() && t_encoded.size() < kLargeBytes) {
            const std::size_t before = t_encoded.size();
            encodeRow(rows[count], t_encoded);
            // What is large with bodies goes alone: it must not be what keeps others out of the journal.
            if (count > 0 && t_encoded.size() - before > kLargeBytes) {
                t_encoded.resize(before);
                break;
            }
            ends[count++] = t_encoded.size();
        }
        all = recordEncoded(t_encoded, std::span(ends).first(count)) && all;
        rows = rows.subspan(count);
    }
    if (t_encoded.capacity() > kKeptScratchBytes) std::string().swap(t_encoded);
    return all;
}

/// `encoded` holds one row after the other, each up to its end.
bool LogStore::recordEncoded(std::string_view encoded, std::span<const std::size_t> ends)
{
    std::array<std::string_view, kMostTogether> records;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < ends.size(); ++i) {
        records[i] = encoded.substr(begin, ends[i] - begin);
        begin = ends[i];
    }
    const auto all = std::span(records).first(ends.size());
    const Journal::Appended appended = d->journal.append(all);
    for (std::size_t i = 0; i < all.size(); ++i)
        add(all[i], i < appended.whole ? appended.segment : 0);
    return appended.whole == all.size();
}

void LogStore::lose(std::uint64_t rows)
{
    d->status.lostRows.fetch_add(rows);
}

Journal& LogStore::journal()
{
    return d->journal;
}

void LogStore::add(std::string_view encodedRow, std::uint32_t segment)
{
    if (!d->queue.add(segment, encodedRow) && segment == 0) d->status.lostRows.fetch_add(1);
}

void LogStore::query(LogQuery query, std::function<void(LogPage)> done)
{
    d->ask<LogPage>(std::move(done), [query = std::move(query)](const QSqlDatabase& sql, QSqlError& error) {
        return selectPage(sql, query, error);
    });
}

void LogStore::figures(FiguresQuery query, std::function<void(Figures)> done)
{
    d->ask<Figures>(std::move(done), [query](const QSqlDatabase& sql, QSqlError& error) {
        return selectFigures(sql, query, nowMicros(), error);
    });
}

void LogStore::usage(UsageQuery query, std::function<void(std::vector<UsageRow>)> done)
{
    d->ask<std::vector<UsageRow>>(std::move(done),
                                  [query = std::move(query)](const QSqlDatabase& sql, QSqlError& error) {
                                      return selectUsage(sql, query, error);
                                  });
}

void LogStore::usageSeries(UsageSeriesQuery query, std::function<void(std::vector<UsagePoint>)> done)
{
    d->ask<std::vector<UsagePoint>>(std::move(done),
                                    [query = std::move(query)](const QSqlDatabase& sql, QSqlError& error) {
                                        return selectUsageSeries(sql, query, nowMicros(), error);
                                    });
}

void LogStore::recordRoutes(RoutesInForce routes)
{
    d->queue.addRoutes(std::move(routes));
}

void LogStore::routeVersions(RouteId route, std::function<void(std::vector<RouteVersion>)> done)
{
    d->askFolded<std::vector<RouteVersion>>(
        std::move(done), [route = std::move(route)](const QSqlDatabase& sql, QSqlError& error) {
            return selectRouteVersions(sql, route, error);
        });
}

void LogStore::keyUses(std::function<void(std::vector<KeyUse>)> done)
{
    d->askFolded<std::vector<KeyUse>>(std::move(done), [](const QSqlDatabase& sql, QSqlError& error) {
        return selectKeyUses(sql, nowMicros(), error);
    });
}

void LogStore::spent(std::int64_t sinceMicros, std::function<void(SpentReply)> done)
{
    d->askFolded<SpentReply>(std::move(done),
                             [sinceMicros, asked = nowMicros()](const QSqlDatabase& sql, QSqlError& error) {
                                 return selectSpent(sql, sinceMicros, asked, error);
                             });
}

void LogStore::recalculate(RecalculationWish wish, std::function<void(Recalculation)> done)
{
    const auto stopped = [](Recalculation result) {
        result.problem =
            "The request log cannot be written at present. Try again later; `turnpiked doctor` says "
            "what is wrong with it.";
        return result;
    };
    // A store that has stopped calls nobody back.
    if (!d->running) return done(stopped({}));
    auto run = std::make_shared<RecalculationRun>(std::move(wish));
    d->queue.addCommand([this, run, done = std::move(done), stopped](const QSqlDatabase* sql) {
        if (!sql) {
            done(stopped(run->result()));
            return false;
        }
        QSqlError error;
        if (run->step(*sql, error)) return true;
        Recalculation result = run->result();
        if (error.isValid()) result.problem = explain(error, databasePath(d->dataDir));
        done(std::move(result));
        return false;
    });
}

void LogStore::days(std::string provider, std::int64_t sinceMicros, std::int64_t untilMicros,
                    std::function<void(std::vector<DayUse>)> done)
{
    d->askFolded<std::vector<DayUse>>(std::move(done),
                                      [provider = std::move(provider), sinceMicros,
                                       untilMicros](const QSqlDatabase& sql, QSqlError& error) {
                                          return selectDays(sql, provider, sinceMicros, untilMicros, error);
                                      });
}

void LogStore::recordNote(StoreNote note)
{
    d->queue.addNote(std::move(note));
}

void LogStore::alerts(AlertQuery query, std::function<void(std::vector<Alert>)> done)
{
    d->askFolded<std::vector<Alert>>(std::move(done), [query](const QSqlDatabase& sql, QSqlError& error) {
        return selectAlerts(sql, query, error);
    });
}

void LogStore::flush(std::function<void()> done)
{
    d->queue.flush(std::move(done));
}

std::int64_t LogStore::lastLoggedId() const
{
    return d->status.lastLoggedId.load();
}

std::uint64_t LogStore::loggedRows() const
{
    return d->status.loggedRows.load();
}

std::uint64_t LogStore::lostRows() const
{
    return d->status.lostRows.load();
}

std::string LogStore::problem() const
{
    std::string problem = d->status.problem();
    const int code = d->journal.lastError();
    if (!problem.empty() || code == 0) return problem;
    return "The request log cannot be written to " + journalFolder(d->dataDir) + ": " + std::strerror(code) +
           ". Requests are served, but those that are not logged are lost. Free some space there; the log "
           "then goes on "
           "by itself.";
}

} // namespace gateway::log_store
