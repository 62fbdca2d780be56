// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "gateway/secrets.h"

using gateway::parseSecretRef;
using gateway::readLocalSecret;
using gateway::Secret;
using gateway::SecretKind;
using gateway::SecretRef;

class SecretsTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    std::string fileWith(const QByteArray& bytes, mode_t mode)
    {
        const QString path = m_folder.filePath("key");
        QFile::remove(path);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) return {};
        file.close();
        chmod(path.toLocal8Bit().constData(), mode);
        return path.toStdString();
    }

private slots:
    void copiesShareTheirBytes()
    {
        const Secret secret("sk-1234567890");
        const Secret copy = secret;
        QVERIFY(copy.reveal() == "sk-1234567890");
        QCOMPARE(static_cast<const void*>(copy.reveal().data()),
                 static_cast<const void*>(secret.reveal().data()));
        QVERIFY(Secret().empty());
        QVERIFY(Secret("").empty());
        const std::string large(100'000, 'k');
        QVERIFY(Secret(large).reveal() == large);
    }

    void masksAllButTheEnd()
    {
        QCOMPARE(Secret("sk-1234567890abcd").masked(), std::string("…abcd"));
        QCOMPARE(Secret("short").masked(), std::string("…"));
        QCOMPARE(Secret().masked(), std::string("…"));
    }

    void wipesAString()
    {
        std::string text = "a secret that is long enough for the heap";
        const char* bytes = text.data();
        gateway::wipe(text);
        QVERIFY(text.empty());
        QCOMPARE(bytes[0], '\0');
    }

    void readsReferences()
    {
        QCOMPARE(parseSecretRef("keychain:openai/work")->name, std::string("openai/work"));
        QVERIFY(parseSecretRef("env:A_B1")->kind == SecretKind::Environment);
        QCOMPARE(parseSecretRef("file:/run/a b")->text(), std::string("file:/run/a b"));
        for (const char* wrong :
             {"", "sk-hidden-key", "keychain:", "env:", "env:1A", "env:A B", "file:relative",
              "file:", "Env:A", "keychain:a\nb", "plain:sk-hidden-key"}) {
            const auto ref = parseSecretRef(wrong);
            QVERIFY2(!ref.ok(), wrong);
            QVERIFY(ref.error().message.find("hidden") == std::string::npos);
        }
    }

    void readsTheEnvironment()
    {
        const SecretRef ref{SecretKind::Environment, "TURNPIKE_TEST_SECRET"};
        unsetenv("TURNPIKE_TEST_SECRET");
        QVERIFY(!readLocalSecret(ref).ok());
        setenv("TURNPIKE_TEST_SECRET", "  ", 1);
        QVERIFY(!readLocalSecret(ref).ok());
        setenv("TURNPIKE_TEST_SECRET", "abc\r\nx-evil: 1", 1);
        QVERIFY(!readLocalSecret(ref).ok());
        setenv("TURNPIKE_TEST_SECRET", " abc\n", 1);
        QVERIFY(readLocalSecret(ref)->reveal() == "abc");
        unsetenv("TURNPIKE_TEST_SECRET");
    }

    void readsAFileOfTheOwner()
    {
        QVERIFY(readLocalSecret({SecretKind::File, fileWith("key-1\n", 0600)})->reveal() == "key-1");
        QVERIFY(readLocalSecret({SecretKind::File, fileWith("key-2", 0400)})->reveal() == "key-2");
        const QString link = m_folder.filePath("link");
        QVERIFY(QFile::link(m_folder.filePath("key"), link));
        QVERIFY(readLocalSecret({SecretKind::File, link.toStdString()})->reveal() == "key-2");
    }

    void readsAKeyThatIsAJsonFile()
    {
        const auto secret =
            readLocalSecret({SecretKind::File, fileWith("{\r\n\t\"a\": \"b\\n\"\n}\n", 0600)});
        QCOMPARE(secret->reveal(), std::string_view("{   \"a\": \"b\\n\" }"));
        QVERIFY(!gateway::secretIn("{\"a\": \x01}"));
        QVERIFY(!gateway::secretIn("{\n}\nx-evil: 1"));
    }

    void refusesOtherFiles()
    {
        const auto refused = [](const std::string& path, const char* why) {
            const auto secret = readLocalSecret({SecretKind::File, path});
            return !secret && secret.error().message.find(why) != std::string::npos;
        };
        for (const mode_t mode : {0640U, 0604U, 0660U, 0644U})
            QVERIFY(refused(fileWith("key", mode), "chmod 600"));
        QVERIFY(refused(fileWith("", 0600), "empty"));
        QVERIFY(refused(fileWith("a\nb", 0600), "more than one line"));
        QVERIFY(refused(fileWith(QByteArray(17 * 1024, 'a'), 0600), "16 KiB"));
        QVERIFY(refused(m_folder.path().toStdString(), "regular"));
        QVERIFY(refused(m_folder.filePath("nowhere").toStdString(), "No such file"));
        const std::string pipe = m_folder.filePath("pipe").toStdString();
        QCOMPARE(mkfifo(pipe.c_str(), 0600), 0);
        QVERIFY(refused(pipe, "regular"));
        QVERIFY(!readLocalSecret({SecretKind::Keychain, "a"}).ok());
    }
};

QTEST_GUILESS_MAIN(SecretsTest)
#include "secrets_test.moc"
