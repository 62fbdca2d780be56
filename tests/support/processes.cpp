// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/processes.h"

#include <QCryptographicHash>
#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QThread>

#include "support/http_client.h"

namespace support {

ServerProcess::~ServerProcess()
{
    kill();
}

bool ServerProcess::start(const QString& program, const QStringList& arguments)
{
    m_process.start(program, arguments, QIODevice::ReadOnly);
    QDeadlineTimer deadline(30'000);
    while (!m_process.canReadLine()) {
        if (deadline.hasExpired() ||
            !m_process.waitForReadyRead(static_cast<int>(deadline.remainingTime()))) {
            if (m_process.state() == QProcess::NotRunning || deadline.hasExpired()) return false;
        }
    }
    const QByteArray line = m_process.readLine().trimmed();
    m_port = line.mid(line.lastIndexOf(':') + 1).toUShort();
    return m_port != 0;
}

QByteArray ServerProcess::errors()
{
    m_process.waitForReadyRead(0);
    m_errors += m_process.readAllStandardError();
    return m_errors;
}

qint64 ServerProcess::memory(const QByteArray& line) const
{
    QFile status(QStringLiteral("/proc/%1/status").arg(m_process.processId()));
    if (!status.open(QIODevice::ReadOnly)) return -1;
    for (const QByteArray& each : status.readAll().split('\n')) {
        if (each.startsWith(line + ':'))
            return each.mid(line.size() + 1).trimmed().split(' ').first().toLongLong();
    }
    return -1;
}

void ServerProcess::kill()
{
    if (m_process.state() == QProcess::NotRunning) return;
    m_process.kill();
    m_process.waitForFinished(10'000);
}

int ServerProcess::terminate(int milliseconds)
{
    m_process.terminate();
    if (!m_process.waitForFinished(milliseconds)) return -1;
    return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -2;
}

bool FakeUpstream::start(const QStringList& arguments)
{
    return ServerProcess::start(QStringLiteral(TURNPIKE_BIN "/fake_upstream"),
                                QStringList{QStringLiteral("--port"), QStringLiteral("0")} + arguments);
}

QJsonArray FakeUpstream::requests() const
{
    return QJsonDocument::fromJson(http(port(), "GET", "/__requests").body).array();
}

int FakeUpstream::openConnections() const
{
    return QJsonDocument::fromJson(http(port(), "GET", "/__connections").body).object()["open"].toInt(-1);
}

void FakeUpstream::reset() const
{
    http(port(), "DELETE", "/__requests");
}

void GatewayProcess::measureMemory()
{
    qputenv("ASAN_OPTIONS",
            qgetenv("ASAN_OPTIONS") + ":quarantine_size_mb=1:thread_local_quarantine_size_kb=64");
}

GatewayProcess::GatewayProcess(const QString& upstreamUrl)
{
    const QString hash =
        QString::fromLatin1(QCryptographicHash::hash(kKey, QCryptographicHash::Sha256).toHex());
    const QJsonArray keys{QJsonObject{{"id", "main"}, {"secret", "env:TURNPIKE_TEST_PROVIDER_KEY"}}};
    m_config = QJsonObject{{"version", 1}, {"keys", QJsonObject{{"test", QJsonObject{{"sha256", hash}}}}}};
    if (upstreamUrl.isEmpty()) return;
    m_config["providers"] = QJsonObject{
        {"lab",
         QJsonObject{{"kind", "openai-compatible"}, {"base_url", upstreamUrl + "/v1"}, {"keys", keys}}},
        {"ant", QJsonObject{{"kind", "anthropic"}, {"base_url", upstreamUrl}, {"keys", keys}}}};
}

void GatewayProcess::configure(const QJsonObject& members)
{
    for (auto it = members.begin(); it != members.end(); ++it)
        m_config[it.key()] = it.value();
}

bool GatewayProcess::writeConfig()
{
    QFile file(configPath());
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate)) return false;
    return file.write(QJsonDocument(m_config).toJson()) > 0;
}

bool GatewayProcess::start(const QStringList& arguments)
{
    if (!QFile::exists(configPath()) && !writeConfig()) return false;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("TURNPIKE_TEST_PROVIDER_KEY"), QString::fromLatin1(kProviderKey));
    // No test reads the real keychain or a proxy of this machine.
    environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("unix:path=/nonexistent"));
    for (const char* name :
         {"http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
        environment.remove(QString::fromLatin1(name));
    process().setProcessEnvironment(environment);
    return ServerProcess::start(
        QStringLiteral(TURNPIKE_BIN "/turnpiked"),
        QStringList{"serve", "--config", configPath(), "--data", dataDir(), "--port", "0"} + arguments);
}

QByteArray GatewayProcess::run(const QStringList& arguments, int* exitCode, const QByteArray& input)
{
    QProcess command;
    command.setProcessEnvironment(process().processEnvironment());
    command.start(QStringLiteral(TURNPIKE_BIN "/turnpiked"),
                  arguments + QStringList{"--config", configPath(), "--data", dataDir()});
    command.write(input);
    command.closeWriteChannel();
    command.waitForFinished(30'000);
    if (exitCode) *exitCode = command.exitStatus() == QProcess::NormalExit ? command.exitCode() : -1;
    return command.readAllStandardOutput();
}

QJsonArray GatewayProcess::rows(int atLeast)
{
    QDeadlineTimer deadline(10'000);
    for (;;) {
        QJsonArray found;
        for (const QByteArray& line : run({"logs", "--format", "jsonl"}).split('\n')) {
            if (!line.isEmpty()) found.append(QJsonDocument::fromJson(line).object());
        }
        if (found.size() >= atLeast || deadline.hasExpired()) return found;
        QThread::yieldCurrentThread();
    }
}

} // namespace support
