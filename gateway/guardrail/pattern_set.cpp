// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/pattern_set.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>
#include <utility>

#ifdef TURNPIKE_HYPERSCAN
#include <hs/hs.h>
#endif

#include "base/file_descriptor.h"
#include "base/sha256.h"
#include "guardrail/word_automaton.h"

namespace gateway::guardrail {

#ifdef TURNPIKE_HYPERSCAN
namespace {

constexpr std::size_t kMaxScan = std::size_t{1} << 31; // Hyperscan counts in 32 bits
constexpr std::size_t kMaxCache = std::size_t{64} << 20;
constexpr std::size_t kDigest = std::tuple_size_v<Sha256>;

void appendByte(std::string& expression, unsigned char byte)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    expression.append({'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 15U]});
}

std::string expressionOf(const Beginning& beginning)
{
    std::string expression;
    for (const char byte : beginning.word)
        appendByte(expression, static_cast<unsigned char>(byte));
    if (beginning.tailSize == 0) return expression;
    // Only the word is of any case, if it is.
    if (beginning.anyCase) expression = "(?i:" + expression + ")";
    expression += '[';
    for (unsigned byte = 0; byte < 256; ++byte) {
        if (beginning.tail.test(byte)) appendByte(expression, static_cast<unsigned char>(byte));
    }
    return expression + "]{" + std::to_string(beginning.tailSize) + "}";
}

std::string_view viewOf(const Sha256& digest)
{
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::optional<std::string> wholeCache(const std::filesystem::path& path)
{
    const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status = {};
    if (!file || fstat(file.number(), &status) != 0 || status.st_size <= 0) return std::nullopt;
    // Others' files are none of ours: what is in it is run, as it were.
    if (status.st_uid != geteuid() || static_cast<std::size_t>(status.st_size) > kMaxCache)
        return std::nullopt;
    std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t count = read(file.number(), bytes.data() + done, bytes.size() - done);
        if (count <= 0) return std::nullopt;
        done += static_cast<std::size_t>(count);
    }
    return bytes;
}

void writeCache(const std::filesystem::path& path, std::string_view bytes)
{
    std::string temporary = path.string() + ".XXXXXX";
    bool written = true;
    {
        const FileDescriptor file(mkstemp(temporary.data())); // 0600
        if (!file) return;
        while (written && !bytes.empty()) {
            const ssize_t count = write(file.number(), bytes.data(), bytes.size());
            written = count > 0;
            if (written) bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        written = written && fsync(file.number()) == 0;
    }
    if (!written || std::rename(temporary.c_str(), path.c_str()) != 0) unlink(temporary.c_str());
}

/// One for each thread, which grows with the sets that the thread uses.
class ThreadScratch {
public:
    ThreadScratch() = default;
    ThreadScratch(const ThreadScratch&) = delete;
    ThreadScratch& operator=(const ThreadScratch&) = delete;
    ~ThreadScratch() { hs_free_scratch(m_scratch); }
    hs_scratch_t* fit(const hs_database_t* database, std::uint64_t set)
    {
        if (m_set != set && hs_alloc_scratch(database, &m_scratch) != HS_SUCCESS) return nullptr;
        m_set = set;
        return m_scratch;
    }

private:
    hs_scratch_t* m_scratch = nullptr;
    std::uint64_t m_set = 0;
};

std::uint64_t nextSet()
{
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

class HyperscanSet final : public PatternSet {
public:
    HyperscanSet(const std::vector<Beginning>& beginnings, hs_database_t* database)
        : m_portable(beginnings), m_database(database), m_set(nextSet())
    {
        for (const Beginning& each : beginnings)
            m_sizes.push_back(each.word.size() + each.tailSize);
    }
    HyperscanSet(const HyperscanSet&) = delete;
    HyperscanSet& operator=(const HyperscanSet&) = delete;
    ~HyperscanSet() override { hs_free_database(m_database); }

    [[nodiscard]] bool hyperscan() const override { return true; }

    [[nodiscard]] std::vector<Begun> find(std::string_view text) const override
    {
        Scan scan{m_sizes, {}, false};
        if (!run(text, scan)) return m_portable.find(text);
        std::sort(scan.found.begin(), scan.found.end(), [](const Begun& left, const Begun& right) {
            return left.place != right.place ? left.place < right.place : left.beginning < right.beginning;
        });
        return std::move(scan.found);
    }

    [[nodiscard]] bool findsAny(std::string_view text) const override
    {
        Scan scan{m_sizes, {}, true};
        return run(text, scan) ? !scan.found.empty() : m_portable.findsAny(text);
    }

private:
    struct Scan {
        const std::vector<std::size_t>& sizes;
        std::vector<Begun> found;
        bool firstOnly = false;
    };

    static int onMatch(unsigned id, unsigned long long, unsigned long long end, unsigned, void* context)
    {
        Scan& scan = *static_cast<Scan*>(context);
        scan.found.push_back({static_cast<std::size_t>(end) - scan.sizes[id], id});
        return scan.firstOnly ? 1 : 0;
    }

    bool run(std::string_view text, Scan& scan) const
    {
        if (text.empty()) return true;
        thread_local ThreadScratch scratches;
        hs_scratch_t* scratch = scratches.fit(m_database, m_set);
        if (scratch == nullptr || text.size() >= kMaxScan) return false;
        const hs_error_t error = hs_scan(m_database, text.data(), static_cast<unsigned>(text.size()), 0,
                                         scratch, &HyperscanSet::onMatch, &scan);
        if (error == HS_SUCCESS || error == HS_SCAN_TERMINATED) return true;
        scan.found.clear();
        return false;
    }

    WordAutomaton m_portable; // for texts that Hyperscan cannot take
    std::vector<std::size_t> m_sizes;
    hs_database_t* m_database;
    std::uint64_t m_set;
};

hs_database_t* fromCache(const std::filesystem::path& path, std::string_view key)
{
    const auto bytes = wholeCache(path);
    if (!bytes || bytes->size() <= 2 * kDigest || bytes->compare(0, kDigest, key) != 0) return nullptr;
    const std::string_view payload = std::string_view(*bytes).substr(2 * kDigest);
    if (bytes->compare(kDigest, kDigest, viewOf(sha256(payload))) != 0) return nullptr;
    hs_database_t* database = nullptr;
    const hs_error_t error = hs_deserialize_database(payload.data(), payload.size(), &database);
    return error == HS_SUCCESS ? database : nullptr;
}

void toCache(const std::filesystem::path& path, std::string_view key, const hs_database_t* database)
{
    char* serialized = nullptr;
    std::size_t size = 0;
    if (hs_serialize_database(database, &serialized, &size) != HS_SUCCESS) return;
    const std::string_view payload(serialized, size);
    std::string bytes(key);
    bytes.append(viewOf(sha256(payload))).append(payload);
    free(serialized);
    writeCache(path, bytes);
}

hs_database_t* compiled(const std::vector<std::string>& expressions, const std::vector<unsigned>& flags)
{
    std::vector<const char*> texts;
    std::vector<unsigned> ids;
    for (std::size_t i = 0; i < expressions.size(); ++i) {
        texts.push_back(expressions[i].c_str());
        ids.push_back(static_cast<unsigned>(i));
    }
    hs_database_t* database = nullptr;
    hs_compile_error_t* error = nullptr;
    const hs_error_t result =
        hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(texts.size()),
                         HS_MODE_BLOCK, nullptr, &database, &error);
    if (error != nullptr) hs_free_compile_error(error);
    return result == HS_SUCCESS ? database : nullptr;
}

std::shared_ptr<const PatternSet> withHyperscan(const std::vector<Beginning>& beginnings,
                                                const std::filesystem::path& cacheFile)
{
    if (beginnings.empty() || hs_valid_platform() != HS_SUCCESS) return nullptr;
    std::vector<std::string> expressions;
    std::vector<unsigned> flags;
    std::string named = hs_version();
    for (const Beginning& each : beginnings) {
        expressions.push_back(expressionOf(each));
        flags.push_back(each.anyCase && each.tailSize == 0 ? HS_FLAG_CASELESS : 0);
        named += '\n' + std::to_string(flags.back()) + expressions.back();
    }
    const Sha256 digest = sha256(named);
    hs_database_t* database = cacheFile.empty() ? nullptr : fromCache(cacheFile, viewOf(digest));
    if (database == nullptr) {
        database = compiled(expressions, flags);
        if (database != nullptr && !cacheFile.empty()) toCache(cacheFile, viewOf(digest), database);
    }
    if (database == nullptr) return nullptr;
    return std::make_shared<const HyperscanSet>(beginnings, database);
}

} // namespace
#endif

std::shared_ptr<const PatternSet> PatternSet::compile(std::vector<Beginning> beginnings,
                                                      [[maybe_unused]] const std::filesystem::path& cacheFile,
                                                      [[maybe_unused]] Engine engine)
{
#ifdef TURNPIKE_HYPERSCAN
    if (engine != Engine::Portable) {
        if (auto set = withHyperscan(beginnings, cacheFile)) return set;
    }
#endif
    return std::make_shared<const WordAutomaton>(std::move(beginnings));
}

} // namespace gateway::guardrail
