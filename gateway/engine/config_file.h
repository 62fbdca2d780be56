// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

#include "gateway/config_io.h"

namespace gateway::engine {

/// The configuration file: what it says, what is wrong with it, and a look-out for edits from outside. An
/// edit that is not valid leaves the last good configuration in force. Owner's thread.
class ConfigFile : public QObject {
    Q_OBJECT

public:
    explicit ConfigFile(std::string path, QObject* parent = nullptr);

    /// First read. Error: the file has problems and `useBackup` is off, or there is no good backup either.
    [[nodiscard]] Outcome open(bool useBackup);
    void reload();

    [[nodiscard]] const std::shared_ptr<const Config>& config() const { return m_config; }
    /// Of the text that stands in the file now.
    [[nodiscard]] const std::vector<ConfigProblem>& problems() const { return m_problems; }
    [[nodiscard]] const std::string& path() const { return m_path; }
    /// The file as it was last read; a write over another text would lose somebody's edit.
    [[nodiscard]] const std::string& seen() const { return m_seen; }
    /// Nothing is lost when the text in force is written: the file says the same, or is gone. Not so after an
    /// edit that is not valid, or on the backup.
    [[nodiscard]] bool inForce() const { return m_seen == m_text || m_seen.empty(); }
    [[nodiscard]] const std::string& text() const { return m_text; }
    /// `config` over the text in force; what save() would write.
    [[nodiscard]] std::string textWith(const Config& config) const;
    /// After a successful write of `text`.
    void adopt(std::string text, std::shared_ptr<const Config> config,
               std::vector<ConfigProblem> warnings = {});

signals:
    /// `outside`: somebody else wrote the file.
    void changed(bool outside);
    void rejected();

private:
    void watch();

    std::string m_path;
    std::string m_text;        // of the configuration in force
    std::string m_seen;        // as it was last read
    bool m_unreadable = false; // when that was tried last
    std::shared_ptr<const Config> m_config = std::make_shared<const Config>();
    std::vector<ConfigProblem> m_problems;
    QFileSystemWatcher m_watcher;
    QTimer m_settle; // editors write in several steps
};

} // namespace gateway::engine
