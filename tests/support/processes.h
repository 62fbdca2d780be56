// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

namespace support {

/// A program that says on its first line where it listens ("NAME: ready on http://127.0.0.1:PORT").
class ServerProcess {
public:
    ServerProcess() = default;
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;
    virtual ~ServerProcess();

    [[nodiscard]] bool start(const QString& program, const QStringList& arguments);
    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] QString url() const { return QStringLiteral("http://127.0.0.1:%1").arg(m_port); }
    [[nodiscard]] QProcess& process() { return m_process; }
    /// Everything it has said on standard error.
    [[nodiscard]] QByteArray errors();
    /// KiB, as a line of /proc/PID/status: what is resident ("VmRSS"), or was at most ("VmHWM"); -1 when
    /// unknown.
    [[nodiscard]] qint64 memory(const QByteArray& line) const;
    void kill();
    /// SIGTERM; the exit code, -1 when it did not end within the time.
    int terminate(int milliseconds = 10'000);

private:
    QProcess m_process;
    QByteArray m_errors;
    quint16 m_port = 0;
};

/// The scripted provider (tests/support/fake_upstream). The model name chooses what it does.
class FakeUpstream : public ServerProcess {
public:
    [[nodiscard]] bool start(const QStringList& arguments = {});
    /// What it was sent: objects with method, target, headers, body, model, state ("open", "done",
    /// "cancelled"), …
    [[nodiscard]] QJsonArray requests() const;
    [[nodiscard]] int openConnections() const;
    void reset() const;
};

/// A real turnpiked with its own folder, on a free port. The configuration has provider `lab`
/// (openai-compatible) and `ant` (anthropic) on the upstream, both with the key "sk-canary-…", and the
/// virtual key kKey.
class GatewayProcess : public ServerProcess {
public:
    static constexpr const char* kKey = "tp-test-key-0123456789";
    static constexpr const char* kProviderKey = "sk-canary-93f1c2d7a8b6";

    /// For tests that hold its memory to a bound: AddressSanitizer keeps what was freed for a while, which
    /// would count as the gateway's own. Holds for all that are started afterwards.
    static void measureMemory();

    explicit GatewayProcess(const QString& upstreamUrl = {});

    /// Merged over the configuration's top level before start().
    void configure(const QJsonObject& members);
    [[nodiscard]] QJsonObject configuration() const { return m_config; }
    [[nodiscard]] bool writeConfig();
    [[nodiscard]] bool start(const QStringList& arguments = {});
    /// Runs a subcommand on the same folder; its standard output. `exitCode` may be null.
    [[nodiscard]] QByteArray run(const QStringList& arguments, int* exitCode = nullptr,
                                 const QByteArray& input = {});
    /// Rows of the request log, newest last; waits until there are at least so many.
    [[nodiscard]] QJsonArray rows(int atLeast = 0);
    [[nodiscard]] QString folder() const { return m_folder.path(); }
    [[nodiscard]] QString configPath() const { return m_folder.filePath(QStringLiteral("config.json")); }
    [[nodiscard]] QString dataDir() const { return m_folder.filePath(QStringLiteral("data")); }

private:
    QTemporaryDir m_folder;
    QJsonObject m_config;
};

} // namespace support
