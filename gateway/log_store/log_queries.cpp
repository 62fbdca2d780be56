// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/log_queries.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include <QByteArray>
#include <QSqlQuery>
#include <QString>
#include <QStringList>
#include <QVariant>

#include "gateway/usage_sum.h"

#include "base/strings.h"
#include "log_store/guardrail_uses.h"
#include "log_store/row_codec.h"
#include "log_store/statements.h"

namespace gateway::log_store {

namespace {

constexpr std::uint32_t kMaxPageRows = 100'000;
/// A page with bodies ends early rather than fill the memory.
constexpr std::size_t kMaxPageBodyBytes = std::size_t{64} << 20;

constexpr const char* kColumns =
    "id,key,client,dialect,requested_model,route,provider,model,cost_source,cache,"
    "error_code,error_message,tags,stream,status,cache_read_tokens,cache_write_tokens,"
    "input_tokens,output_tokens,cost_nanos,first_token,total,overhead,session,program,repository,"
    "reasoning_tokens,saved_nanos,routed_nanos,detail";

/// Conditions joined by AND, and the values of their places.
class Where {
public:
    void add(const QString& condition, const std::vector<QVariant>& values = {})
    {
        m_conditions << condition;
        m_values.insert(m_values.end(), values.begin(), values.end());
    }
    void addText(const char* condition, const std::string& text, int places = 1)
    {
        if (text.empty()) return;
        add(QString::fromLatin1(condition),
            std::vector<QVariant>(static_cast<std::size_t>(places), QString::fromStdString(text)));
    }
    [[nodiscard]] QString clause() const
    {
        return m_conditions.isEmpty()
                   ? QString()
                   : QStringLiteral(" WHERE ") + m_conditions.join(QStringLiteral(" AND "));
    }
    [[nodiscard]] const std::vector<QVariant>& values() const { return m_values; }

private:
    QStringList m_conditions;
    std::vector<QVariant> m_values;
};

/// How RequestId::text() writes a number: a prefix and digits of five bits, the most significant first.
struct IdNotation {
    std::string prefix, alphabet;

