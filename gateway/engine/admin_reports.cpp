// SPDX-License-Identifier: GPL-3.0-or-later
// What the request log says, for the administration.
#include <algorithm>
#include <utility>

#include <QDateTime>

#include "gateway/row_json.h"

#include "base/strings.h"
#include "engine/admin_answers.h"
#include "engine/admin_desk.h"
#include "log_store/log_queries.h"

namespace gateway::engine {

namespace {

constexpr std::uint32_t kUsualRows = 100;
constexpr std::uint32_t kMostRows = 1000;
constexpr std::uint32_t kMostRowsWithBodies = 50; // which may be large

std::string takeParameter(const AdminQuery& query, std::string_view name)
{
    const auto found = query.find(name);
    return found == query.end() ? std::string() : found->second;
}

Error wrongParameter(std::string_view name, std::string_view needs)
{
    return clientError(Code::InvalidRequest, "`" + std::string(name) + "` needs " + std::string(needs) + ".",
                       std::string(name));
}

Result<std::uint32_t> rowsIn(const AdminQuery& query, std::uint32_t most)
{
    const std::string text = takeParameter(query, "limit");
    if (text.empty()) return std::min(kUsualRows, most);
    const std::uint32_t rows = wholeNumber<std::uint32_t>(text).value_or(0);
    if (rows < 1 || rows > most)
        return wrongParameter("limit", "a whole number from 1 to " + std::to_string(most));
    return rows;
}

std::optional<Error> readSpan(const AdminQuery& query, std::int64_t& since, std::int64_t& until)
{
    const auto from = momentIn(query, "since");
    if (!from) return from.error();
    const auto to = momentIn(query, "until");
    if (!to) return to.error();
    since = *from;
    until = *to;
    return std::nullopt;
}

Result<LogQuery> logQueryOf(std::string_view text)
{
    const auto query =
        parseQuery(text, {"since", "until", "limit", "before", "text", "status", "model", "provider", "key",
                          "client", "route", "program", "repository", "session", "bodies"});
    if (!query) return query.error();
    LogQuery asked;
    if (auto problem = readSpan(*query, asked.sinceMicros, asked.untilMicros)) return *std::move(problem);
    const std::string bodies = takeParameter(*query, "bodies");
    if (!bodies.empty() && bodies != "true" && bodies != "false")
        return wrongParameter("bodies", "true or false");
    asked.withBodies = bodies == "true";
    const auto rows = rowsIn(*query, asked.withBodies ? kMostRowsWithBodies : kMostRows);
    if (!rows) return rows.error();
    asked.limit = *rows;
    if (const std::string before = takeParameter(*query, "before"); !before.empty()) {
        asked.before = RequestId::parse(before).value;
        if (asked.before == 0) return wrongParameter("before", "the id of a row, which is in `next`");
    }
    asked.status = takeParameter(*query, "status");
    std::string_view digits = asked.status;
    const bool isCode = takeDigits(digits).size() == 3 && digits.empty();
    if (!asked.status.empty() && asked.status != "ok" && asked.status != "error" && !isCode)
        return wrongParameter("status", "ok, error, or a code such as 429");
    asked.text = takeParameter(*query, "text");
    asked.model = takeParameter(*query, "model");
    asked.provider = takeParameter(*query, "provider");
    asked.key = takeParameter(*query, "key");
    asked.client = takeParameter(*query, "client");
    asked.route = takeParameter(*query, "route");
    asked.program = takeParameter(*query, "program");
    asked.repository = takeParameter(*query, "repository");
    asked.session = takeParameter(*query, "session");
    return asked;
}

pipeline::AdminAnswer pageAnswer(const LogPage& page, bool withBodies)
{
    pipeline::AdminAnswer answer;
    JsonWriter json(answer.body);
    json.beginObject().key("logs").beginArray();
    for (const LogRow& row : page.rows)
        json.raw(logRowJson(row, withBodies));
    json.endArray().key("total").integer(static_cast<std::int64_t>(page.total)).key("next");
    if (page.more && !page.rows.empty())
        json.string(page.rows.back().id.text());
    else
        json.null();
    json.endObject();
    return answer;
}

pipeline::AdminAnswer usageAnswer(const std::vector<UsageRow>& rows, const std::string& by)
{
    pipeline::AdminAnswer answer;
    JsonWriter json(answer.body);
    json.beginObject().key("by").string(by).key("usage").beginArray();
    for (const UsageRow& row : rows)
        json.raw(usageRowJson(row, by.empty() ? by : "name"));
    json.endArray().endObject();
    return answer;
}

} // namespace

std::optional<AdminDesk::Answer> AdminDesk::logTrouble() const
{
    const std::string problem = m_means.log.problem();
    if (problem.empty()) return std::nullopt;
    return adminRefusal(503, codeName(Code::LedgerUnavailable), problem);
}

void AdminDesk::logs(const Call& call, const Done& done)
{
    auto query = logQueryOf(call.query);
    if (!query) return done(adminRefusal(query.error()));
    // Many rows take their time to write: not on the owner's thread.
    m_means.log.query(*query, [this, done, bodies = query->withBodies](const LogPage& page) {
        done(page.rows.empty() ? logTrouble().value_or(pageAnswer(page, bodies)) : pageAnswer(page, bodies));
    });
}

void AdminDesk::usage(const Call& call, const Done& done)
{
    const auto query = parseQuery(call.query, {"by", "since", "until", "route"});
    if (!query) return done(adminRefusal(query.error()));
    UsageQuery asked;
    if (const auto problem = readSpan(*query, asked.sinceMicros, asked.untilMicros))
        return done(adminRefusal(*problem));
    asked.by = query->contains("by") ? takeParameter(*query, "by") : "model";
    if (!asked.by.empty() && !log_store::isUsageColumn(asked.by))
        return done(
            adminRefusal(wrongParameter("by", "model, provider, target, route, key, tag, client, program, "
                                              "repository, session or day, or nothing for one sum")));
    asked.route = takeParameter(*query, "route");
    asked.utcOffsetSeconds = QDateTime::currentDateTime().offsetFromUtc();
    m_means.log.usage(asked, [this, done, by = asked.by](const std::vector<UsageRow>& rows) {
        done(rows.empty() ? logTrouble().value_or(usageAnswer(rows, by)) : usageAnswer(rows, by));
    });
}

} // namespace gateway::engine
