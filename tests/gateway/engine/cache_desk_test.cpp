// SPDX-License-Identifier: GPL-3.0-or-later
// What people ask about kept answers.
#include <future>
#include <memory>
#include <sqlite3.h>
#include <string>
#include <tuple>
#include <vector>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "base/wall_clock.h"
#include "engine/cache_desk.h"

using namespace gateway;

namespace {

constexpr const char* kWhole =
    R"({"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"finish_reason":"stop",)"
    R"("message":{"role":"assistant","content":"It scatters."}}]})";
constexpr const char* kTool =
    R"({"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"finish_reason":"tool_calls",)"
    R"("message":{"role":"assistant","content":null,"tool_calls":[{"id":"t","type":"function",)"
    R"("function":{"name":"look_up","arguments":"{\"word\":\"sky\"}"}}]}}]})";
constexpr const char* kStream =
    "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,"
    "\"delta\":{\"role\":\"assistant\",\"content\":\"It \"}}]}\n\n"
    "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,"
    "\"delta\":{\"content\":\"scatters.\"},\"finish_reason\":\"stop\"}]}\n\n"
    "data: [DONE]\n\n";

/// A desk over answers in a folder of its own; each call waits for its answer.
struct Desk {
    /// `path`: of the folder, instead of one of its own.
    explicit Desk(const QString& path = {})
    {
        desk.start((path.isEmpty() ? folder.path() : path).toStdString(), [](const std::string&) {});
    }
    ~Desk() { pool.join(); }
    std::string keep(unsigned char number, const std::string& prompt, const std::string& reply,
                     bool isStream = false, std::int64_t age = 0)
    {
        auto answer = std::make_shared<cache::CachedAnswer>();
        answer->key.fill(number);
        answer->dialect = DialectId::OpenAiChat;
        answer->isStream = isStream;
        answer->reply = reply;
        answer->prompt = prompt;
        answer->owner = "laptop";
        answer->model = "gpt-x";
        answer->madeAt = nowSeconds() - age;
        answer->expiresAt = nowSeconds() + 3600;
        std::ignore = answers.table.keep(answer);
        answers.disk.load()->write(*answer);
        return hexText(answer->key);
    }
    std::vector<CacheEntry> list(const CacheFilter& filter = {})
    {
        return wait<std::vector<CacheEntry>>([&](auto done) { desk.list(filter, 10, done); });
    }
    std::string text(const std::string& key)
    {
        return wait<std::string>([&](auto done) { desk.text(key, done); });
    }
    std::size_t purge(const CacheFilter& filter, bool countOnly)
    {
        return wait<std::size_t>([&](auto done) { desk.purge(filter, countOnly, done); });
    }
    bool pin(const std::string& key, bool pinned)
    {
        return wait<bool>([&](auto done) { desk.pin(key, pinned, done); });
    }

    template <class T, class Ask>
    T wait(Ask ask)
    {
        auto promise = std::make_shared<std::promise<T>>();
        ask([promise](T value) { promise->set_value(std::move(value)); });
        return promise->get_future().get();
    }

    QTemporaryDir folder;
    pipeline::AnswerCache answers;
    boost::asio::thread_pool pool{1};
    engine::CacheDesk desk{answers, pool};
};

} // namespace

class CacheDeskTest : public QObject {
    Q_OBJECT

private slots:
    void listsWhatFits()
    {
        Desk at;
        at.keep(1, "Why is the sky blue?", kWhole);
        at.keep(2, "Why is grass green?", kWhole, false, 7200);
        QCOMPARE(at.list().size(), 2U);
        CacheFilter filter;
        filter.text = "SKY";
        QCOMPARE(at.list(filter).size(), 1U);
        QCOMPARE(at.list(filter)[0].prompt, std::string("Why is the sky blue?"));
        QCOMPARE(at.list(filter)[0].owner, std::string("laptop"));
        filter = {};
        filter.olderThan = 3600;
        QCOMPARE(at.list(filter).size(), 1U);
        filter = {};
        filter.model = "other";
        QVERIFY(at.list(filter).empty());
    }

    void saysAnswersInWords()
    {
        Desk at;
        QCOMPARE(at.text(at.keep(1, "a", kWhole)), std::string("It scatters."));
        QCOMPARE(at.text(at.keep(2, "b", kStream, true)), std::string("It scatters."));
        QCOMPARE(at.text(at.keep(3, "c", kTool)), std::string(R"(look_up({"word":"sky"}))"));
        QCOMPARE(at.text(at.keep(4, "d", "no JSON")), std::string("no JSON"));
        QCOMPARE(at.text(std::string(64, 'f')), std::string());
        QCOMPARE(at.text("no key"), std::string());
    }

