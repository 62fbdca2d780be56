// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <unistd.h>
#include <vector>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include "engine/client_process.h"
#include "engine/process_watch.h"

using namespace gateway::engine;
using gateway::pipeline::ClientOrigin;
using gateway::pipeline::OriginFacts;

namespace {

constexpr const char* kHead =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
// 127.0.0.1:40000 to 127.0.0.1:4777, and our side of it.
constexpr const char* kClient =
    "   1: 0100007F:9C40 0100007F:12A9 01 00000000:00000000 00:00000000 00000000  1000        0 4711 1 "
    "0000000000000000 20 4 30 10 -1\n";
constexpr const char* kOurs =
    "   2: 0100007F:12A9 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1\n";

std::uint64_t inodeIn(const std::string& table, std::uint16_t clientPort = 40000,
                      std::uint16_t ourPort = 4777)
{
    std::array<ClientSocket, 1> sockets{ClientSocket{clientPort, ourPort}};
    findInodes(table, sockets);
    return sockets[0].inode;
}

std::string nameOf(const std::string& executable, const QByteArray& commandLine,
                   const std::vector<std::string>& files = {})
{
    const QByteArray words = QByteArray(commandLine).replace('|', '\0');
    return programName(executable, words.toStdString(), [&files](std::string_view word) {
        return std::find(files.begin(), files.end(), word) != files.end();
    });
}

} // namespace

class ClientProcessTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_root = std::make_unique<QTemporaryDir>(); }

    void findsTheClientsSide()
    {
        QCOMPARE(inodeIn(std::string(kHead) + kOurs + kClient), 4711u);
        QCOMPARE(inodeIn(std::string(kHead) + kOurs), 0u);
        QCOMPARE(inodeIn(std::string(kHead) + kClient, 40000, 4778), 0u);
        QCOMPARE(inodeIn(std::string(kHead) + kClient, 40001, 4777), 0u);
    }

    void findsItByIpv6()
    {
        const std::string rest = " 01 00000000:00000000 00:00000000 00000000  1000        0 99 1\n";
        const std::string own = "00000000000000000000000001000000";
        const std::string mapped = "0000000000000000FFFF00000100007F";
        QCOMPARE(inodeIn("   0: " + own + ":9C40 " + own + ":12A9" + rest), 99u);
        QCOMPARE(inodeIn("   0: " + mapped + ":9C40 " + mapped + ":12A9" + rest), 99u);
    }

    void takesNoOtherMachines()
    {
        const std::string rest = ":12A9 01 00000000:00000000 00:00000000 00000000  1000        0 99 1\n";
        QCOMPARE(inodeIn("   0: 0102A8C0:9C40 0102A8C0" + rest), 0u);
        QCOMPARE(inodeIn("   0: 0100007F:9C40 0102A8C0" + rest), 0u);
        const std::string other = "000000000000000000000000010000FE";
        QCOMPARE(inodeIn("   0: " + other + ":9C40 " + other + rest), 0u);
    }

    void survivesBrokenTables()
    {
        const std::string whole = std::string(kHead) + kOurs + kClient;
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            const std::uint64_t inode = inodeIn(whole.substr(0, size));
            QVERIFY(inode == 0 || inode <= 4711);
        }
        QCOMPARE(inodeIn("\n\n   \n: : : :\n1: 0100007F:9C40 0100007F:12A9\n"), 0u);
        QCOMPARE(inodeIn("1: 0100007F:FFFFF 0100007F:12A9 1 1 1 1 1 1 5\n", 0xFFFF), 0u);
        QCOMPARE(inodeIn("1: 0100007F:9C40 0100007F:12A9 1 1 1 1 1 1 99999999999999999999999\n"), 0u);
    }

    void readsSocketLinks()
    {
        QCOMPARE(socketInode("socket:[4711]"), 4711u);
        for (const char* other : {"", "socket:[", "socket:[]", "socket:[x]", "pipe:[4711]", "/tmp/socket:[1]",
                                  "socket:[4711] ", "socket:[-1]"})
            QCOMPARE(socketInode(other), 0u);
    }

    void namesPrograms_data()
    {
        QTest::addColumn<QByteArray>("executable");
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("name");
        const auto row = [](const char* what, const char* executable, const char* line, const char* name) {
            QTest::newRow(what) << QByteArray(executable) << QByteArray(line) << QByteArray(name);
        };
        row("a program", "/usr/bin/curl", "curl|-H|Authorization: secret|http://x", "curl");
        row("one that was replaced", "/opt/codex (deleted)", "codex|exec", "codex");
        row("a script", "/usr/bin/python3.11", "python3|/bin/aider|--api-key|secret|", "aider");
        row("with options", "/usr/bin/python3", "python|-u|-X|dev|/bin/aider|x", "aider");
        row("a module", "/usr/bin/python3", "python3|-m|http.client|secret", "http.client");
        row("a program's text", "/usr/bin/python3", "python3|-c|print('secret')|/bin/aider", "python3");
        row("options in one word", "/usr/bin/python3", "python3|-Ic|secret|/bin/aider", "python3");
        row("node", "/usr/bin/node", "node|--require|/hook.js|/bin/claude|-p|secret", "claude");
        row("node's text", "/usr/bin/node", "node|-e|secret|/bin/claude", "node");
        row("a name that it gave itself", "/usr/bin/node", "claude|", "claude");
        row("a sentence is no name", "/usr/bin/node", "npm exec --token=secret|", "node");
        row("by itself", "/usr/bin/node", "node|", "node");
        row("without a line", "/usr/bin/node", "", "node");
        row("deno", "/usr/bin/deno", "deno|run|-A|/bin/claude|x", "claude");
        row("no file", "/usr/bin/node", "node|secret|/bin/claude", "node");
        row("java's archive", "/usr/bin/java", "java|-Xmx1g|-jar|/app.jar|secret", "app.jar");
        row("java's class", "/usr/bin/java", "java|-cp|/app.jar|com.example.Main|secret", "com.example.Main");
        row("nothing", "", "", "");
        row("no text", "/bin/\xFF\xFE", "x", "");
    }

    void namesPrograms()
    {
        QFETCH(QByteArray, executable);
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, name);
        const std::string found =
            nameOf(executable.toStdString(), line, {"/bin/aider", "/bin/claude", "/hook.js", "/app.jar"});
        QCOMPARE(found, name.toStdString());
        QVERIFY(found.find("secret") == std::string::npos);
    }

    void boundsNames()
    {
        QVERIFY(nameOf("/bin/" + std::string(500, 'a'), "a").size() < 70);
        QCOMPARE(nameOf("/bin/a\nb", "a"), std::string("a?b"));
    }

    void findsTheRepository()
    {
        const std::string root = m_root->path().toStdString();
        makeFile("code/api/.git/HEAD");
        QDir().mkpath(m_root->filePath("code/api/src/deep"));
        makeFile("code/tree/.git"); // as in a worktree
        QDir().mkpath(m_root->filePath("code/empty/.git"));
        QCOMPARE(repositoryOf(root + "/code/api/src/deep", {}), root + "/code/api");
        QCOMPARE(repositoryOf(root + "/code/api/", {}), root + "/code/api");
        QCOMPARE(repositoryOf(root + "/code/tree", {}), root + "/code/tree");
        QCOMPARE(repositoryOf(root + "/code/empty", {}), std::string());
        QCOMPARE(repositoryOf(root + "/code/gone/src", {}), std::string());
        for (const char* none : {"", "/", "relative/path", "."})
            QCOMPARE(repositoryOf(none, {}), std::string());
    }

    void staysWithinTheHome()
    {
        const std::string root = m_root->path().toStdString();
        makeFile("all/.git/HEAD");
        QDir().mkpath(m_root->filePath("all/home/code"));
        QCOMPARE(repositoryOf(root + "/all/home/code", root + "/all/home"), std::string());
        QCOMPARE(repositoryOf(root + "/all/home/code", root + "/all/ho"), root + "/all");
        QCOMPARE(repositoryOf(root + "/all/other", root + "/all/home"), root + "/all");
    }

    void givesUpSomewhere()
    {
        const std::string root = m_root->path().toStdString();
        makeFile(".git/HEAD");
        std::string deep = root;
        for (int i = 0; i < 100; ++i)
            deep += "/x";
        QCOMPARE(repositoryOf(deep, {}), std::string());
    }

    void goesThroughTheProcesses()
    {
        makeFile("proc/net/tcp", QByteArray(kHead) + kOurs + kClient);
        makeLink("proc/12/fd/3", "socket:[4712]");
        makeLink("proc/14/fd/9", "socket:[4711]");
        makeLink("proc/20/fd/1", "socket:[4711]"); // that it was passed on to
        makeLink("proc/self/fd/1", "socket:[4711]");
        const std::string root = m_root->path().toStdString();
        std::array<ClientSocket, 2> sockets{ClientSocket{40000, 4777}, ClientSocket{40001, 4777}};
        findProcesses(sockets, {}, root);
        QCOMPARE(sockets[0].process, 14);
        QCOMPARE(sockets[1].process, 0);
        std::array<ClientSocket, 1> again{ClientSocket{40000, 4777}};
        findProcesses(again, {99, 20}, root);
        QCOMPARE(again[0].process, 20);
    }

    void tellsNothingOfWhatHasEnded() { QCOMPARE(originOf(5, m_root->path().toStdString()), OriginFacts()); }

    void tellsWhatItIs()
    {
        makeFile("code/api/.git/HEAD");
        makeFile("code/api/tool.py");
        makeFile("proc/7/cmdline", QByteArray("python3\0tool.py\0--key\0secret", 28));
        makeLink("proc/7/exe", "/usr/bin/python3.11");
        makeLink("proc/7/cwd", m_root->filePath("code/api").toUtf8());
        const std::string root = m_root->path().toStdString();
        QCOMPARE(originOf(7, root), (OriginFacts{"tool.py", root + "/code/api", root + "/code/api"}));
        makeLink("proc/7/cwd", m_root->filePath("code/api (deleted)").toUtf8());
        QCOMPARE(originOf(7, root).folder, std::string());
    }

    void findsThisProcess()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        QTcpSocket client;
        client.connectToHost(QHostAddress::LocalHost, server.serverPort());
        QVERIFY(client.waitForConnected());
        ProcessWatch watch;
        const auto known = std::make_shared<ClientOrigin>();
        const auto unknown = std::make_shared<ClientOrigin>();
        watch.find(known, client.localPort(), server.serverPort());
        watch.find(unknown, 1, server.serverPort());
        QTRY_VERIFY(known->facts() && unknown->facts());
        QCOMPARE(known->facts()->program, std::string("engine_client_process_test"));
        QCOMPARE(known->facts()->folder, QDir::currentPath().toStdString());
        QCOMPARE(*unknown->facts(), OriginFacts());
    }

    void tellsThoseThatWaitAtItsEnd()
    {
        std::vector<std::shared_ptr<ClientOrigin>> origins;
        std::atomic<int> told{0};
        {
            ProcessWatch watch;
            for (int i = 0; i < 2000; ++i) {
                origins.push_back(std::make_shared<ClientOrigin>());
                origins.back()->whenKnown([&told] { ++told; });
                watch.find(origins.back(), 1, 2);
            }
        }
        QCOMPARE(told.load(), 2000);
        ProcessWatch ended;
        ended.stop();
        const auto late = std::make_shared<ClientOrigin>();
        ended.find(late, 1, 2);
        QVERIFY(late->facts());
        bool atOnce = false;
        late->whenKnown([&atOnce] { atOnce = true; });
        QVERIFY(atOnce);
    }

private:
    void makeFile(const QString& name, const QByteArray& text = {}) const
    {
        const QString path = m_root->filePath(name);
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    void makeLink(const QString& name, const QByteArray& target) const
    {
        const QString path = m_root->filePath(name);
        QDir().mkpath(QFileInfo(path).path());
        QFile::remove(path);
        QVERIFY(::symlink(target.constData(), path.toUtf8().constData()) == 0);
    }

    std::unique_ptr<QTemporaryDir> m_root;
};

QTEST_GUILESS_MAIN(ClientProcessTest)
#include "client_process_test.moc"
