// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/guardrail_uses.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <QByteArray>
#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include "gateway/usage_sum.h"

#include "log_store/log_queries.h"
#include "log_store/row_codec.h"
#include "log_store/statements.h"

namespace gateway::log_store {

namespace {

/// The names in what a row says that guardrails found, each once.
std::set<std::string> guardrailNames(const std::string& verdicts)
{
    std::set<std::string> names;
    const auto json = nlohmann::json::parse(verdicts, nullptr, false);
    if (!json.is_array()) return names;
    for (const auto& each : json) {
        if (!each.is_object()) continue;
        const auto name = each.find("guardrail");
        if (name != each.end() && name->is_string()) names.insert(name->get<std::string>());
    }
    return names;
}

} // namespace

std::vector<UsageRow> selectGuardrailUses(const QSqlDatabase& sql, const UsageQuery& query, QSqlError& error)
{
    const std::int64_t until =
        query.untilMicros > 0 ? firstIdAt(query.untilMicros) : std::numeric_limits<std::int64_t>::max();
    std::vector<QVariant> values{static_cast<qint64>(firstIdAt(query.sinceMicros)),
                                 static_cast<qint64>(until)};
    QString route;
    if (!query.route.empty()) {
        route = QStringLiteral(" AND route=?");
        values.emplace_back(QString::fromStdString(query.route));
    }
    // Most rows have nothing of the sort: those are not decoded.
    const QString statement =
        QStringLiteral("SELECT detail, 1, %1, input_tokens, output_tokens, cache_read_tokens, "
                       "cache_write_tokens, cost_nanos, reasoning_tokens, saved_nanos, routed_nanos, "
                       "cost_source='unknown' AND input_tokens+output_tokens>0 FROM requests WHERE id>=? "
                       "AND id<?%2 AND instr(detail, CAST('\"guardrail\":' AS BLOB))>0")
            .arg(QLatin1String(kIsFailure), route);
    QSqlQuery select(sql);
    std::vector<UsageRow> rows;
    if (!run(select, statement, values, error)) return rows;
    std::map<std::string, UsageRow> sums;
    while (select.next()) {
        const QByteArray detail = select.value(0).toByteArray();
        LogRow row;
        // Of a row with a broken detail counts what could be read.
        [[maybe_unused]] const bool whole =
            decodeDetail(std::string_view(detail.constData(), static_cast<std::size_t>(detail.size())), row);
        for (const std::string& name : guardrailNames(row.guardrailsJson))
            addUsage(sums[name], usageAt(select));
    }
    if (select.lastError().isValid()) error = select.lastError();
    for (auto& [name, sum] : sums) {
        sum.name = name;
        rows.push_back(std::move(sum));
    }
    std::stable_sort(rows.begin(), rows.end(), [](const UsageRow& left, const UsageRow& right) {
        if (left.costNanos != right.costNanos) return left.costNanos > right.costNanos;
        return left.requests > right.requests;
    });
    return rows;
}

} // namespace gateway::log_store
