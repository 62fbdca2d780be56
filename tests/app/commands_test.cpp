// SPDX-License-Identifier: GPL-3.0-or-later
#include <nlohmann/json.hpp>

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using Json = nlohmann::json;

/// turnpiked's subcommands as a user or a script sees them: a real process, its output and its exit code.
/// There is no session bus, so no keychain is touched.
class CommandsTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_home;

    struct Answer {
        int exitCode = -1;
        QByteArray out, err;
        Json json() const { return Json::parse(out.toStdString(), nullptr, false); }
    };

    QString configPath() const { return m_home.filePath("config/turnpike/config.json"); }

    Answer run(const QStringList& arguments, const QByteArray& input = {})
    {
        QProcess process;
        QProcessEnvironment environment;
        environment.insert("PATH", qEnvironmentVariable("PATH"));
        environment.insert("HOME", m_home.path());
        environment.insert("XDG_CONFIG_HOME", m_home.filePath("config"));
        environment.insert("XDG_DATA_HOME", m_home.filePath("data"));
        environment.insert("XDG_RUNTIME_DIR", m_home.path());
        environment.insert("DBUS_SESSION_BUS_ADDRESS", "unix:path=" + m_home.filePath("no-bus"));
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral(TURNPIKE_BIN "/turnpiked"), arguments);
        process.write(input);
        process.closeWriteChannel();
        if (!process.waitForFinished(60'000)) process.kill();
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
                process.readAllStandardOutput(), process.readAllStandardError()};
    }

    void writeConfig(const QByteArray& text)
    {
        QDir().mkpath(m_home.filePath("config/turnpike"));
        QFile file(configPath());
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QCOMPARE(file.write(text), text.size());
    }

    QByteArray readConfig()
    {
        QFile file(configPath());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private slots:
    void init() { QDir(m_home.filePath("config")).removeRecursively(); }

    void helpAndVersionTouchNothing()
    {
        const Answer help = run({"--help"});
        QCOMPARE(help.exitCode, 0);
        QVERIFY(help.out.contains("key create NAME"));
        QVERIFY(run({"--version"}).out.startsWith("turnpiked "));
        QVERIFY(
            QDir(m_home.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden).isEmpty());
    }

    void badArgumentsExitWithTwo()
    {
        for (const QStringList& words : {QStringList{"bogus"},
                                         {"--port", "x"},
                                         {"key"},
                                         {"import"},
                                         {"import", "nowhere.yaml"},
                                         {"connect", "a"},
                                         {"disconnect", "--all"}})
            QCOMPARE(run(words).exitCode, 2);
        QVERIFY(run({"connect", "cursor"}).err.contains("not in this version"));
    }

    void checkTellsProblems()
    {
        QCOMPARE(run({"check"}).exitCode, 0);
        writeConfig("{\n \"sever\": {}\n}");
        const Answer plain = run({"check"});
        QCOMPARE(plain.exitCode, 2);
        QVERIFY(plain.out.contains("sever (line 2)"));
        QVERIFY(plain.out.contains("Did you mean \"server\"?"));
        const Json json = run({"check", configPath(), "--json"}).json();
        QCOMPARE(json.value("valid", true), false);
        QCOMPARE(json["problems"][0].value("path", ""), std::string("sever"));
        QCOMPARE(json["problems"][0].value("line", 0), 2);
        QCOMPARE(run({"check", m_home.filePath("nowhere")}).exitCode, 2);
    }

    void keysAreMadeListedAndRevoked()
    {
        const Answer made =
            run({"key", "create", "cursor", "--models", "gpt-*, smart", "--expires", "2099-12-31"});
        QCOMPARE(made.exitCode, 0);
        const QByteArray key = made.out.trimmed();
        QVERIFY(key.startsWith("tp-"));
        QCOMPARE(key.size(), 46);
        const QByteArray config = readConfig();
        QVERIFY(!config.contains(key));
        QVERIFY(config.contains(QCryptographicHash::hash(key, QCryptographicHash::Sha256).toHex()));
        QCOMPARE(run({"key", "create", "cursor"}).exitCode, 1);
        QCOMPARE(run({"key", "create", "bad name"}).exitCode, 2);
        QCOMPARE(run({"key", "create", "late", "--expires", "someday"}).exitCode, 2);
        QCOMPARE(run({"key", "create", "rich", "--budget", "5"}).exitCode, 2);
        QCOMPARE(run({"key", "create", "rich", "--budget", "much/day"}).exitCode, 2);
        QCOMPARE(run({"key", "create", "rich", "--rpm", "0"}).exitCode, 2);
        const Json second = run({"key", "create", "two", "--json"}).json();
        QCOMPARE(second.value("key", "").size(), std::size_t(46));
        const Json list = run({"key", "list", "--json"}).json();
        QCOMPARE(list.size(), std::size_t(2));
        QCOMPARE(list[0]["models"].dump(), std::string(R"(["gpt-*","smart"])"));
        QCOMPARE(list[0].value("state", ""), std::string("active"));
        const Json rich =
            run({"key", "create", "rich", "--budget", "2.5/week", "--rpm", "60", "--tpm", "200000", "--json"})
                .json();
        QCOMPARE(rich["budget"].dump(), std::string(R"({"per":"week","usd":2.5})"));
        QCOMPARE(rich["limits"].dump(), std::string(R"({"rpm":60,"tpm":200000})"));
        QVERIFY(run({"key", "list"}).out.contains("$2.5/week"));
        QCOMPARE(run({"check"}).exitCode, 0);
        QCOMPARE(run({"key", "revoke", "rich"}).exitCode, 0);
        QCOMPARE(run({"key", "revoke", "cursor"}).exitCode, 0);
        QCOMPARE(run({"key", "revoke", "cursor"}).exitCode, 1);
        QCOMPARE(run({"key", "list", "--json"}).json().size(), std::size_t(1));
    }

    void editsKeepTheOwnersText()
    {
        writeConfig(R"({"x-mine": [1, 2.50], "server": {"port": 5000}})");
        QCOMPARE(run({"key", "create", "a"}).exitCode, 0);
        QVERIFY(readConfig().startsWith("{\n  \"x-mine\": [1, 2.50],\n  \"server\": {\n    \"port\": 5000"));
        writeConfig(R"({"broken")");
        QCOMPARE(run({"key", "create", "b"}).exitCode, 2);
        QCOMPARE(readConfig(), QByteArray(R"({"broken")"));
    }

    void secretsNeedAKeychain()
    {
        const QByteArray key = "sk-never-shown-0123456789";
        const Answer set = run({"secret", "set", "openai/work"}, key + "\n");
        QCOMPARE(set.exitCode, 1);
        QVERIFY(set.err.contains("keychain"));
        QVERIFY(!set.err.contains(key) && !set.out.contains(key));
        QCOMPARE(run({"secret", "set", "a"}, "\n").exitCode, 2);
        QCOMPARE(run({"secret", "set", "a"}, "two\nlines").exitCode, 2);
        writeConfig(
            R"({"providers": {"p": {"kind": "openai", "keys": [{"id": "k", "secret": "env:TURNPIKE_NOT_SET"}]}}})");
        const Json list = run({"secret", "list", "--json"}).json();
        QCOMPARE(list.size(), std::size_t(1));
        QCOMPARE(list[0].value("readable", true), false);
    }

    void importTellsLineByLineAndKeepsKeysOut()
    {
        writeConfig("{\"x-mine\": 1}");
        const QString file = QStringLiteral(TURNPIKE_FIXTURES "/import/litellm.yaml");
        const Json dry = run({"import", file, "--dry-run", "--json"}).json();
        QCOMPARE(dry.value("kind", ""), std::string("LiteLLM"));
        QCOMPARE(dry.value("written", true), false);
        QCOMPARE(readConfig(), QByteArray("{\"x-mine\": 1}"));
        const Answer plain = run({"import", file});
        QCOMPARE(plain.exitCode, 0);
        QVERIFY(plain.out.contains("model_list[7]"));
        QVERIFY(plain.out.contains("not mapped"));
        // There is no keychain: the reference stays, and what to do for it is said.
        QVERIFY(plain.out.contains("turnpiked secret set anthropic/imported"));
        QVERIFY(readConfig().contains("keychain:anthropic/imported"));
        QVERIFY(readConfig().startsWith("{\n  \"x-mine\": 1"));
        for (const QByteArray& text : {plain.out, plain.err, readConfig()})
            QVERIFY(!text.contains("not-a-real"));
        QCOMPARE(run({"check"}).exitCode, 0);
    }

    void importOfEachProgramIsValid()
    {
        for (const char* name :
             {"portkey.json", "cloudflare.json", "claude_code_router.json", "litellm.yaml"}) {
            const Json report =
                run({"import", QStringLiteral(TURNPIKE_FIXTURES "/import/") + QString::fromLatin1(name),
                     "--json"})
                    .json();
            QVERIFY(report.is_object() && !report["lines"].empty());
            QCOMPARE(run({"check"}).exitCode, 0);
        }
    }

    void importRefusesOtherFiles()
    {
        writeConfig("{}");
        QCOMPARE(run({"import", m_home.path()}).exitCode, 2);
        QCOMPARE(run({"import", configPath()}).exitCode, 2);
        QCOMPARE(readConfig(), QByteArray("{}"));
    }

    void doctorGradesWhatItFinds()
    {
        QTcpServer holder;
        QVERIFY(holder.listen(QHostAddress::LocalHost));
        const QString port = QString::number(holder.serverPort());
        const Answer plain = run({"doctor", "--port", port});
        QCOMPARE(plain.exitCode, 1);
        QVERIFY2(
            plain.out.contains("FAIL  port: 127.0.0.1 port " + port.toUtf8() + " is held by app_commands"),
            plain.out);
        QVERIFY2(plain.out.contains("PASS  embedder: ") && plain.out.contains("PASS  tokenizers: "),
                 plain.out);
        const Json json = run({"doctor", "--port", "0", "--json"}).json();
        QCOMPARE(json.value("ok", false), true);
        QCOMPARE(json["checks"][0].value("result", ""), std::string("PASS"));
    }

    void doctorAsksEachProviderAndChangesNothing()
    {
        QTcpServer nobody;
        QVERIFY(nobody.listen(QHostAddress::LocalHost));
        const std::string port = std::to_string(nobody.serverPort());
        nobody.close();
        const Json lab{{"kind", "openai-compatible"}, {"base_url", "http://127.0.0.1:" + port + "/v1"}};
        const auto config = QByteArray::fromStdString(Json{{"providers", {{"lab", lab}}}}.dump());
        writeConfig(config);
        QVERIFY(run({"doctor", "--port", "0"}).out.contains("PASS  provider lab: is asked without a key\n"));
        const Json json = run({"doctor", "--online", "--port", "0", "--json"}).json();
        const Json& last = json["checks"].back();
        QCOMPARE(last.value("subject", ""), std::string("provider lab"));
        QCOMPARE(last.value("result", ""), std::string("FAIL"));
        // No first key was made for a run that serves nobody.
        QCOMPARE(readConfig(), config);
        QVERIFY(!QDir(m_home.filePath("data")).exists("turnpike/turnpike.db"));
    }

    void serveRefusesABadFileAndATakenPort()
    {
        writeConfig("{}");
        QTcpServer holder;
        QVERIFY(holder.listen(QHostAddress::LocalHost));
        const QByteArray port = QByteArray::number(holder.serverPort());
        const Answer taken = run({"--port", QString::fromLatin1(port)});
        QCOMPARE(taken.exitCode, 1);
        QVERIFY2(taken.err.contains(port) && taken.err.contains("held by app_commands"), taken.err);
        QVERIFY(taken.out.isEmpty());
        // The first start made a key, and so a copy of what stood there before.
        writeConfig(
            R"({"routes": {"r": {"targets": [{"provider": "sandbox", "model": "echo"}], "cache": {"semantic": {}}}}})");
        const Answer bad = run({"serve"});
        QCOMPARE(bad.exitCode, 2);
        QVERIFY(bad.err.contains("routes.r.cache.semantic") && bad.err.contains("not in this version"));
        QVERIFY(bad.err.contains("config.json.bak"));
    }

    void keysAreMadeAnewAndPaused()
    {
        const QByteArray old = run({"key", "create", "a", "--routes", "smart,r-*", "--dialects", "openai",
                                    "--tags", "team-x", "--concurrent", "2"})
                                   .out.trimmed();
        Json key = run({"key", "list", "--json"}).json()[0];
        QVERIFY(key["routes"] == Json({"smart", "r-*"}));
        QVERIFY(key["tags"] == Json({"team-x"}));
        QVERIFY(key["limits"] == Json({{"concurrent", 2}}));
        QCOMPARE(key["prefix"].get<std::string>(), old.left(8).toStdString());
        const Answer made = run({"key", "rotate", "a", "--json"});
        QCOMPARE(made.exitCode, 0);
        const std::string fresh = made.json()["key"].get<std::string>();
        QVERIFY(fresh != old.toStdString());
        const auto hashOf = [](const QByteArray& text) {
            return QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex();
        };
        QVERIFY(readConfig().contains(hashOf(QByteArray::fromStdString(fresh))));
        QVERIFY(readConfig().contains(hashOf(old)));
        const QByteArray last = run({"key", "rotate", "a", "--overlap", "0"}).out.trimmed();
        QVERIFY(last.startsWith("tp-") && !readConfig().contains("former"));
        QCOMPARE(run({"key", "rotate", "a", "--overlap", "soon"}).exitCode, 2);
        QCOMPARE(run({"key", "rotate", "a", "--overlap", "400d"}).exitCode, 2);
        QCOMPARE(run({"key", "rotate", "none"}).exitCode, 1);
        QCOMPARE(run({"key", "pause", "a"}).exitCode, 0);
        QCOMPARE(run({"key", "list", "--json"}).json()[0]["state"].get<std::string>(), std::string("paused"));
        QCOMPARE(run({"key", "resume", "a", "--json"}).json()["paused"].get<bool>(), false);
        QCOMPARE(run({"key", "list", "--json"}).json()[0]["state"].get<std::string>(), std::string("active"));
        QCOMPARE(run({"key", "pause", "none"}).exitCode, 1);
    }

    void budgetsAreSetListedAndDeleted()
    {
        QVERIFY(run({"budget", "list"}).err.contains("budget set NAME"));
        QCOMPARE(run({"budget", "set", "daily"}).exitCode, 2);
        const Answer made = run({"budget", "set", "daily", "--usd", "2.50", "--per", "day", "--scope",
                                 "key=cursor, model=gpt-*", "--warn-at", "50,80"});
        QCOMPARE(made.exitCode, 0);
        QVERIFY(readConfig().contains("2.50"));
        QCOMPARE(run({"budget", "set", "daily", "--at-limit", "warn"}).exitCode, 0);
        const Json budget = run({"budget", "list", "--json"}).json()[0];
        QCOMPARE(budget["usd"].get<double>(), 2.5);
        QVERIFY(budget["scope"] == Json({{"model", "gpt-*"}, {"key", "cursor"}}));
        QCOMPARE(budget["at_limit"].get<std::string>(), std::string("warn"));
        QVERIFY(budget["warn_at"] == Json({50, 80}));
        QVERIFY(run({"budget", "list"}).out.contains("$2.50/day"));
        const QByteArray before = readConfig();
        for (const QStringList& words : {QStringList{"--usd", "much"},
                                         {"--per", "dya"},
                                         {"--scope", "colour=red"},
                                         {"--scope", "cursor"},
                                         {"--at-limit", "stop"},
                                         {"--at-limit", "reroute"},
                                         {"--warn-at", "x"}})
            QCOMPARE(run(QStringList{"budget", "set", "daily"} + words).exitCode, 2);
        QCOMPARE(readConfig(), before);
        QCOMPARE(run({"budget", "delete", "daily", "--json"}).json()["deleted"].get<bool>(), true);
        QCOMPARE(run({"budget", "delete", "daily"}).exitCode, 1);
    }

    void theConfigurationIsReadAndReplacedWhole()
    {
        QCOMPARE(run({"config", "get"}).out, QByteArray("{}\n"));
        const QString file = m_home.filePath("next.json");
        const auto put = [&](const QByteArray& text) {
            QFile next(file);
            if (!next.open(QIODevice::WriteOnly | QIODevice::Truncate)) return Answer();
            next.write(text);
            next.close();
            return run({"config", "put", file, "--json"});
        };
        const QByteArray text = "{ \"x-mine\":  1,\n \"version\": 1 }\n";
        QCOMPARE(put(text).exitCode, 0);
        QCOMPARE(readConfig(), text);
        QCOMPARE(run({"config", "get"}).out, text);
        const Answer bad = put("{\"sever\": {}}");
        QCOMPARE(bad.exitCode, 2);
        QCOMPARE(bad.json()["problems"][0]["path"].get<std::string>(), std::string("sever"));
        QCOMPARE(put("").exitCode, 2);
        QCOMPARE(run({"config", "put", m_home.filePath("nowhere")}).exitCode, 2);
        QCOMPARE(readConfig(), text);
    }

    void anEmptyLogIsNoError()
    {
        QVERIFY(run({"logs", "--format", "csv"}).out.startsWith("id,time,key,"));
        QCOMPARE(run({"usage", "--json"}).out, QByteArray("[]\n"));
        QCOMPARE(run({"logs", "--since", "soon"}).exitCode, 2);
        QCOMPARE(run({"usage", "--by", "colour"}).exitCode, 2);
        for (const char* by : {"client", "program", "repository", "session", "day"})
            QCOMPARE(run({"usage", "--by", by, "--json"}).out, QByteArray("[]\n"));
    }
};

QTEST_GUILESS_MAIN(CommandsTest)
#include "commands_test.moc"