    IdNotation()
    {
        constexpr std::size_t kDigits = 13;
        const std::string zero = RequestId{0}.text();
        prefix = zero.substr(0, zero.size() - std::min(zero.size(), kDigits));
        for (std::int64_t digit = 0; digit < 32; ++digit)
            alphabet += RequestId{digit}.text().back();
    }
};

/// Whether a text may be a piece of an id. Spelling out the id of every row is the dearest part of a search,
/// so it is done only for what looks like one: it begins like one, or is of its digits, a number among them.
bool looksLikeId(const std::string& text, const IdNotation& notation)
{
    if (text.starts_with(notation.prefix)) return true;
    const bool hasNumber = std::any_of(text.begin(), text.end(), isAsciiDigit);
    return text.size() >= 3 && hasNumber && text.find_first_not_of(notation.alphabet) == std::string::npos;
}

/// SQL for the text form of a row's id.
QString idTextExpression(const IdNotation& notation)
{
    QString expression = QStringLiteral("'%1'").arg(QString::fromStdString(notation.prefix));
    for (int shift = 60; shift >= 0; shift -= 5) {
        expression += QStringLiteral("||substr('%1',(id>>%2&31)+1,1)")
                          .arg(QString::fromStdString(notation.alphabet))
                          .arg(shift);
    }
    return expression;
}

void addSearch(Where& where, const std::string& text)
{
    if (text.empty()) return;
    const IdNotation notation;
    QString pattern = QString::fromStdString(text);
    for (const char* special : {"\\", "%", "_"})
        pattern.replace(QLatin1String(special), QLatin1Char('\\') + QLatin1String(special));
    pattern = QLatin1Char('%') + pattern + QLatin1Char('%');

    // One comparison with all columns in a row is much cheaper than one with each. The control character
    // between them is in no name.
    QStringList parts;
    for (const char* column :
         {"requested_model", "model", "provider", "route", "client", "key", "error_code", "error_message"})
        parts << QStringLiteral("ifnull(%1,'')").arg(QLatin1String(column));
    if (looksLikeId(text, notation)) parts << idTextExpression(notation);
    where.add(QStringLiteral("(%1) LIKE ? ESCAPE '\\'").arg(parts.join(QStringLiteral("||char(31)||"))),
              {pattern});
}

/// "ok", "error", a status ("429"), a class of them ("5xx") or the name of an error.
void addStatus(Where& where, const std::string& status)
{
    if (status.empty()) return;
    int code = 0;
    const auto parsed = std::from_chars(status.data(), status.data() + status.size(), code);
    const bool isNumber = parsed.ec == std::errc{} && parsed.ptr == status.data() + status.size();
    if (status == "ok")
        where.add(QStringLiteral("NOT ") + QLatin1String(kIsFailure));
    else if (status == "error")
        where.add(QLatin1String(kIsFailure));
    else if (isNumber)
        where.add(QStringLiteral("status=?"), {code});
    else if (status.size() == 3 && status.substr(1) == "xx" && status[0] >= '1' && status[0] <= '9')
        where.add(QStringLiteral("status/100=?"), {status[0] - '0'});
    else
        where.addText("error_code=?", status);
}

// With the name of the table, as what tags are spelled out with has an id, too.
void addSpan(Where& where, std::int64_t since, std::int64_t until)
{
    if (since > 0) where.add(QStringLiteral("requests.id>=?"), {static_cast<qint64>(firstIdAt(since))});
    if (until > 0) where.add(QStringLiteral("requests.id<?"), {static_cast<qint64>(firstIdAt(until))});
}

Where matching(const LogQuery& query)
{
    Where where;
    addSpan(where, query.sinceMicros, query.untilMicros);
    addSearch(where, query.text);
    addStatus(where, query.status);
    where.addText("provider=?", query.provider);
    where.addText("(model=? OR requested_model=?)", query.model, 2);
    where.addText("key=?", query.key);
    where.addText("client=?", query.client);
    where.addText("route=?", query.route);
    where.addText("program=?", query.program);
    where.addText("repository=?", query.repository);
    where.addText("session=?", query.session);
    where.addText("EXISTS(SELECT 1 FROM json_each(requests.tags) WHERE value=?)", query.tag);
    return where;
}

LogRow rowAt(const QSqlQuery& query)
{
    LogRow row;
    row.id.value = numberAt(query, 0);
    const std::array<std::string*, 11> texts{
        &row.key,   &row.client,     &row.dialect, &row.requestedModel, &row.route,       &row.provider,
        &row.model, &row.costSource, &row.cache,   &row.errorCode,      &row.errorMessage};
    int column = 1;
    for (std::string* text : texts)
        *text = textAt(query, column++);
    row.tags = tagsAt(query, column++);
    row.stream = numberAt(query, column++) != 0;
    row.status = static_cast<int>(numberAt(query, column++));
    for (std::int64_t* number :
         {&row.cacheReadTokens, &row.cacheWriteTokens, &row.inputTokens, &row.outputTokens, &row.costNanos,
          &row.firstToken, &row.total, &row.overhead})
        *number = numberAt(query, column++);
    for (std::string* text : {&row.session, &row.program, &row.repository})
        *text = textAt(query, column++);
    for (std::int64_t* number : {&row.reasoningTokens, &row.savedNanos, &row.routedNanos})
        *number = numberAt(query, column++);
    const QByteArray detail = query.value(column).toByteArray();
    // A row with a broken detail is still worth showing.
    [[maybe_unused]] const bool whole =
        decodeDetail(std::string_view(detail.constData(), static_cast<std::size_t>(detail.size())), row);
    return row;
}

void addBodies(const QSqlDatabase& sql, LogPage& page, QSqlError& error)
{
    QSqlQuery query(sql);
    query.setForwardOnly(true);
    if (!query.prepare(QStringLiteral("SELECT request,response FROM bodies WHERE id=?"))) {
        error = query.lastError();
        return;
    }
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < page.rows.size(); ++i) {
        LogRow& row = page.rows[i];
        query.bindValue(0, static_cast<qint64>(row.id.value));
        if (!query.exec()) {
            error = query.lastError();
            return;
        }
        if (!query.next()) continue;
        row.requestBody = query.value(0).toByteArray().toStdString();
        row.responseBody = query.value(1).toByteArray().toStdString();
        bytes += row.requestBody.size() + row.responseBody.size();
        if (bytes > kMaxPageBodyBytes && i + 1 < page.rows.size()) {
            page.rows.resize(i + 1);
            page.more = true;
        }
    }
}

constexpr UsageColumn kUsageColumns[] = {
    {"", "''", "requests"},
    {"model", "model", "requests"},
    {"provider", "provider", "requests"},
    {"target", "CASE WHEN provider<>'' THEN provider || '/' || model ELSE '' END", "requests"},
    {"route", "route", "requests"},
    {"key", "key", "requests"},
    {"tag", "t.value", "requests, json_each(requests.tags) AS t"},
    {"client", "client", "requests"},
    {"program", "program", "requests"},
    {"repository", "repository", "requests"},
    {"session", "session", "requests"},
    {"cost_source", "cost_source", "requests"},
    {"day", "date((id>>12)/1000000 + %1, 'unixepoch')", "requests"},
};

} // namespace

