// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QEventLoop>
#include <QFutureWatcher>
#include <QTemporaryDir>

#include "gateway/gateway.h"
#include "gateway/guardrails.h"

#include "app/commands/commands.h"
#include "app/commands/output.h"
#include "app/commands/secret_probe.h"
#include "app/keychain_store.h"
#include "app/port_holder.h"

namespace app {

namespace {

enum class Grade { Undecided, Pass, Warn, Fail };

struct Finding {
    Grade grade = Grade::Undecided;
    std::string subject, text;
};

using Findings = std::vector<Finding>;

std::string_view gradeName(Grade grade)
{
    return grade == Grade::Pass ? "PASS" : grade == Grade::Warn ? "WARN" : "FAIL";
}

gateway::ParsedConfig checkConfig(const CommandLine& line, Findings& findings)
{
    const auto text = gateway::readConfigFile(line.configPath);
    if (!text) {
        findings.push_back({Grade::Fail, "config", text.error().message});
        return {};
    }
    gateway::ParsedConfig parsed = gateway::parseConfig(*text);
    for (const auto& problem : parsed.problems) {
        const bool warning = problem.weight == gateway::ConfigProblem::Weight::Warning;
        findings.push_back({warning ? Grade::Warn : Grade::Fail, "config", problemText(problem)});
    }
    if (parsed.usable())
        findings.push_back(
            {Grade::Pass, "config", text->empty() ? "no file, defaults apply" : line.configPath});
    if (parsed.usable() && parsed.config.server.requireKey && parsed.config.keys.empty())
        findings.push_back(
            {Grade::Warn, "keys", "there is no key for clients; run `turnpiked key create NAME`"});
    if (parsed.usable() && parsed.config.pauseSpending)
        findings.push_back(
            {Grade::Warn, "spending",
             "is paused: what costs money, or may, is refused; run `turnpiked spending resume`"});
    return parsed;
}

bool canListen(const std::string& host, std::uint16_t port)
{
    const bool wide = host.find(':') != std::string::npos;
    sockaddr_in narrowAddress = {};
    narrowAddress.sin_family = AF_INET;
    narrowAddress.sin_port = htons(port);
    sockaddr_in6 wideAddress = {};
    wideAddress.sin6_family = AF_INET6;
    wideAddress.sin6_port = htons(port);
    const char* text = host == "localhost" ? "127.0.0.1" : host.c_str();
    if (wide ? inet_pton(AF_INET6, text, &wideAddress.sin6_addr) != 1
             : inet_pton(AF_INET, text, &narrowAddress.sin_addr) != 1)
        return false;
    const int probe = socket(wide ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe < 0) return false;
    const int yes = 1;
    setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const int bound =
        wide ? bind(probe, reinterpret_cast<const sockaddr*>(&wideAddress), sizeof wideAddress)
             : bind(probe, reinterpret_cast<const sockaddr*>(&narrowAddress), sizeof narrowAddress);
    // Binding alone succeeds beside a listener that allows reuse; listening does not.
    const bool listens = bound == 0 && listen(probe, 1) == 0;
    close(probe);
    return listens;
}

void checkPort(const CommandLine& line, const gateway::Config& config, Findings& findings)
{
    const std::uint16_t port = line.port.value_or(config.server.port);
    const std::string where = config.server.host + " port " + std::to_string(port);
    if (port == 0 || canListen(config.server.host, port)) {
        findings.push_back({Grade::Pass, "port", where + " is free"});
        return;
    }
    const std::string holder = harmless(portHolder(port));
    if (holder.starts_with("turnpike"))
        findings.push_back({Grade::Pass, "port", where + " is served by " + holder});
    else
        findings.push_back({Grade::Fail, "port",
                            where + (holder.empty() ? " cannot be listened on" : " is held by " + holder) +
                                "; set another server.port, or use --port"});
}

void checkFolder(const std::string& path, Findings& findings)
{
    struct stat info = {};
    if (stat(path.c_str(), &info) != 0) {
        if (errno == ENOENT)
            findings.push_back(
                {Grade::Pass, "database", path + " is not there yet; it is made on the first start"});
        else
            findings.push_back({Grade::Fail, "database", path + ": " + std::strerror(errno)});
        return;
    }
    if (!S_ISDIR(info.st_mode))
        findings.push_back({Grade::Fail, "database", path + " is not a folder"});
    else if (access(path.c_str(), W_OK | X_OK) != 0)
        findings.push_back({Grade::Fail, "database", path + " cannot be written"});
    else if ((info.st_mode & 077U) != 0)
        findings.push_back({Grade::Warn, "database", path + " can be read by others; run chmod 700 on it"});
    else
        findings.push_back({Grade::Pass, "database", path});
}

void checkDatabase(const CommandLine& line, Findings& findings)
{
    checkFolder(line.dataDir, findings);
    const std::string file = line.dataDir + "/turnpike.db";
    struct stat info = {};
    if (stat(file.c_str(), &info) != 0) return;
    if ((info.st_mode & 077U) != 0)
        findings.push_back({Grade::Warn, "database", file + " can be read by others; run chmod 600 on it"});
    gateway::LogQuery query;
    query.limit = 1;
    if (const auto page = gateway::readLog(line.dataDir, query); !page)
        findings.push_back({Grade::Fail, "database", page.error().message});
    else
        findings.push_back(
            {Grade::Pass, "database", "the request log holds " + std::to_string(page->total) + " rows"});
}

/// Asks for an entry that need not exist: the answer tells whether there is a keychain at all.
void checkKeychain(Findings& findings)
{
    KeychainStore store;
    QEventLoop loop;
    store.read("turnpike/doctor", [&loop](const gateway::Result<gateway::Secret>&) { loop.quit(); });
    loop.exec();
    if (store.state() == gateway::KeychainState::Ready)
        findings.push_back({Grade::Pass, "keychain", "answers"});
    else
        findings.push_back({Grade::Warn, "keychain", store.problem()});
}

void checkSecrets(const gateway::Config& config, Findings& findings)
{
    const std::vector<SecretProbe> probes = probeSecrets(config);
    for (const SecretProbe& probe : probes) {
        const std::string subject = probe.provider.empty() ? "server" : "provider " + probe.provider;
        if (probe.readable)
            findings.push_back(
                {Grade::Pass, subject, probe.usedBy + ": " + probe.ref.text() + " can be read"});
        else
            findings.push_back({Grade::Fail, subject, probe.usedBy + ": " + probe.problem});
    }
    for (const auto& provider : config.providers) {
        if (!provider.keys.empty()) continue;
        const bool needsKey = !provider.local && (provider.kind == "openai" || provider.kind == "anthropic");
        findings.push_back({needsKey ? Grade::Warn : Grade::Pass, "provider " + provider.id.text,
                            needsKey ? "has no key yet; calls to it are refused" : "is asked without a key"});
    }
    if (config.providers.empty())
        findings.push_back(
            {Grade::Warn, "providers", "none is configured; only the built-in sandbox can answer"});
}

/// A free call to each provider, through an engine on a port of its own.
void checkOnline(const gateway::Config& config, Findings& findings)
{
    // On a copy, which needs no key: a doctor makes none, and leaves the log to those who serve.
    const QTemporaryDir folder;
    gateway::Config copy = config;
    copy.server.host = "127.0.0.1";
    copy.server.requireKey = false;
    gateway::GatewayOptions options;
    options.configPath = folder.filePath("config.json").toStdString();
    options.dataDir = folder.filePath("data").toStdString();
    options.port = 0;
    const auto written = gateway::writeConfigFile(options.configPath, gateway::updateConfigText({}, copy));
    if (!written) {
        findings.push_back({Grade::Fail, "online", written.error().message});
        return;
    }
    KeychainStore keychain;
    options.secrets = &keychain;
    gateway::Gateway engine(options);
    QEventLoop loop;
    std::string failure;
    QObject::connect(&engine, &gateway::Gateway::started, &loop, [&loop] { loop.quit(); });
    QObject::connect(&engine, &gateway::Gateway::failed, &loop, [&](const QString&, const QString& message) {
        failure = message.toStdString();
        loop.quit();
    });
    engine.start();
    loop.exec();
    for (const auto& provider : config.providers) {
        const std::string subject = "provider " + provider.id.text;
        if (!failure.empty()) {
            findings.push_back({Grade::Fail, subject, failure});
            continue;
        }
        QFutureWatcher<gateway::ProviderTest> watcher;
        QObject::connect(&watcher, &QFutureWatcherBase::finished, &loop, &QEventLoop::quit);
        watcher.setFuture(engine.testProvider(provider.id));
        if (!watcher.isFinished()) loop.exec();
        const gateway::ProviderTest test = watcher.result();
        findings.push_back({test.ok ? Grade::Pass : Grade::Fail, subject, test.message});
    }
    QObject::connect(&engine, &gateway::Gateway::stopped, &loop, &QEventLoop::quit);
    engine.stop();
    if (failure.empty()) loop.exec();
}

/// What comes from the npm registry when the program is built.
void checkBuiltIn(Findings& findings)
{
    if (gateway::hasTokenizers())
        findings.push_back({Grade::Pass, "tokenizers", "o200k_base and cl100k_base are built in"});
    else
        findings.push_back(
            {Grade::Warn, "tokenizers",
             "this program was built without vocabularies, so tokens that no provider counts are "
             "estimated by bytes; build it where npm reaches its registry"});
    if (gateway::hasEmbedder())
        findings.push_back({Grade::Pass, "embedder", "the Universal Sentence Encoder Lite is built in"});
    else
        findings.push_back({Grade::Warn, "embedder",
                            "this program was built without the weights that tell what texts mean, so topics "
                            "are told by letters, and routes with the strategy `semantic` send all to their "
                            "default; build it where npm reaches its registry"});
}

} // namespace

int runDoctor(const CommandLine& line)
{
    Findings findings;
    const gateway::ParsedConfig parsed = checkConfig(line, findings);
    checkPort(line, parsed.config, findings);
    checkDatabase(line, findings);
    checkKeychain(findings);
    checkBuiltIn(findings);
    if (parsed.usable()) checkSecrets(parsed.config, findings);
    if (parsed.usable() && line.has("online")) checkOnline(parsed.config, findings);
    const bool failed = std::any_of(findings.begin(), findings.end(),
                                    [](const Finding& row) { return row.grade == Grade::Fail; });
    if (line.json) {
        Json list = Json::array();
        for (const Finding& row : findings)
            list.push_back(
                {{"result", gradeName(row.grade)}, {"subject", row.subject}, {"message", row.text}});
        printJson({{"ok", !failed}, {"checks", list}});
    } else {
        for (const Finding& row : findings)
            printLine(std::string(gradeName(row.grade)) + "  " + row.subject + ": " + row.text);
    }
    return failed ? kFailed : kDone;
}

} // namespace app
