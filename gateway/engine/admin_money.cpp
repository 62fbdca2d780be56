// SPDX-License-Identifier: GPL-3.0-or-later
// What the user is asked and told about money, for the administration.
#include <algorithm>
#include <utility>

#include "base/money.h"
#include "base/strings.h"
#include "engine/admin_answers.h"
#include "engine/admin_bodies.h"
#include "engine/admin_desk.h"

namespace gateway::engine {

using config::JsonTree;

namespace {

constexpr std::uint32_t kUsualAlerts = 100;
constexpr std::uint32_t kMostAlerts = 1000;

/// Whatever a body has beside what is known is a mistake.
std::optional<pipeline::AdminAnswer> refuseOthers(const JsonTree& body, const std::vector<std::string>& known)
{
    for (const JsonTree& member : body.children) {
        if (!contains(known, member.key))
            return adminRefusal(400, codeName(Code::InvalidRequest),
                                "Unknown member `" + shortened(member.key, 80) +
                                    "`. Known here: " + joined(known, ", ") + ".",
                                shortened(member.key, 80));
    }
    return std::nullopt;
}

/// Nothing where the body has no such truth value.
std::optional<bool> truthIn(JsonTree& body, std::string_view name)
{
    const JsonTree* member = body.find(name);
    if (!member || (member->kind != JsonKind::True && member->kind != JsonKind::False)) return std::nullopt;
    return member->kind == JsonKind::True;
}

pipeline::AdminAnswer alertsAnswer(const std::vector<Alert>& alerts, std::uint32_t limit)
{
    pipeline::AdminAnswer answer;
    JsonWriter json(answer.body);
    json.beginObject().key("alerts").beginArray();
    for (const Alert& alert : alerts) {
        json.beginObject().key("id").integer(alert.id);
        writeMoment(json, "time", alert.time);
        json.key("kind").string(alertKindName(alert.kind)).key("level").string(alertLevelName(alert.level));
        json.key("subject").string(alert.subject).key("text").string(alert.text).endObject();
    }
    json.endArray().key("next");
    if (!alerts.empty() && alerts.size() >= limit)
        json.integer(alerts.back().id);
    else
        json.null();
    json.endObject();
    return answer;
}

pipeline::AdminAnswer wrongBody(std::string_view member, std::string_view needs)
{
    return adminRefusal(400, codeName(Code::InvalidRequest),
                        "`" + std::string(member) + "` needs " + std::string(needs) + ".", member);
}

} // namespace

void AdminDesk::allow(const Call& call, const Done& done)
{
    auto body = bodyObject(call.body);
    if (auto* refused = std::get_if<Answer>(&body)) return done(std::move(*refused));
    auto& given = std::get<JsonTree>(body);
    if (auto refused = refuseOthers(given, {"usd", "of_key"})) return done(std::move(*refused));
    const JsonTree* usd = given.find("usd");
    const auto amount = usd && usd->kind == JsonKind::Number ? Money::parse(usd->scalar) : std::nullopt;
    if (!amount || amount->nanos() <= 0 || *amount > Money::fromNanos(1'000'000 * Money::kNanosPerDollar))
        return done(wrongBody("usd", "US dollars above 0 and up to 1000000"));
    const auto said = truthIn(given, "of_key");
    if (given.find("of_key") && !said) return done(wrongBody("of_key", "true or false"));
    const bool ofKey = said.value_or(false);
    const std::string& name = call.path.name;
    const auto states = m_means.budgets();
    if (std::none_of(states.begin(), states.end(),
                     [&](const BudgetState& state) { return state.ofKey == ofKey && state.name == name; }))
        return done(notFound(ofKey ? "key with a budget of its own" : "budget", name));
    m_means.door.allowMore(QString::fromStdString(name), ofKey, amount->nanos())
        .then(&m_means.door, [done, name, nanos = amount->nanos()](const QString& problem) {
            if (!problem.isEmpty()) return done(adminRefusal(409, "not_done", problem.toStdString()));
            Answer answer;
            JsonWriter json(answer.body);
            json.beginObject().key("name").string(name);
            writeUsd(json, "allowed_usd", nanos);
            json.endObject();
            done(std::move(answer));
        });
}

namespace {

std::string_view questionKind(const SpendQuestion& question)
{
    if (question.kind == SpendQuestion::Kind::Guardrail) return "guardrail";
    return question.kind == SpendQuestion::Kind::AgentLoop ? "agent_loop" : "budget";
}

} // namespace

void AdminDesk::questions(const Done& done) const
{
    Answer answer;
    JsonWriter json(answer.body);
    json.beginObject().key("questions").beginArray();
    for (const SpendQuestion& question : m_means.door.activity().questions) {
        json.beginObject().key("id").string(std::to_string(question.id));
        json.key("kind").string(questionKind(question)).key("subject").string(question.subject);
        json.key("of_key").boolean(question.ofKey).key("reason").string(question.reason);
        json.key("key").string(question.key).key("client").string(question.client);
        json.key("program").string(question.program).key("repository").string(question.repository);
        json.key("model").string(question.model);
        writeMoment(json, "asked_at", question.askedAt);
        writeMoment(json, "until", question.until);
        writeUsd(json, "spent_usd", question.spentNanos);
        writeUsd(json, "limit_usd", question.limitNanos);
        writeUsd(json, "more_usd", question.moreNanos);
        json.key("waiting").integer(question.waiting).endObject();
    }
    json.endArray().endObject();
    done(std::move(answer));
}

void AdminDesk::answerQuestion(const Call& call, const Done& done)
{
    auto body = bodyObject(call.body);
    if (auto* refused = std::get_if<Answer>(&body)) return done(std::move(*refused));
    auto& given = std::get<JsonTree>(body);
    if (auto refused = refuseOthers(given, {"allow"})) return done(std::move(*refused));
    const auto allow = truthIn(given, "allow");
    if (!allow) return done(wrongBody("allow", "true or false"));
    const auto id = wholeNumber<std::uint64_t>(call.path.name);
    const auto& open = m_means.door.activity().questions;
    if (!id || std::none_of(open.begin(), open.end(), [&id](const auto& each) { return each.id == *id; }))
        return done(notFound("question that waits", call.path.name));
    m_means.door.answerQuestion(*id, *allow).then(&m_means.door, [done, allow](const QString& problem) {
        if (!problem.isEmpty()) return done(adminRefusal(409, "not_done", problem.toStdString()));
        Answer answer;
        JsonWriter(answer.body).beginObject().key("allowed").boolean(*allow).endObject();
        done(std::move(answer));
    });
}

void AdminDesk::alerts(const Call& call, const Done& done)
{
    const auto query = parseQuery(call.query, {"since", "before", "limit"});
    if (!query) return done(adminRefusal(query.error()));
    AlertQuery asked;
    const auto since = momentIn(*query, "since");
    if (!since) return done(adminRefusal(since.error()));
    asked.sinceMicros = *since;
    asked.limit = kUsualAlerts;
    if (const auto given = query->find("limit"); given != query->end()) {
        asked.limit = wholeNumber<std::uint32_t>(given->second).value_or(0);
        if (asked.limit < 1 || asked.limit > kMostAlerts)
            return done(wrongBody("limit", "a whole number from 1 to 1000"));
    }
    if (const auto given = query->find("before"); given != query->end()) {
        asked.before = wholeNumber<std::int64_t>(given->second).value_or(0);
        if (asked.before <= 0) return done(wrongBody("before", "the id of an alert, which is in `next`"));
    }
    m_means.door.alerts(asked).then(
        &m_means.door,
        [done, limit = asked.limit](const std::vector<Alert>& alerts) { done(alertsAnswer(alerts, limit)); });
}

void AdminDesk::pauseSpending(const Call& call, const Done& done)
{
    auto body = bodyObject(call.body);
    if (auto* refused = std::get_if<Answer>(&body)) return done(std::move(*refused));
    auto& given = std::get<JsonTree>(body);
    if (auto refused = refuseOthers(given, {"paused"})) return done(std::move(*refused));
    const auto paused = truthIn(given, "paused");
    if (!paused) return done(wrongBody("paused", "true or false"));
    Change made;
    made.ifMatch = call.ifMatch;
    made.edit = [paused = *paused](std::string& text) -> std::optional<Answer> {
        auto file = fileObject(text);
        if (auto* refused = std::get_if<Answer>(&file)) return std::move(*refused);
        JsonTree& root = std::get<JsonTree>(file);
        root.member("pause_spending").assign(JsonTree::boolean(paused));
        text = root.pretty() + "\n";
        return std::nullopt;
    };
    made.answer = [paused = *paused](const Config&, const std::vector<ConfigProblem>&) {
        Answer answer;
        JsonWriter(answer.body).beginObject().key("paused").boolean(paused).endObject();
        return answer;
    };
    made.done = done;
    change(std::move(made));
}

} // namespace gateway::engine
