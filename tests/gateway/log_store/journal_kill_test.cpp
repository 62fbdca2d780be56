// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>

#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include "gateway/gateway.h"
#include "gateway/log_store/log_fixture.h"

using namespace gateway;
using namespace gateway::log_store;

class JournalKillTest : public QObject {
    Q_OBJECT

    /// Starts the writer, kills it at some moment, and gives back the ids it said are logged.
    std::set<std::int64_t> writeAndKill(const std::string& dir, int first)
    {
        QProcess writer;
        writer.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        writer.start(QStringLiteral(JOURNAL_WRITER), {QString::fromStdString(dir), QString::number(first)});
        QByteArray output;
        const int wanted = QRandomGenerator::global()->bounded(1, 20'000);
        while (output.size() < wanted && writer.waitForReadyRead(10'000))
            output += writer.readAllStandardOutput();
        writer.kill();
        writer.waitForFinished();
        output += writer.readAllStandardOutput();
        std::set<std::int64_t> ids;
        for (const QByteArray& line : output.left(output.lastIndexOf('\n')).split('\n'))
            ids.insert(line.toLongLong());
        return ids;
    }

    std::set<std::int64_t> logged(const std::string& dir)
    {
        LogQuery query;
        query.limit = 100'000;
        const auto page = readLog(dir, query);
        if (!page.ok()) qWarning("%s", page.error().message.c_str());
        std::set<std::int64_t> ids;
        if (!page.ok()) return ids;
        for (const LogRow& row : page->rows)
            ids.insert(row.id.value);
        return ids;
    }

private slots:
    void losesNoRowThatWasSaidToBeLogged()
    {
        const QTemporaryDir folder;
        const std::string dir = folder.path().toStdString() + "/log";
        std::set<std::int64_t> said;
        for (int round = 0; round < 20; ++round) {
            const auto ids = writeAndKill(dir, round * 10'000);
            QVERIFY(!ids.empty());
            said.insert(ids.begin(), ids.end());
            // Once as the next command sees it, and every other time after a start that cleans up.
            const auto before = logged(dir);
            QVERIFY(std::includes(before.begin(), before.end(), said.begin(), said.end()));
            if (round % 2 == 0) continue;
            std::vector<std::string> notices;
            LogStoreOptions options;
            options.notice = [&notices](std::string text) { notices.push_back(std::move(text)); };
            LogStore store(options);
            store.start(dir);
            store.stop();
            QVERIFY2(notices.empty(), notices.empty() ? "" : notices.front().c_str());
            QCOMPARE(logged(dir), before);
        }
    }
};

QTEST_GUILESS_MAIN(JournalKillTest)
#include "journal_kill_test.moc"
