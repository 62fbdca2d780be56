// SPDX-License-Identifier: GPL-3.0-or-later
#include <csignal>
#include <cstdlib>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include "gateway/config_io.h"

using gateway::keepConfigCopy;
using gateway::readConfigFile;
using gateway::writeConfigFile;

namespace {

std::string contentOf(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string("(missing)");
}

int modeOf(const std::string& path)
{
    struct stat info = {};
    return stat(path.c_str(), &info) == 0 ? static_cast<int>(info.st_mode & 07777U) : -1;
}

} // namespace

class ConfigFileTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::string m_path;

    QStringList entries() const
    {
        return QDir(QFileInfo(QString::fromStdString(m_path)).path())
            .entryList(QDir::Files | QDir::Hidden | QDir::System);
    }

private slots:
    void init()
    {
        static int count = 0;
        m_path = m_folder.filePath(QString::number(++count) + "/turnpike/config.json").toStdString();
    }

    void leftoversOfAKilledProgramAreRemoved()
    {
        QVERIFY(writeConfigFile(m_path, "{}").ok());
        const auto make = [&](const char* name, int minutesAgo) {
            QFile file(QFileInfo(QString::fromStdString(m_path)).path() + name);
            QVERIFY(file.open(QIODevice::WriteOnly));
            QVERIFY(file.setFileTime(QDateTime::currentDateTime().addSecs(-60 * minutesAgo),
                                     QFileDevice::FileModificationTime));
        };
        make("/config.json.tmp-0011223344556677", 5);
        make("/config.json.tmp-8899aabbccddeeff", 0); // somebody may be writing it now
        make("/config.json.old", 5);
        QVERIFY(writeConfigFile(m_path, R"({"version":1})").ok());
        QCOMPARE(entries(), (QStringList{"config.json", "config.json.bak", "config.json.old",
                                         "config.json.tmp-8899aabbccddeeff"}));
    }

    void aMissingFileIsAnEmptyText()
    {
        const auto text = readConfigFile(m_path);
        QVERIFY(text.ok());
        QVERIFY(text->empty());
    }

    void anEmptyFileIsAnError()
    {
        QVERIFY(writeConfigFile(m_path, "{}").ok());
        for (const char* text : {"", " \n\t "}) {
            QFile file(QString::fromStdString(m_path));
            QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
            file.write(text);
            file.close();
            const auto read = readConfigFile(m_path);
            QVERIFY(!read.ok());
            QVERIFY(read.error().message.find("is empty") != std::string::npos);
        }
    }

    void copiesATextThatWasFoundGood()
    {
        const std::string text = R"({"server": {"port": 1}})";
        QVERIFY(writeConfigFile(m_path, text).ok());
        QVERIFY(keepConfigCopy(m_path, text).ok());
        QCOMPARE(contentOf(m_path + ".bak"), text);
        QCOMPARE(modeOf(m_path + ".bak"), 0600);
        const QDateTime written = QFileInfo(QString::fromStdString(m_path + ".bak")).lastModified();
        QVERIFY(keepConfigCopy(m_path, text).ok());
        QCOMPARE(QFileInfo(QString::fromStdString(m_path + ".bak")).lastModified(), written);
    }

    void writesForTheOwnerAlone()
    {
        umask(0);
        QVERIFY(writeConfigFile(m_path, "{}\n").ok());
        umask(022);
        QCOMPARE(*readConfigFile(m_path), std::string("{}\n"));
        QCOMPARE(modeOf(m_path), 0600);
        QCOMPARE(modeOf(QFileInfo(QString::fromStdString(m_path)).path().toStdString()), 0700);
        QCOMPARE(entries(), QStringList{"config.json"});
    }

    void keepsTheLastGoodText()
    {
        const std::string first = R"({"server": {"port": 1}})";
        QVERIFY(writeConfigFile(m_path, first).ok());
        QVERIFY(writeConfigFile(m_path, "{}").ok());
        QCOMPARE(contentOf(m_path + ".bak"), first);
        QCOMPARE(modeOf(m_path + ".bak"), 0600);
        QVERIFY(writeConfigFile(m_path, "{ broken").ok());
        QVERIFY(writeConfigFile(m_path, first).ok());
        QCOMPARE(contentOf(m_path + ".bak"), std::string("{}"));
        QCOMPARE(entries(), (QStringList{"config.json", "config.json.bak"}));
    }

    void replacesALinkInsteadOfFollowingIt()
    {
        QVERIFY(writeConfigFile(m_path, "{}").ok());
        const std::string victim = m_folder.filePath("victim").toStdString();
        QFile file(QString::fromStdString(victim));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("precious") == 8);
        file.close();
        unlink(m_path.c_str());
        QCOMPARE(symlink(victim.c_str(), m_path.c_str()), 0);
        QVERIFY(writeConfigFile(m_path, R"({"version": 1})").ok());
        QCOMPARE(contentOf(victim), std::string("precious"));
        QCOMPARE(contentOf(m_path), std::string(R"({"version": 1})"));
    }

    void aFullDiskLeavesTheOldText()
    {
        QVERIFY(writeConfigFile(m_path, "{}").ok());
        const std::string large = "{\"x-a\": \"" + std::string(100'000, 'x') + "\"}";
        const pid_t child = fork();
        if (child == 0) {
            std::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit = {4096, 4096};
            setrlimit(RLIMIT_FSIZE, &limit);
            _exit(writeConfigFile(m_path, large).ok() ? 1 : 0);
        }
        int status = -1;
        waitpid(child, &status, 0);
        QCOMPARE(status, 0);
        QCOMPARE(contentOf(m_path), std::string("{}"));
        QVERIFY2(entries().filter("tmp").isEmpty(), qPrintable(entries().join(' ')));
    }

    void aFolderInItsPlaceIsAnError()
    {
        QVERIFY(QDir().mkpath(QString::fromStdString(m_path)));
        QVERIFY(!readConfigFile(m_path).ok());
        QVERIFY(!writeConfigFile(m_path, "{}").ok());
        QVERIFY(entries().isEmpty());
    }

    void refusesALargeFile()
    {
        QVERIFY(writeConfigFile(m_path, std::string((1 << 20) + 1, ' ')).ok());
        const auto text = readConfigFile(m_path);
        QVERIFY(!text.ok());
        QVERIFY(text.error().message.find("1 MiB") != std::string::npos);
    }

    void isWholeAtEveryMoment()
    {
        const std::string one = "{\"x-a\": \"" + std::string(50'000, 'a') + "\"}";
        const std::string two = "{\"x-a\": \"" + std::string(70'000, 'b') + "\"}";
        QVERIFY(writeConfigFile(m_path, one).ok());
        for (int round = 0; round < 20; ++round) {
            const pid_t child = fork();
            if (child == 0) {
                for (;;) {
                    static_cast<void>(writeConfigFile(m_path, two).ok());
                    static_cast<void>(writeConfigFile(m_path, one).ok());
                }
            }
            for (int i = 0; i < 200 + round * 37; ++i) {
                const auto text = readConfigFile(m_path);
                const bool whole = text.ok() && (*text == one || *text == two);
                if (!whole) kill(child, SIGKILL);
                QVERIFY(whole);
            }
            kill(child, SIGKILL);
            waitpid(child, nullptr, 0);
            const std::string text = contentOf(m_path);
            QVERIFY(text == one || text == two);
        }
    }

    void twoProgramsDoNotLoseEachOthersChange()
    {
        constexpr int kEach = 40;
        QVERIFY(writeConfigFile(m_path, "{}").ok());
        const auto addKeys = [this](const std::string& prefix) {
            for (int i = 0; i < kEach; ++i) {
                const gateway::ConfigFileLock lock(m_path);
                const auto text = readConfigFile(m_path);
                gateway::Config config = gateway::parseConfig(*text).config;
                config.aliases.emplace_back(prefix + std::to_string(i), "sandbox/echo");
                static_cast<void>(writeConfigFile(m_path, gateway::updateConfigText(*text, config)).ok());
            }
        };
        const pid_t child = fork();
        if (child == 0) {
            addKeys("child");
            _exit(0);
        }
        addKeys("parent");
        waitpid(child, nullptr, 0);
        QCOMPARE(gateway::parseConfig(*readConfigFile(m_path)).config.aliases.size(), std::size_t(2 * kEach));
    }
};

QTEST_GUILESS_MAIN(ConfigFileTest)
#include "config_file_test.moc"
