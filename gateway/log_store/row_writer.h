// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <QSqlError>
#include <QSqlQuery>

#include "gateway/snapshot.h"

namespace gateway::log_store {

/// Inserts rows through one connection; ids that are there already are left as they are. Measured: most of a
/// row's cost is in handing values to Qt Sql, so a value that is the same as in the row before is not handed
/// over again. One thread, that of the connection.
class RowWriter {
public:
    /// `prefix` goes before the tables' names; ours, never a user's.
    explicit RowWriter(const QSqlDatabase& sql, const QString& prefix = {});

    /// False: see lastError(). The caller makes the transaction.
    [[nodiscard]] bool insert(const LogRow& row);
    [[nodiscard]] const QSqlError& lastError() const { return m_error; }

private:
    static constexpr std::size_t kTexts = 14, kNumbers = 13;

    void bindText(std::size_t index, const std::string& text);
    void bindNumber(std::size_t index, std::int64_t number);
    [[nodiscard]] bool insertBodies(const LogRow& row);
    [[nodiscard]] bool count(const std::string& name);
    [[nodiscard]] bool execute(QSqlQuery& query);

    QSqlQuery m_insert, m_insertBodies, m_count;
    QSqlError m_error;
    std::array<std::string, kTexts> m_texts;
    std::array<std::int64_t, kNumbers> m_numbers{};
    std::string m_tags, m_detail;
    bool m_prepared = false;
};

} // namespace gateway::log_store
