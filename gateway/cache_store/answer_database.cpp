// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache_store/answer_database.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "base/glob.h"
#include "base/set_aside.h"
#include "cache_store/statement.h"

namespace gateway::cache_store {

namespace {

constexpr std::int64_t kAnswerVersion = 1;
constexpr std::size_t kMostUnwrittenHits = 64;
constexpr int kPatienceMs = 2000; // where another program reads the file
// However a file was written by others: sums of these stay far from the largest number.
constexpr std::int64_t kMostNumber = std::int64_t{1} << 44;

constexpr const char* kAnswersTable =
    "CREATE TABLE IF NOT EXISTS answers(key BLOB PRIMARY KEY, owner TEXT NOT NULL, route TEXT NOT NULL, "
    "asked TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, dialect TEXT NOT NULL, stream INTEGER "
    "NOT "
    "NULL, made INTEGER NOT NULL, expires INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0, hits INTEGER "
    "NOT "
    "NULL DEFAULT 0, saved INTEGER NOT NULL DEFAULT 0, cost INTEGER NOT NULL, took INTEGER NOT NULL, pinned "
    "INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL, counts BLOB NOT NULL, steps BLOB NOT NULL, prompt "
    "TEXT "
    "NOT NULL, reply BLOB NOT NULL)";

std::string_view bytesOf(const Sha256& key)
{
    return {reinterpret_cast<const char*>(key.data()), key.size()};
}

std::optional<Sha256> keyOf(std::string_view bytes)
{
    Sha256 key{};
    if (bytes.size() != key.size()) return std::nullopt;
    std::memcpy(key.data(), bytes.data(), key.size());
    return key;
}

std::int64_t sane(std::int64_t number)
{
    return std::clamp<std::int64_t>(number, 0, kMostNumber);
}

// In the order in which they stand in the file.
constexpr std::array kCountMembers{
    &Usage::inputTokens,          &Usage::cacheReadTokens,   &Usage::cacheWriteTokens,
    &Usage::outputTokens,         &Usage::reasoningTokens,   &Usage::audioInputTokens,
    &Usage::imageInputTokens,     &Usage::audioOutputTokens, &Usage::imageOutputTokens,
    &Usage::cacheWriteHourTokens, &Usage::searches};

std::string countsText(const Usage& usage)
{
    std::string text(kCountMembers.size() * sizeof(std::int64_t), '\0');
    for (std::size_t i = 0; i < kCountMembers.size(); ++i)
        std::memcpy(text.data() + i * sizeof(std::int64_t), &(usage.*kCountMembers[i]), sizeof(std::int64_t));
    return text;
}

Usage countsOf(std::string_view text)
{
    Usage usage;
    usage.known = text.size() == kCountMembers.size() * sizeof(std::int64_t);
    for (std::size_t i = 0; usage.known && i < kCountMembers.size(); ++i) {
        std::memcpy(&(usage.*kCountMembers[i]), text.data() + i * sizeof(std::int64_t), sizeof(std::int64_t));
        usage.*kCountMembers[i] = sane(usage.*kCountMembers[i]);
    }
    return usage;
}

using Step = cache::CachedAnswer::Step;

std::string stepsText(const std::vector<Step>& steps)
{
    return {reinterpret_cast<const char*>(steps.data()), steps.size() * sizeof(Step)};
}

/// Nothing where they are not those of so many bytes.
std::vector<Step> stepsOf(std::string_view text, std::size_t bytes)
{
    std::vector<Step> steps(text.size() / sizeof(Step));
    if (!steps.empty()) std::memcpy(steps.data(), text.data(), steps.size() * sizeof(Step));
    std::size_t sum = 0;
    for (const Step& each : steps)
        sum += each.bytes;
    return sum == bytes ? steps : std::vector<Step>();
}

/// SQLite makes its files readable by others where the umask lets it, and its companions like the database.
bool makePrivate(const std::string& path)
{
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return false;
    ::fchmod(file, 0600);
    ::close(file);
    return true;
}

bool isBroken(int code)
{
    return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

DialectId dialectNamed(std::string_view name)
{
    for (const DialectId id : {
#define DIALECT(id, name, factory) DialectId::id,
#include "exchange/dialects.def"
#undef DIALECT
         }) {
        if (dialectName(id) == name) return id;
    }
    return DialectId::Undecided;
}

bool holds(std::string_view text, std::string_view part)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::search(text.begin(), text.end(), part.begin(), part.end(),
                       [&](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

bool matches(const std::string& pattern, const std::string& name)
{
    return pattern.empty() || globMatches(pattern, name);
}

} // namespace

AnswerDatabase::AnswerDatabase(std::string path, std::function<void(std::string)> notice)
    : m_path(std::move(path)), m_notice(std::move(notice))
{
}

AnswerDatabase::~AnswerDatabase()
{
    const std::lock_guard lock(m_mutex);
    flushHits();
    close();
}

void AnswerDatabase::close()
{
    sqlite3_close_v2(m_database);
    m_database = nullptr;
}

bool AnswerDatabase::execute(const char* statement)
{
    return m_database && sqlite3_exec(m_database, statement, nullptr, nullptr, nullptr) == SQLITE_OK;
}

/// After an error: what is broken is begun anew, what is full or may not be written is left until the next
/// start.
void AnswerDatabase::fail(int code)
{
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW || !m_database) return;
    if (!isBroken(code)) {
        setProblem("Answers cannot be kept in " + m_path + ": " + sqlite3_errstr(code) +
                   ". They are kept in memory until Turnpike ends.");
        close();
        m_notice(problem());
        return;
    }
    close();
    const std::string kept = setAside(m_path);
    for (const char* companion : {"-wal", "-shm"})
        ::rename((m_path + companion).c_str(), (kept + companion).c_str());
    if (kept.empty()) {
        setProblem("The answers kept in " + m_path +
                   " are damaged, and the file cannot be renamed. Move it away.");
        m_notice(problem());
        return;
    }
    m_notice("The kept answers were damaged. They are in " + kept + " now; new ones are kept from here on.");
    if (connect() && prepare()) setProblem({});
}

bool AnswerDatabase::connect()
{
    if (!makePrivate(m_path)) {
        setProblem("Answers cannot be kept in " + m_path + ": " + std::strerror(errno) +
                   ". They are kept in memory until Turnpike ends.");
        return false;
    }
    // SQLite's own refusal of links would refuse folders behind one, too.
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(m_path.c_str(), &m_database, flags, nullptr);
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(m_database, kPatienceMs);
        return true;
    }
    setProblem("Answers cannot be kept in " + m_path + ": " + sqlite3_errstr(code) + ".");
    close();
    return false;
}

bool AnswerDatabase::prepare()
{
    // What is lost with the machine's power are answers that can be had again; what is purged is gone for
    // good.
    for (const char* each :
         {"PRAGMA auto_vacuum=INCREMENTAL", "PRAGMA journal_mode=WAL", "PRAGMA synchronous=OFF",
          "PRAGMA journal_size_limit=16777216", "PRAGMA temp_store=MEMORY", "PRAGMA secure_delete=ON"})
        execute(each);
    Statement version(m_database, "PRAGMA user_version");
    const bool isRead = version.next();
    if (isRead && version.number(0) > kAnswerVersion) {
        setProblem(m_path +
                   " was written by a later version of Turnpike and is left alone. Answers are kept in "
                   "memory until this one ends.");
        version.reset();
        return false;
    }
    version.reset();
    if (!isRead || !execute(kAnswersTable)) {
        const int code = sqlite3_errcode(m_database);
        setProblem("Answers cannot be kept in " + m_path + ": " + sqlite3_errstr(code) + ".");
        if (isBroken(code)) fail(code);
        return problem().empty();
    }
    return execute(("PRAGMA user_version=" + std::to_string(kAnswerVersion)).c_str());
}

std::unique_lock<std::mutex> AnswerDatabase::use()
{
    std::unique_lock lock(m_mutex);
    if (std::exchange(m_isTried, true)) return lock;
    if (!connect() || !prepare()) {
        close();
        m_notice(problem());
    }
    return lock;
}

void AnswerDatabase::readAll(const std::function<void(const cache::AnswerNote&)>& each)
{
    const auto lock = use();
    Statement all(m_database, "SELECT key, bytes, cost, made, expires, used, hits, pinned FROM answers");
    while (all.next()) {
        const auto key = keyOf(all.bytes(0));
        if (!key) continue;
        cache::AnswerNote note;
        note.key = *key;
        note.bytes = sane(all.number(1));
        note.costNanos = sane(all.number(2));
        note.madeAt = sane(all.number(3));
        note.expiresAt = sane(all.number(4));
        note.usedAt = sane(all.number(5));
        note.hits = static_cast<std::uint32_t>(std::clamp<std::int64_t>(all.number(6), 0, 1'000'000'000));
        note.pinned = all.number(7) != 0;
        each(note);
    }
    const int code = all.code();
    all.reset();
    fail(code);
}

void AnswerDatabase::setProblem(std::string problem)
{
    const std::lock_guard lock(m_problemMutex);
    m_problem = std::move(problem);
}

std::string AnswerDatabase::problem() const
{
    const std::lock_guard lock(m_problemMutex);
    return m_problem;
}

std::shared_ptr<const cache::CachedAnswer> AnswerDatabase::read(const Sha256& key)
{
    const auto lock = use();
    Statement one(m_database,
                  "SELECT owner, route, asked, provider, model, dialect, stream, made, expires, cost, "
                  "took, counts, steps, prompt, reply FROM answers WHERE key=?");
    one.bindBytes(1, bytesOf(key));
    if (!one.next()) {
        const int code = one.code();
        one.reset();
        fail(code);
        return nullptr;
    }
    auto answer = std::make_shared<cache::CachedAnswer>();
    answer->key = key;
    answer->owner = one.text(0);
    answer->route = one.text(1);
    answer->asked = one.text(2);
    answer->provider = one.text(3);
    answer->model = one.text(4);
    answer->dialect = dialectNamed(one.bytes(5));
    answer->isStream = one.number(6) != 0;
    answer->madeAt = sane(one.number(7));
    answer->expiresAt = sane(one.number(8));
    answer->costNanos = sane(one.number(9));
    answer->tookMicros = sane(one.number(10));
    answer->usage = countsOf(one.bytes(11));
    answer->prompt = one.text(13);
    answer->reply = one.text(14);
    answer->steps = stepsOf(one.bytes(12), answer->reply.size());
    if (answer->dialect == DialectId::Undecided) return nullptr;
    return answer;
}

void AnswerDatabase::write(const cache::CachedAnswer& answer)
{
    const auto lock = use();
    if (!m_database) return;
    flushHits();
    const std::string counts = countsText(answer.usage), steps = stepsText(answer.steps);
    Statement put(
        m_database,
        "INSERT INTO answers(key, owner, route, asked, provider, model, dialect, stream, made, expires, "
        "cost, took, bytes, counts, steps, prompt, reply) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,"
        "?13,?14,?15,?16,?17) ON CONFLICT(key) DO UPDATE SET provider=?5, model=?6, dialect=?7, "
        "stream=?8, made=?9, expires=?10, cost=?11, took=?12, bytes=?13, counts=?14, steps=?15, "
        "prompt=?16, reply=?17");
    put.bindBytes(1, bytesOf(answer.key)).bindText(2, answer.owner).bindText(3, answer.route);
    put.bindText(4, answer.asked).bindText(5, answer.provider).bindText(6, answer.model);
    put.bindText(7, dialectName(answer.dialect)).bind(8, answer.isStream ? 1 : 0);
    put.bind(9, answer.madeAt)
        .bind(10, answer.expiresAt)
        .bind(11, answer.costNanos)
        .bind(12, answer.tookMicros);
    put.bind(13, answer.bytes()).bindBytes(14, counts).bindBytes(15, steps).bindText(16, answer.prompt);
    put.bindBytes(17, answer.reply);
    if (!put.run()) fail(put.code());
}

void AnswerDatabase::remove(const std::vector<Sha256>& keys)
{
    const auto lock = use();
    if (!m_database || keys.empty()) return;
    flushHits();
    execute("BEGIN");
    int code = SQLITE_OK;
    {
        Statement one(m_database, "DELETE FROM answers WHERE key=?");
        for (const Sha256& key : keys) {
            one.bindBytes(1, bytesOf(key));
            if (!one.run()) code = one.code();
        }
    }
    execute("COMMIT");
    execute("PRAGMA incremental_vacuum");
    fail(code);
}

void AnswerDatabase::noteHit(const Sha256& key, std::int64_t now, std::int64_t savedNanos)
{
    const auto lock = use();
    Hits& hits = m_hits[key];
    ++hits.count;
    hits.usedAt = now;
    hits.savedNanos += savedNanos;
    if (m_hits.size() >= kMostUnwrittenHits) flushHits();
}

void AnswerDatabase::flushHits()
{
    const auto hits = std::exchange(m_hits, {});
    if (!m_database || hits.empty()) return;
    execute("BEGIN");
    int code = SQLITE_OK;
    {
        Statement one(m_database, "UPDATE answers SET used=?2, hits=hits+?3, saved=saved+?4 WHERE key=?1");
        for (const auto& [key, each] : hits) {
            one.bindBytes(1, bytesOf(key)).bind(2, each.usedAt).bind(3, each.count).bind(4, each.savedNanos);
            if (!one.run()) code = one.code();
        }
    }
    execute("COMMIT");
    fail(code);
}

void AnswerDatabase::pin(const Sha256& key, bool pinned)
{
    const auto lock = use();
    Statement one(m_database, "UPDATE answers SET pinned=?2 WHERE key=?1");
    one.bindBytes(1, bytesOf(key)).bind(2, pinned ? 1 : 0);
    if (!one.run()) fail(one.code());
}

std::vector<CacheEntry> AnswerDatabase::list(const CacheFilter& filter, std::int64_t now, std::size_t most)
{
    const auto lock = use();
    flushHits();
    std::vector<CacheEntry> entries;
    Statement all(
        m_database,
        "SELECT key, owner, route, asked, provider, model, prompt, made, expires, used, hits, cost, "
        "saved, bytes, stream, pinned FROM answers ORDER BY used DESC, made DESC");
    while (entries.size() < most && all.next()) {
        const auto key = keyOf(all.bytes(0));
        if (!key) continue;
        CacheEntry entry;
        entry.key = hexText(*key);
        entry.owner = all.text(1);
        entry.route = all.text(2);
        entry.asked = all.text(3);
        entry.provider = all.text(4);
        entry.model = all.text(5);
        entry.prompt = all.text(6);
        entry.madeAt = sane(all.number(7));
        entry.expiresAt = sane(all.number(8));
        entry.usedAt = sane(all.number(9));
        entry.hits = static_cast<std::uint32_t>(std::clamp<std::int64_t>(all.number(10), 0, 1'000'000'000));
        entry.costNanos = sane(all.number(11));
        entry.savedNanos = sane(all.number(12));
        entry.bytes = sane(all.number(13));
        entry.isStream = all.number(14) != 0;
        entry.pinned = all.number(15) != 0;
        const bool fits = (filter.key.empty() || filter.key == entry.key) &&
                          matches(filter.owner, entry.owner) && matches(filter.route, entry.route) &&
                          matches(filter.model, entry.model) && holds(entry.prompt, filter.text) &&
                          (!filter.olderThan || now - entry.madeAt > *filter.olderThan) &&
                          (filter.pinnedToo || !entry.pinned);
        if (fits) entries.push_back(std::move(entry));
    }
    all.reset();
    return entries;
}

std::vector<Sha256> AnswerDatabase::keysOf(const CacheFilter& filter, std::int64_t now)
{
    std::vector<Sha256> keys;
    for (const CacheEntry& entry : list(filter, now, SIZE_MAX)) {
        if (const auto key = parseSha256(entry.key)) keys.push_back(*key);
    }
    return keys;
}

} // namespace gateway::cache_store
