// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/fold_thread.h"

#include <algorithm>
#include <utility>

#include "log_store/note_table.h"
#include "log_store/row_codec.h"
#include "log_store/segment_reader.h"

namespace gateway::log_store {

namespace {

/// After a loss of power at most this much of the journal is missing.
constexpr std::chrono::seconds kSyncInterval{1};
/// A log of a later version goes away only by hand.
constexpr std::chrono::seconds kNewerRetryInterval{30};
/// No journal has notes, so what a database cannot take for long is bounded.
constexpr std::size_t kMostNotes = 1000;

} // namespace

FoldThread::FoldThread(const LogStoreOptions& options, Journal& journal, RowQueue& queue, StoreStatus& status,
                       std::mutex& connections)
    : m_options(options), m_journal(journal), m_queue(queue), m_status(status), m_connections(connections)
{
}

void FoldThread::start(const std::string& dataDir)
{
    m_dataDir = dataDir;
    m_path = databasePath(dataDir);
    m_thread = std::thread([this] { run(); });
}

void FoldThread::join()
{
    if (m_thread.joinable()) m_thread.join();
}

void FoldThread::run()
{
    adoptLeftovers();
    openDatabase();
    if (!m_journal.isOpen()) m_retryAt = Clock::now() + m_options.retryInterval;
    RowQueue::Work work;
    do {
        m_queue.wait(nextDeadline(), work);
        step(work);
    } while (!work.stop);
    finish(work);
}

FoldThread::Clock::time_point FoldThread::nextDeadline() const
{
    if (!m_commands.empty()) return Clock::now();
    return std::min({m_retryAt, m_syncAt, m_turnOverAt, m_settleAt});
}

void FoldThread::step(RowQueue::Work& work)
{
    const auto now = Clock::now();
    if (now >= m_retryAt) {
        m_retryAt = Clock::time_point::max();
        m_failing = false;
        m_settleAt = now;
        if (!m_journal.isOpen()) openJournal();
        if (!m_database.isReady()) openDatabase();
    }
    if (work.checkDatabase && m_database.isReady() && isDamagedOnDisk()) replaceDatabase();
    fold(work);
    takeRoutes(work);
    foldRoutes();
    foldNotes(work);
    if (work.skipped) m_turnOverWanted = true;
    syncJournal(now);
    turnOver(now);
    if (now >= m_settleAt) settle(now);
    for (const auto& done : work.flushes)
        done();
    takeCommands(work);
    if (!m_commands.empty()) runCommand();
}

void FoldThread::takeCommands(RowQueue::Work& work)
{
    for (RowQueue::Command& command : work.commands)
        m_commands.push_back(std::move(command));
}

/// One part of the first: rows that came meanwhile are folded before the next.
void FoldThread::runCommand()
{
    const QSqlDatabase sql = m_database.sql();
    const bool canWrite = m_database.isReady() && !m_failing;
    if (m_commands.front()(canWrite ? &sql : nullptr) && canWrite) return;
    m_commands.pop_front();
}

void FoldThread::finish(RowQueue::Work& work)
{
    if (m_journal.isOpen()) m_segments.try_emplace(m_journal.currentNumber());
    m_journal.close();
    m_queue.wait(Clock::now(), work);
    m_failing = false;
    fold(work);
    takeRoutes(work);
    foldRoutes();
    foldNotes(work);
    settle(Clock::now());
    m_writer.reset();
    m_database.close();
    for (const auto& done : work.flushes)
        done();
    takeCommands(work);
    for (const RowQueue::Command& command : m_commands)
        command(nullptr);
    m_commands.clear();
}

void FoldThread::openJournal()
{
    if (const Outcome opened = m_journal.open(journalFolder(m_dataDir)); !opened) {
        m_status.setProblem(opened.error().message);
        m_retryAt = Clock::now() + m_options.retryInterval;
        return;
    }
    adoptLeftovers();
    if (m_database.isReady()) m_status.setProblem({});
}

void FoldThread::refuse(const std::string& problem)
{
    m_status.setProblem(problem);
    m_failing = true;
    m_retryAt = std::min(m_retryAt, Clock::now() + m_options.retryInterval);
}

void FoldThread::noteFailure(const QSqlError& error)
{
    refuse(explain(error, m_path));
}

void FoldThread::openDatabase()
{
    m_writer.reset();
    if (m_database.openForWriting(m_path, wasLeftOpen(m_path)) == DatabaseState::Damaged) {
        replaceDatabase();
        return;
    }
    if (!m_database.isReady()) {
        refuse(m_database.problem());
        if (m_database.state() == DatabaseState::Newer) m_retryAt = Clock::now() + kNewerRetryInterval;
        return;
    }
    m_writer.emplace(m_database.sql());
    m_failing = false;
    m_status.lastLoggedId.store(std::max(m_status.lastLoggedId.load(), m_database.greatestId()));
    if (m_journal.isOpen()) m_status.setProblem({});
    m_settleAt = Clock::now();
}

void FoldThread::replaceDatabase()
{
    m_writer.reset();
    m_database.close();
    std::string kept;
    {
        const std::lock_guard lock(m_connections);
        kept = setDatabaseAside(m_path);
        if (!kept.empty()) m_database.openForWriting(m_path, false);
    }
    if (kept.empty()) {
        refuse("The request log " + m_path +
               " is damaged and cannot be renamed. Move it away; a new one is then begun.");
        return;
    }
    // The new database begins with what the routes are now.
    if (m_inForce) m_routes.push_front(*m_inForce);
    // What the journal still holds may have been in the damaged file only.
    for (auto& [number, segment] : m_segments)
        segment.mustReplay = true;
    if (m_journal.currentRecords() > 0) {
        m_segments[m_journal.currentNumber()].mustReplay = true;
        m_turnOverWanted = true;
    }
    m_settleAt = Clock::now();
    if (m_options.notice)
        m_options.notice("The request log was damaged. It is kept as " + kept + "; a new one was begun.");
    if (!m_database.isReady()) {
        refuse(m_database.problem());
        return;
    }
    m_writer.emplace(m_database.sql());
    m_failing = false;
    m_status.setProblem({});
}

// With a connection of its own: ours may still have good copies of bad pages.
bool FoldThread::isDamagedOnDisk() const
{
    Database probe;
    const DatabaseState state = probe.openForReading(m_path);
    return state == DatabaseState::Damaged || (state == DatabaseState::Ready && !probe.isWhole());
}

bool FoldThread::begin()
{
    QSqlDatabase sql = m_database.sql();
    m_greatestId = 0;
    m_requests = 0;
    if (sql.transaction()) return true;
    m_error = sql.lastError();
    return false;
}

bool FoldThread::endTransaction(bool commit)
{
    QSqlDatabase sql = m_database.sql();
    if (commit && sql.commit()) {
        if (m_greatestId > m_status.lastLoggedId.load()) m_status.lastLoggedId.store(m_greatestId);
        return true;
    }
    if (commit) m_error = sql.lastError();
    sql.rollback();
    return false;
}

bool FoldThread::insertOne(std::string_view encoded)
{
    // What is no row cannot become one by trying again.
    if (!decodeRowInto(encoded, m_row)) return true;
    if (!m_writer->insert(m_row)) {
        m_error = m_writer->lastError();
        return false;
    }
    m_greatestId = std::max(m_greatestId, m_row.id.value);
    if (m_row.once.empty()) ++m_requests;
    return true;
}

bool FoldThread::insertBatch(const RowQueue::Work& work)
{
    if (!begin()) return false;
    bool done = true;
    RowQueue::forEachRow(work.bytes,
                         [&](std::uint32_t, std::string_view row) { done = done && insertOne(row); });
    return endTransaction(done);
}

void FoldThread::fold(const RowQueue::Work& work)
{
    if (work.rows == 0) return;
    bool done = m_database.isReady() && !m_failing && insertBatch(work);
    if (!done && m_database.isReady() && !m_failing) {
        if (isDamage(m_error)) {
            replaceDatabase();
            done = m_database.isReady() && insertBatch(work);
        }
        if (!done && m_database.isReady()) noteFailure(m_error);
    }
    if (!done) {
        loseUnjournaled(work);
        m_turnOverWanted = true;
        return;
    }
    m_status.loggedRows.fetch_add(m_requests);
    if (m_journal.isOpen()) m_status.setProblem({});
    const std::uint32_t current = m_journal.currentNumber();
    RowQueue::forEachRow(work.bytes, [&](std::uint32_t segment, std::string_view) {
        if (segment == 0) return;
        // A segment that is not known any more was replayed and removed already.
        if (segment == current)
            ++m_segments[segment].folded;
        else if (const auto found = m_segments.find(segment); found != m_segments.end())
            ++found->second.folded;
    });
}

void FoldThread::takeRoutes(RowQueue::Work& work)
{
    for (RoutesInForce& routes : work.routes)
        m_routes.push_back(std::move(routes));
    // No journal has them, so what a database cannot take for long is bounded here.
    while (m_routes.size() > kKeptVersions)
        m_routes.pop_front();
}

void FoldThread::foldRoutes()
{
    while (!m_routes.empty() && m_database.isReady() && !m_failing) {
        QSqlError error;
        if (!recordRoutes(m_database.sql(), m_routes.front(), error)) {
            if (isDamage(error))
                replaceDatabase();
            else
                noteFailure(error);
            return;
        }
        m_inForce = std::move(m_routes.front());
        m_routes.pop_front();
        if (m_journal.isOpen()) m_status.setProblem({});
    }
}

void FoldThread::foldNotes(RowQueue::Work& work)
{
    for (StoreNote& note : work.notes)
        m_notes.push_back(std::move(note));
    while (m_notes.size() > kMostNotes)
        m_notes.pop_front();
    while (!m_notes.empty() && m_database.isReady() && !m_failing) {
        QSqlError error;
        if (!recordNote(m_database.sql(), m_notes.front(), error)) {
            if (isDamage(error))
                replaceDatabase();
            else
                noteFailure(error);
            return;
        }
        m_notes.pop_front();
        if (m_journal.isOpen()) m_status.setProblem({});
    }
}

void FoldThread::loseUnjournaled(const RowQueue::Work& work)
{
    std::uint64_t lost = 0;
    RowQueue::forEachRow(work.bytes,
                         [&](std::uint32_t segment, std::string_view) { lost += segment == 0 ? 1 : 0; });
    m_status.lostRows.fetch_add(lost);
}

void FoldThread::syncJournal(Clock::time_point now)
{
    const std::uint64_t bytes = m_journal.currentBytes();
    if (bytes == m_syncedBytes) return;
    if (m_syncAt == Clock::time_point::max()) m_syncAt = now + kSyncInterval;
    if (now < m_syncAt) return;
    m_syncAt = Clock::time_point::max();
    // A failure shows in the next append or not at all; there is nothing more to do about it here.
    if (m_journal.sync()) m_syncedBytes = bytes;
}

void FoldThread::turnOver(Clock::time_point now)
{
    const std::uint64_t bytes = m_journal.currentBytes();
    if (bytes == 0) return;
    if (m_turnOverAt == Clock::time_point::max()) m_turnOverAt = now + m_options.segmentAge;
    const bool canFold = m_database.isReady() && !m_failing;
    const bool due =
        bytes >= m_options.segmentBytes || (canFold && (m_turnOverWanted || now >= m_turnOverAt));
    m_journal.setFull(m_journal.totalBytes() > m_options.journalBytes);
    if (!due) {
        if (now >= m_turnOverAt) m_turnOverAt = now + m_options.segmentAge;
        return;
    }
    const std::uint32_t closed = m_journal.currentNumber();
    [[maybe_unused]] const bool synced = m_journal.sync();
    if (!m_journal.rotate()) {
        m_turnOverAt = now + m_options.retryInterval;
        return;
    }
    m_segments.try_emplace(closed);
    m_syncedBytes = 0;
    m_syncAt = m_turnOverAt = Clock::time_point::max();
    // Rows of the closed segment may still be in the queue; when it must be replayed, that is soon enough
    // too.
    const auto wait = m_turnOverWanted ? std::chrono::milliseconds{0} : 2 * m_options.commitInterval;
    m_settleAt = std::min(m_settleAt, now + wait);
    m_turnOverWanted = false;
}

void FoldThread::adoptLeftovers()
{
    for (const std::uint32_t number : m_journal.adoptLeftovers())
        m_segments[number].mustReplay = true;
    if (!m_segments.empty()) m_settleAt = Clock::now();
}

void FoldThread::settle(Clock::time_point now)
{
    m_settleAt = Clock::time_point::max();
    if (!m_database.isReady() || m_failing) return;
    std::vector<std::uint32_t> folded;
    bool later = false;
    const std::uint32_t current = m_journal.currentNumber();
    for (auto& [number, segment] : m_segments) {
        if (number == current) continue;
        const auto records = m_journal.sealedRecords(number);
        if (!records) {
            later = true;
            continue;
        }
        if (segment.mustReplay || segment.folded < *records) {
            // Perhaps the database is another one now: nothing that was folded before counts any more.
            if (!replay(number)) return;
            if (m_journal.isOpen()) m_status.setProblem({});
            segment.mustReplay = false;
            segment.folded = *records;
        }
        folded.push_back(number);
    }
    // The rows are in SQLite's write-ahead log; only a checkpoint makes sure that they outlive a loss of
    // power.
    if (!folded.empty() && m_database.isReady() && m_database.checkpoint()) {
        for (const std::uint32_t number : folded) {
            if (m_journal.remove(number)) m_segments.erase(number);
        }
    } else {
        later = later || !folded.empty();
    }
    if (later && m_settleAt == Clock::time_point::max()) m_settleAt = now + m_options.retryInterval;
    m_journal.setFull(m_journal.totalBytes() > m_options.journalBytes);
}

bool FoldThread::replay(std::uint32_t number)
{
    SegmentReader reader(m_journal.pathOf(number));
    if (!reader.isSegment()) {
        if (!reader.isEmpty()) {
            m_journal.setAside(number, ".damaged");
            if (m_options.notice)
                m_options.notice("A part of the log's journal could not be read and is kept as " +
                                 m_journal.pathOf(number) + ".damaged.");
        }
        return true;
    }
    bool done = begin();
    if (done) {
        while (done) {
            const auto record = reader.next();
            if (!record) break;
            done = insertOne(*record);
        }
        done = endTransaction(done);
    }
    if (done) {
        m_status.loggedRows.fetch_add(m_requests);
        return true;
    }
    if (isDamage(m_error))
        replaceDatabase();
    else
        noteFailure(m_error);
    return false;
}

} // namespace gateway::log_store