UsageRow usageAt(const QSqlQuery& select)
{
    UsageRow row;
    row.requests = static_cast<std::uint64_t>(numberAt(select, 1));
    row.failures = static_cast<std::uint64_t>(numberAt(select, 2));
    row.inputTokens = numberAt(select, 3);
    row.outputTokens = numberAt(select, 4);
    row.cacheReadTokens = numberAt(select, 5);
    row.cacheWriteTokens = numberAt(select, 6);
    row.costNanos = numberAt(select, 7);
    row.reasoningTokens = numberAt(select, 8);
    row.savedNanos = numberAt(select, 9);
    row.routedNanos = numberAt(select, 10);
    row.unpriced = static_cast<std::uint64_t>(numberAt(select, 11));
    return row;
}

const UsageColumn* findUsageColumn(const std::string& by)
{
    const auto* found = std::find_if(std::begin(kUsageColumns), std::end(kUsageColumns),
                                     [&](const UsageColumn& column) { return by == column.name; });
    return found == std::end(kUsageColumns) ? nullptr : found;
}

std::int64_t firstIdAt(std::int64_t micros)
{
    constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max() >> 12;
    return std::clamp<std::int64_t>(micros, 0, kLast) << 12;
}

LogPage selectPage(const QSqlDatabase& sql, const LogQuery& query, QSqlError& error)
{
    LogPage page;
    const std::uint32_t limit = std::clamp<std::uint32_t>(query.limit, 1, kMaxPageRows);
    Where where = matching(query);
    QSqlQuery count(sql);
    if (!run(count, QStringLiteral("SELECT count(*) FROM requests") + where.clause(), where.values(), error))
        return page;
    if (count.next()) page.total = static_cast<std::uint64_t>(count.value(0).toLongLong());
    count.finish();
    if (page.total == 0) return page;

    if (query.before > 0) where.add(QStringLiteral("id<?"), {static_cast<qint64>(query.before)});
    if (query.after > 0) where.add(QStringLiteral("id>?"), {static_cast<qint64>(query.after)});
    const char* order = query.after > 0 ? "ASC" : "DESC";
    std::vector<QVariant> values = where.values();
    values.emplace_back(static_cast<qint64>(limit) + 1);
    QSqlQuery select(sql);
    const QString statement = QStringLiteral("SELECT %1 FROM requests%2 ORDER BY id %3 LIMIT ?")
                                  .arg(QLatin1String(kColumns), where.clause(), QLatin1String(order));
    if (!run(select, statement, values, error)) return page;
    while (select.next()) {
        if (page.rows.size() == limit) {
            page.more = true;
            break;
        }
        page.rows.push_back(rowAt(select));
    }
    if (select.lastError().isValid()) error = select.lastError();
    select.finish();
    if (query.withBodies) addBodies(sql, page, error);
    return page;
}

bool isUsageColumn(const std::string& by)
{
    return findUsageColumn(by) != nullptr;
}

