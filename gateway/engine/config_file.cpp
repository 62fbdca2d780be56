// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/config_file.h"

#include <QFileInfo>

namespace gateway::engine {

namespace {

constexpr int kSettleMs = 40;

std::string listed(const std::vector<ConfigProblem>& problems)
{
    std::string text;
    for (const ConfigProblem& problem : problems) {
        if (problem.weight == ConfigProblem::Weight::Error)
            text += "\n  " + problem.path + ": " + problem.message;
    }
    return text;
}

} // namespace

ConfigFile::ConfigFile(std::string path, QObject* parent) : QObject(parent), m_path(std::move(path))
{
    m_settle.setSingleShot(true);
    m_settle.setInterval(kSettleMs);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, &m_settle, qOverload<>(&QTimer::start));
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, &m_settle, qOverload<>(&QTimer::start));
    connect(&m_settle, &QTimer::timeout, this, &ConfigFile::reload);
}

Outcome ConfigFile::open(bool useBackup)
{
    auto text = readConfigFile(m_path);
    if (!text && !useBackup) return text.error();
    m_seen = text ? text.value() : std::string();
    ParsedConfig parsed;
    if (text) parsed = parseConfig(m_seen);
    if (!text) parsed.problems.push_back({ConfigProblem::Weight::Error, "", text.error().message, 0});
    m_problems = parsed.problems;
    m_text = m_seen;
    if (!parsed.usable()) {
        const std::string backupPath = m_path + ".bak";
        Error error = gatewayError(Code::Internal, "The configuration " + m_path +
                                                       " has problems:" + listed(parsed.problems) +
                                                       "\nThe last good copy is " + backupPath + ".");
        if (!useBackup) return error;
        auto backup = readConfigFile(backupPath);
        if (!backup || backup.value().empty()) return error;
        parsed = parseConfig(backup.value());
        if (!parsed.usable()) return error;
        m_text = backup.value();
    }
    m_config = std::make_shared<const Config>(std::move(parsed.config));
    watch();
    return Done{};
}

void ConfigFile::watch()
{
    const QString path = QString::fromStdString(m_path);
    // Renaming over the file ends its watch; the folder's goes on.
    if (QFileInfo::exists(path) && !m_watcher.files().contains(path)) m_watcher.addPath(path);
    const QString folder = QFileInfo(path).absolutePath();
    if (QFileInfo::exists(folder) && !m_watcher.directories().contains(folder)) m_watcher.addPath(folder);
}

void ConfigFile::reload()
{
    watch();
    auto text = readConfigFile(m_path);
    if (!text) {
        m_problems = {{ConfigProblem::Weight::Error, "", text.error().message, 0}};
        m_unreadable = true;
        emit rejected();
        return;
    }
    // The same text is told of again once it can be read again.
    if (!std::exchange(m_unreadable, false) && text.value() == m_seen) return;
    m_seen = text.value();
    if (m_seen.empty()) {
        // Deleted, or on its way to being replaced: without it nobody could get in any more.
        m_problems = {{ConfigProblem::Weight::Error, "",
                       "The file is gone. Save it again, or start anew for the defaults.", 0}};
        emit rejected();
        return;
    }
    ParsedConfig parsed = parseConfig(m_seen);
    m_problems = parsed.problems;
    if (!parsed.usable()) {
        emit rejected();
        return;
    }
    m_text = m_seen;
    m_config = std::make_shared<const Config>(std::move(parsed.config));
    emit changed(true);
}

std::string ConfigFile::textWith(const Config& config) const
{
    return updateConfigText(m_text, config);
}

void ConfigFile::adopt(std::string text, std::shared_ptr<const Config> config,
                       std::vector<ConfigProblem> warnings)
{
    m_seen = m_text = std::move(text);
    m_config = std::move(config);
    m_problems = std::move(warnings);
    m_unreadable = false;
    watch();
    emit changed(false);
}

} // namespace gateway::engine
