// SPDX-License-Identifier: GPL-3.0-or-later
#include <csignal>
#include <iostream>
#include <unistd.h>

#include <QCoreApplication>
#include <QTimer>

#include "gateway/gateway.h"

#include "app/commands/commands.h"
#include "app/commands/config_edit.h"
#include "app/commands/output.h"
#include "app/keychain_store.h"
#include "app/port_holder.h"
#include "app/signal_pipe.h"

namespace app {

using gateway::Code;
using gateway::Gateway;
using gateway::LogLevel;

namespace {

constexpr const char* kFirstKey = "default";

/// Says what is wrong with the file, and which copy was good.
int refuseConfig(const CommandLine& line, const gateway::Error& error)
{
    const std::string backup = line.configPath + ".bak";
    gateway::Error told = error;
    if (access(backup.c_str(), R_OK) == 0) told.message += "\nThe last good copy is " + backup + ".";
    failWith(told, line.json);
    return kBadInput;
}

/// Makes the first key where one is needed and none exists. Only a terminal gets to see it: what else reads
/// our output may keep it.
gateway::Outcome makeFirstKey(const CommandLine& line)
{
    gateway::FreshKey fresh = gateway::makeVirtualKey();
    bool made = false;
    const gateway::Outcome edited =
        editConfig(line.configPath, [&](gateway::Config& config) -> gateway::Outcome {
            if (!config.server.requireKey || !config.keys.empty()) return gateway::Done{};
            gateway::VirtualKeyConfig key;
            key.id = gateway::VirtualKeyId(kFirstKey);
            key.sha256 = fresh.sha256;
            config.keys.push_back(key);
            made = true;
            return gateway::Done{};
        });
    if (!edited || !made) return edited;
    if (isatty(STDERR_FILENO) == 1)
        std::cerr << "The first key for your tools, shown only this once:\n  " << fresh.key.reveal()
                  << std::endl;
    else
        complain(
            "a first key \"" + std::string(kFirstKey) +
            "\" was made, but is not printed here; run `turnpiked key create NAME` for one that you can see");
    return edited;
}

class Server {
public:
    explicit Server(const CommandLine& line)
        : m_line(line)
        , m_gateway(optionsOf(line, m_keychain))
        , m_signals([this](int signal) { onSignal(signal); })
    {
        QObject::connect(&m_gateway, &Gateway::started, [this] { onStarted(); });
        QObject::connect(&m_gateway, &Gateway::failed,
                         [this](const QString& code, const QString& message) { onFailed(code, message); });
        QObject::connect(&m_gateway, &Gateway::stopped, [] { QCoreApplication::exit(kDone); });
        QObject::connect(&m_gateway, &Gateway::configRejected, [this] { onConfigRejected(); });
        QObject::connect(&m_gateway, &Gateway::activityChanged, [this] { onActivity(); });
        QObject::connect(&m_gateway, &Gateway::note, [this](int level, const QString& text) {
            if (level >= static_cast<int>(m_line.logLevel)) complain(text.toStdString());
        });
        QObject::connect(&m_keychain, &KeychainStore::stateChanged, [this] {
            // Unlocked or answered late: what could not be read before can be now.
            if (m_keychain.state() == gateway::KeychainState::Ready) return m_gateway.reload();
            if (const std::string problem = m_keychain.problem(); !problem.empty()) complain(problem);
        });
    }

    int run()
    {
        m_gateway.start();
        return QCoreApplication::exec();
    }

private:
    static gateway::GatewayOptions optionsOf(const CommandLine& line, KeychainStore& keychain)
    {
        gateway::GatewayOptions options;
        options.configPath = line.configPath;
        options.dataDir = line.dataDir;
        options.port = line.port;
        options.logLevel = line.logLevel;
        options.secrets = &keychain;
        return options;
    }

    void onStarted()
    {
        const std::string url = m_gateway.activity().baseUrl();
        if (m_line.json)
            printJson({{"ready", url}});
        else
            printLine("turnpiked: ready on " + url);
    }

    void onFailed(const QString& code, const QString& message)
    {
        gateway::Error error = gateway::gatewayError(Code::Internal, message.toStdString());
        const auto config = m_gateway.config();
        const std::uint16_t port = m_line.port.value_or(config ? config->server.port : 0);
        const bool aboutConfig = code.startsWith(QLatin1String("config"));
        // Asked for only now: looking through all processes takes a moment that a good start need not wait.
        if (const std::string holder = aboutConfig || port == 0 ? std::string() : harmless(portHolder(port));
            !holder.empty())
            error.message += " Port " + std::to_string(port) + " is held by " + holder + ".";
        const int exitCode = aboutConfig ? refuseConfig(m_line, error) : failWith(error, m_line.json);
        QCoreApplication::exit(exitCode == kDone ? kFailed : exitCode);
    }

    /// There is no window to show it in: what keeps the log from being written is said once, and its end.
    void onActivity()
    {
        const gateway::ActivitySnapshot& activity = m_gateway.activity();
        if (activity.logProblem == m_logProblem) return;
        m_logProblem = activity.logProblem;
        complain(!m_logProblem.empty() ? m_logProblem
                                       : "the request log is written again; " +
                                             std::to_string(activity.lostLogRows) + " rows are lost");
    }

    void onConfigRejected()
    {
        complain(m_line.configPath + " is not valid; the last good configuration stays in force:");
        for (const auto& problem : m_gateway.configProblems())
            complain("  " + problemText(problem));
    }

    void onSignal(int signal)
    {
        if (signal == SIGHUP) return m_gateway.reload();
        if (++m_stops == 1) return m_gateway.stop();
        m_gateway.stopNow();
        // Whoever asks twice does not want to wait for a thread that hangs.
        if (m_stops > 2) std::_Exit(kFailed);
        QTimer::singleShot(1000, &m_gateway, [] { std::_Exit(kDone); });
    }

    const CommandLine& m_line;
    KeychainStore m_keychain;
    Gateway m_gateway;
    SignalPipe m_signals;
    std::string m_logProblem;
    int m_stops = 0;
};

} // namespace

int runServe(const CommandLine& line)
{
    const auto loaded = loadConfig(line.configPath);
    if (!loaded) return refuseConfig(line, loaded.error());
    for (const auto& problem : loaded->problems)
        complain(problemText(problem));
    if (loaded->config.server.requireKey && loaded->config.keys.empty()) {
        // Not being able to save it is no reason not to serve: health answers, and the reason is told.
        if (const auto made = makeFirstKey(line); !made) complain(made.error().message);
    }
    Server server(line);
    return server.run();
}

} // namespace app