std::vector<UsageRow> selectUsage(const QSqlDatabase& sql, const UsageQuery& query, QSqlError& error)
{
    std::vector<UsageRow> rows;
    if (query.by == "guardrail") return selectGuardrailUses(sql, query, error);
    const UsageColumn* column = findUsageColumn(query.by);
    if (column == nullptr) return rows;
    Where where;
    addSpan(where, query.sinceMicros, query.untilMicros);
    where.addText("route=?", query.route);
    // Without a group, the sum over no rows is one row of nulls: a row of zeros, as it should be.
    const QString group =
        query.by.empty() ? QString() : QStringLiteral(" GROUP BY 1 ORDER BY 8 DESC, 2 DESC, 1");
    QString expression = QLatin1String(column->expression);
    if (query.by == "day") expression = expression.arg(query.utcOffsetSeconds);
    QSqlQuery select(sql);
    const QString statement =
        QStringLiteral(
            "SELECT %1, count(*), sum(%2), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), "
            "sum(cache_write_tokens), sum(cost_nanos), sum(reasoning_tokens), sum(saved_nanos), "
            "sum(routed_nanos), sum(cost_source='unknown' AND input_tokens+output_tokens>0) FROM %3%4%5")
            .arg(expression, QLatin1String(kIsFailure), QLatin1String(column->from), where.clause(), group);
    if (!run(select, statement, where.values(), error)) return rows;
    UsageRow others;
    while (select.next()) {
        UsageRow row = usageAt(select);
        row.name = textAt(select, 0);
        if (query.limit == 0 || rows.size() < query.limit) {
            rows.push_back(std::move(row));
            continue;
        }
        addUsage(others, row);
        ++others.others;
    }
    if (others.others > 0) rows.push_back(std::move(others));
    if (select.lastError().isValid()) error = select.lastError();
    return rows;
}

std::vector<LogRow> selectUnpriced(const QSqlDatabase& sql, std::int64_t fromId, int limit, QSqlError& error)
{
    std::vector<LogRow> rows;
    QSqlQuery select(sql);
    const QString statement =
        QStringLiteral(
            "SELECT %1 FROM requests WHERE id>=? AND cost_source='unknown' AND cost_nanos=0 ORDER BY id "
            "LIMIT ?")
            .arg(QLatin1String(kColumns));
    if (!run(select, statement, {static_cast<qint64>(fromId), limit}, error)) return rows;
    while (select.next())
        rows.push_back(rowAt(select));
    if (select.lastError().isValid()) error = select.lastError();
    return rows;
}

std::vector<DayUse> selectDays(const QSqlDatabase& sql, const std::string& provider, std::int64_t sinceMicros,
                               std::int64_t untilMicros, QSqlError& error)
{
    std::vector<DayUse> days;
    Where where;
    addSpan(where, sinceMicros, untilMicros);
    where.addText("provider=?", provider);
    QSqlQuery select(sql);
    const QString statement =
        QStringLiteral("SELECT date((id>>12)/1000000, 'unixepoch'), model, sum(input_tokens), "
                       "sum(output_tokens), sum(cache_read_tokens), sum(cache_write_tokens), "
                       "sum(input_tokens+output_tokens>0 OR cost_nanos>0), sum(cost_nanos) FROM requests%1 "
                       "GROUP BY 1, 2 ORDER BY 1, 2")
            .arg(where.clause());
    if (!run(select, statement, where.values(), error)) return days;
    while (select.next()) {
        DayUse& day = days.emplace_back();
        day.day = textAt(select, 0);
        day.model = textAt(select, 1);
        int column = 2;
        for (std::int64_t* number : {&day.inputTokens, &day.outputTokens, &day.cacheReadTokens,
                                     &day.cacheWriteTokens, &day.requests, &day.costNanos})
            *number = numberAt(select, column++);
    }
    if (select.lastError().isValid()) error = select.lastError();
    return days;
}

std::vector<KeyUse> selectKeyUses(const QSqlDatabase& sql, std::int64_t nowMicros, QSqlError& error)
{
    constexpr std::int64_t kLookedAt = 90LL * 86'400 * 1'000'000; // a log of years takes long to read
    std::vector<KeyUse> uses;
    QSqlQuery select(sql);
    // Columns beside max() are of the row that has it, which SQLite promises.
    const QString statement = QStringLiteral("SELECT key, max(id), client, program FROM requests WHERE id>=? "
                                             "AND key IS NOT NULL GROUP BY key");
    if (!run(select, statement, {static_cast<qint64>(firstIdAt(nowMicros - kLookedAt))}, error)) return uses;
    while (select.next()) {
        KeyUse& use = uses.emplace_back();
        use.id = VirtualKeyId(textAt(select, 0));
        use.lastUsed = RequestId{numberAt(select, 1)}.microseconds();
        use.client = textAt(select, 2);
        use.program = textAt(select, 3);
    }
    if (select.lastError().isValid()) error = select.lastError();
    return uses;
}

} // namespace gateway::log_store
