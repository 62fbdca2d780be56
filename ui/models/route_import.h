// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include <QFuture>
#include <QString>

#include "gateway/config.h"
#include "gateway/import.h"

namespace ui {

/// What came of reading another gateway's file.
struct ImportReading {
    std::shared_ptr<const gateway::Config> current; // what it would be added to
    gateway::Imported imported;
    QString problem; // with what to do; empty: it could be read
};

/// Reads and converts the file on a thread of Qt's pool, as `turnpiked import` does. The future completes on
/// the caller's thread.
[[nodiscard]] QFuture<ImportReading> startImport(std::shared_ptr<const gateway::Config> current,
                                                 const QString& path);

/// One thing that an import would add.
struct ImportEntry {
    enum class Kind : std::uint8_t { Undecided, Route, Alias, Provider };
    Kind kind = Kind::Undecided;
    std::string name;
    QString what; // "In order · 3 targets", "→ openai/gpt-4o", the provider's kind and address
    QString note; // what to know: its name was taken, its key is missing
    bool operator==(const ImportEntry&) const = default;
};
/// Routes first, then aliases, then providers.
[[nodiscard]] std::vector<ImportEntry> importEntries(const ImportReading& reading);

/// Names of routes and of aliases.
using ImportNames = std::set<std::string>;
/// `wanted` and every route that one of these leads to.
[[nodiscard]] ImportNames withWhatTheyNeed(const ImportReading& reading, const ImportNames& wanted);
/// The present configuration with these added, and with the providers that they lead to. Where everything is
/// wanted, providers come too that nothing leads to.
[[nodiscard]] gateway::Config importedConfig(const ImportReading& reading, const ImportNames& wanted);
/// `config` without what this import would add to it and nobody has changed since.
[[nodiscard]] gateway::Config withoutImported(gateway::Config config, const ImportReading& reading);
/// Those that the configuration refers to, in the order of the file.
[[nodiscard]] std::vector<gateway::ImportedSecret> neededSecrets(const ImportReading& reading,
                                                                 const gateway::Config& config);

} // namespace ui
