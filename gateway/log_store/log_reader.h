// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/result.h"

#include "log_store/database.h"
#include "log_store/segment_reader.h"

namespace gateway::log_store {

/// A look at the log from outside the program that writes it, or while none does: the database, and on top of
/// it what only the journal has yet. Reads one moment; writes nothing to disk. One thread.
class LogReader {
public:
    [[nodiscard]] Outcome open(const std::string& dataDir);
    [[nodiscard]] const QSqlDatabase& sql() const { return m_database.sql(); }

private:
    using Segments = std::vector<std::unique_ptr<SegmentReader>>;

    [[nodiscard]] Outcome addUnfolded(const Segments& segments);
    [[nodiscard]] Outcome makeOverlay();
    [[nodiscard]] Outcome execute(const QString& statement);
    /// `prefix`: of the tables that they go into.
    [[nodiscard]] Outcome insertMissing(const Segments& segments, const QString& prefix);

    Database m_database;
    std::string m_path;
    bool m_inMemory = false;
};

} // namespace gateway::log_store
