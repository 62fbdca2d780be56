// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/note_table.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include "gateway/gateway.h"

#include "log_store/statements.h"

namespace gateway {

namespace {

constexpr std::array<std::pair<Alert::Kind, std::string_view>, 7> kAlertKinds{{
    {Alert::Kind::BudgetMark, "budget_mark"},
    {Alert::Kind::BudgetUsedUp, "budget_used_up"},
    {Alert::Kind::AgentLoop, "agent_loop"},
    {Alert::Kind::ProviderDown, "provider_down"},
    {Alert::Kind::KeyRefused, "key_refused"},
    {Alert::Kind::LogTrouble, "log_trouble"},
    {Alert::Kind::SpendingPaused, "spending_paused"},
}};

constexpr std::array<std::pair<Alert::Level, std::string_view>, 3> kAlertLevels{{
    {Alert::Level::Info, "info"},
    {Alert::Level::Warning, "warning"},
    {Alert::Level::Critical, "critical"},
}};

template <class Rows, class Value>
std::string_view nameIn(const Rows& rows, Value value)
{
    for (const auto& [each, name] : rows) {
        if (each == value) return name;
    }
    return {};
}

/// Undecided for a name of a later version.
template <class Value, class Rows>
Value valueIn(const Rows& rows, std::string_view name)
{
    for (const auto& [value, each] : rows) {
        if (each == name) return value;
    }
    return Value::Undecided;
}

} // namespace

std::string_view alertKindName(Alert::Kind kind)
{
    return nameIn(kAlertKinds, kind);
}

std::string_view alertLevelName(Alert::Level level)
{
    return nameIn(kAlertLevels, level);
}

} // namespace gateway

namespace gateway::log_store {

namespace {

constexpr std::uint32_t kMostAlertsRead = 10'000;

QString noteText(std::string_view text)
{
    // A null string would be NULL, which no column of these tables may be.
    return text.empty() ? QStringLiteral("")
                        : QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

bool recordOne(const QSqlDatabase& sql, const Alert& alert, QSqlError& error)
{
    QSqlQuery insert(sql), trim(sql);
    return run(insert,
               QStringLiteral(
                   "INSERT OR IGNORE INTO alerts(id,time,kind,level,subject,text) VALUES(?,?,?,?,?,?)"),
               {static_cast<qint64>(alert.id), static_cast<qint64>(alert.time),
                noteText(alertKindName(alert.kind)), noteText(alertLevelName(alert.level)),
                noteText(alert.subject), noteText(alert.text)},
               error) &&
           run(trim,
               QStringLiteral("DELETE FROM alerts WHERE id<=(SELECT id FROM alerts ORDER BY id DESC "
                              "LIMIT 1 OFFSET ?)"),
               {static_cast<qint64>(kKeptAlerts)}, error);
}

bool recordOne(const QSqlDatabase& sql, const AllowanceRow& row, QSqlError& error)
{
    QSqlQuery insert(sql);
    return run(insert,
               QStringLiteral("INSERT OR REPLACE INTO allowances(name,of_key,per,since,until,amount,"
                              "nanos) VALUES(?,?,?,?,?,?,?)"),
               {noteText(row.name), row.ofKey ? 1 : 0, noteText(row.per), static_cast<qint64>(row.since),
                static_cast<qint64>(row.until), static_cast<qint64>(row.amount),
                static_cast<qint64>(row.nanos)},
               error);
}

} // namespace

bool recordNote(const QSqlDatabase& sql, const StoreNote& note, QSqlError& error)
{
    return std::visit([&](const auto& each) { return recordOne(sql, each, error); }, note);
}

std::vector<Alert> selectAlerts(const QSqlDatabase& sql, const AlertQuery& query, QSqlError& error)
{
    std::vector<Alert> alerts;
    QSqlQuery select(sql);
    const std::int64_t before = query.before > 0 ? query.before : std::numeric_limits<std::int64_t>::max();
    if (!run(select,
             QStringLiteral("SELECT id,time,kind,level,subject,text FROM alerts WHERE id<? AND time>=? "
                            "ORDER BY id DESC LIMIT ?"),
             {static_cast<qint64>(before), static_cast<qint64>(query.sinceMicros),
              std::min(query.limit, kMostAlertsRead)},
             error))
        return alerts;
    while (select.next()) {
        Alert& alert = alerts.emplace_back();
        alert.id = select.value(0).toLongLong();
        alert.time = select.value(1).toLongLong();
        alert.kind = valueIn<Alert::Kind>(kAlertKinds, textAt(select, 2));
        alert.level = valueIn<Alert::Level>(kAlertLevels, textAt(select, 3));
        alert.subject = textAt(select, 4);
        alert.text = textAt(select, 5);
    }
    if (select.lastError().isValid()) error = select.lastError();
    return alerts;
}

std::vector<AllowanceRow> selectAllowances(const QSqlDatabase& sql, QSqlError& error)
{
    std::vector<AllowanceRow> rows;
    QSqlQuery select(sql);
    if (!run(select, QStringLiteral("SELECT name,of_key,per,since,until,amount,nanos FROM allowances"), {},
             error))
        return rows;
    while (select.next()) {
        rows.push_back({textAt(select, 0), select.value(1).toInt() != 0, textAt(select, 2),
                        select.value(3).toLongLong(), select.value(4).toLongLong(),
                        select.value(5).toLongLong(), select.value(6).toLongLong()});
    }
    if (select.lastError().isValid()) error = select.lastError();
    return rows;
}

} // namespace gateway::log_store