    void countsBeforeItForgets()
    {
        Desk at;
        at.keep(1, "one", kWhole);
        const std::string second = at.keep(2, "two", kWhole);
        CacheFilter filter;
        filter.key = second;
        QCOMPARE(at.purge(filter, true), 1U);
        QCOMPARE(at.list().size(), 2U);
        QCOMPARE(at.purge(filter, false), 1U);
        QCOMPARE(at.list().size(), 1U);
        QCOMPARE(at.desk.figures().answers, 1U);
        QCOMPARE(at.text(second), std::string());
    }

    void pinnedOnesStay()
    {
        Desk at;
        const std::string key = at.keep(1, "one", kWhole);
        at.keep(2, "two", kWhole);
        QVERIFY(at.pin(key, true));
        QVERIFY(!at.pin(std::string(64, 'f'), true));
        CacheFilter others;
        others.pinnedToo = false;
        QCOMPARE(at.purge(others, false), 1U);
        QCOMPARE(at.list().size(), 1U);
        QVERIFY(at.list()[0].pinned);
        QVERIFY(at.pin(key, false));
        QCOMPARE(at.purge(others, false), 1U);
    }

    void keepsInAFolderBehindALink()
    {
        const QTemporaryDir real, links;
        const QString link = links.filePath("data");
        QVERIFY(QFile::link(real.path(), link));
        {
            Desk at(link);
            at.keep(1, "one", kWhole);
            QCOMPARE(at.list().size(), 1U);
            QCOMPARE(at.desk.figures().problem, std::string());
        }
        QVERIFY(QFile::exists(real.filePath("cache.db")));
    }

    void purgesWhatNoFileHas()
    {
        const QTemporaryDir folder;
        Desk at(folder.filePath("missing"));
        at.keep(1, "one", kWhole);
        at.keep(2, "two", kWhole);
        QVERIFY(at.list().empty());
        QVERIFY(!at.desk.figures().problem.empty());
        CacheFilter filter;
        filter.text = "one";
        QCOMPARE(at.purge(filter, false), 0U);
        QCOMPARE(at.desk.figures().answers, 2U);
        QCOMPARE(at.purge({}, true), 2U);
        QCOMPARE(at.purge({}, false), 2U);
        QCOMPARE(at.desk.figures().answers, 0U);
    }

    void leavesNothingOfWhatIsPurged()
    {
        const QTemporaryDir folder;
        const QByteArray secret = "the quick brown otter";
        {
            Desk at(folder.path());
            at.keep(1, secret.toStdString(), kWhole);
            at.keep(2, "another", kWhole);
            CacheFilter filter;
            filter.text = "otter";
            QCOMPARE(at.purge(filter, false), 1U);
        }
        for (const QString& name : QDir(folder.path()).entryList(QDir::Files)) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY2(!file.readAll().contains(secret), qPrintable(name));
        }
    }

    void bearsAnyNumberInItsFile()
    {
        const QTemporaryDir folder;
        {
            Desk at(folder.path());
            for (unsigned char number = 1; number < 9; ++number)
                at.keep(number, "one", kWhole);
        }
        sqlite3* database = nullptr;
        QCOMPARE(sqlite3_open(folder.filePath("cache.db").toUtf8().constData(), &database), SQLITE_OK);
        for (const char* change :
             {"UPDATE answers SET bytes=9223372036854775807, cost=9223372036854775807, "
              "made=-9223372036854775807-1, "
              "expires=9223372036854775807, saved=-5, hits=-1, steps=x'01', counts=x'00'",
              "UPDATE answers SET dialect='none', key=x'0102' WHERE rowid=1"})
            QCOMPARE(sqlite3_exec(database, change, nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(database);
        Desk at(folder.path());
        const auto listed = at.list(); // behind what reads them all
        QVERIFY(listed.size() < 9);
        const CacheFigures figures = at.desk.figures();
        QVERIFY(figures.bytes >= 0 && figures.answers < 9);
        for (const CacheEntry& each : listed) {
            QVERIFY(each.bytes >= 0 && each.savedNanos >= 0 && each.madeAt >= 0 && each.costNanos >= 0);
            QVERIFY(!at.text(each.key).empty());
        }
    }
};

QTEST_GUILESS_MAIN(CacheDeskTest)
#include "cache_desk_test.moc"
