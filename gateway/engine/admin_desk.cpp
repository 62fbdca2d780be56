// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/admin_desk.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "base/strings.h"
#include "base/wall_clock.h"
#include "engine/admin_answers.h"

namespace gateway::engine {

using pipeline::AdminTopic;

namespace {

std::string_view stateName(EngineState state)
{
    switch (state) {
    case EngineState::Running:
        return "running";
    case EngineState::Paused:
        return "paused";
    case EngineState::Draining:
        return "draining";
    case EngineState::Starting:
        return "starting";
    default:
        return "stopped";
    }
}

/// Where the file is gone, what it said last is still in force.
const std::string& standing(const std::string& file, const std::string& inForce)
{
    return file.empty() ? inForce : file;
}

pipeline::AdminAnswer stateAnswer(std::string_view state)
{
    pipeline::AdminAnswer answer;
    JsonWriter json(answer.body);
    json.beginObject().key("state").string(state).endObject();
    return answer;
}

} // namespace

void AdminDesk::ask(Call call, Done done)
{
    m_means.mailbox.post([this, call = std::move(call), done = std::move(done)] { answer(call, done); });
}

void AdminDesk::answer(const Call& call, const Done& done)
{
    switch (call.path.topic) {
    case AdminTopic::Status:
        return done(status());
    case AdminTopic::Config:
        return config(call, done);
    case AdminTopic::Keys:
        return keys(call, done);
    case AdminTopic::Key:
        return key(call, done);
    case AdminTopic::KeyRotation:
        return rotateKey(call, done);
    case AdminTopic::Budgets:
        return done(entries(kBudgets));
    case AdminTopic::Budget:
        return entry(kBudgets, call, done);
    case AdminTopic::Routes:
        return done(entries(kRoutes));
    case AdminTopic::Route:
        return entry(kRoutes, call, done);
    case AdminTopic::Providers:
        return done(entries(kProviders));
    case AdminTopic::Provider:
        return entry(kProviders, call, done);
    case AdminTopic::BudgetAllowance:
        return allow(call, done);
    case AdminTopic::Questions:
        return questions(done);
    case AdminTopic::Question:
        return answerQuestion(call, done);
    case AdminTopic::Alerts:
        return alerts(call, done);
    case AdminTopic::Spending:
        return pauseSpending(call, done);
    case AdminTopic::Usage:
        return usage(call, done);
    case AdminTopic::Logs:
        return logs(call, done);
    case AdminTopic::Reload:
        return reload(done);
    case AdminTopic::Pause:
        m_means.door.pause();
        return done(stateAnswer("paused"));
    case AdminTopic::Resume:
        m_means.door.resume();
        return done(stateAnswer("running"));
    case AdminTopic::Undecided:
        break;
    }
    done(adminRefusal(404, codeName(Code::UnknownUrl), "There is nothing here."));
}

AdminDesk::Answer AdminDesk::status() const
{
    const ActivitySnapshot& activity = m_means.door.activity();
    const pipeline::Shared& shared = m_means.shared;
    const auto count = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
    Answer answer;
    JsonWriter json(answer.body);
    json.beginObject().key("state").string(stateName(activity.state));
    json.key("version").string(TURNPIKE_VERSION).key("url").string(activity.baseUrl());
    json.key("host").string(activity.host).key("port").integer(activity.port);
    writeMoment(json, "started_at", shared.startedAt);
    json.key("uptime_seconds").integer((nowMicros() - shared.startedAt) / 1'000'000);
    json.key("active_requests").integer(shared.active.load());
    json.key("open_connections").integer(shared.openConnections.load());
    json.key("requests").integer(count(shared.requests.load()));
    json.key("failures").integer(count(shared.failures.load()));
    json.key("spending_paused").boolean(m_means.file.config()->pauseSpending);
    writeUsd(json, "spent_today_usd", activity.spentTodayNanos);
    json.key("lost_log_rows").integer(count(m_means.log.lostRows()));
    writeText(json, "log_problem", m_means.log.problem());
    writeText(json, "keychain_problem", activity.keychainProblem);
    writeProblems(json, m_means.file.problems());
    json.endObject();
    return answer;
}

void AdminDesk::config(const Call& call, const Done& done)
{
    if (call.method == "GET") {
        boost::asio::post(m_means.files, [path = m_means.file.path(), inForce = m_means.file.text(), done] {
            const auto text = readConfigFile(path);
            if (!text) return done(adminRefusal(409, "config_invalid", text.error().message));
            const std::string& stands = standing(*text, inForce);
            Answer answer;
            answer.body = stands.empty() ? "{}" : stands;
            answer.headers.emplace_back("ETag", entityTag(stands));
            done(std::move(answer));
        });
        return;
    }
    if (call.ifMatch.empty())
        return done(adminRefusal(428, "precondition_required",
                                 "Send If-Match with the ETag of the configuration that you have read, or "
                                 "`*` to write over whatever stands there.",
                                 "If-Match"));
    if (trimmed(call.body).empty())
        return done(adminRefusal(400, codeName(Code::InvalidJson),
                                 "The body has to be the whole configuration, as a JSON object."));
    Change put;
    put.ifMatch = call.ifMatch;
    put.replaces = true;
    put.edit = [body = call.body](std::string& text) -> std::optional<Answer> {
        text = body;
        return std::nullopt;
    };
    put.answer = [](const Config&, const std::vector<ConfigProblem>& warnings) {
        Answer answer;
        JsonWriter json(answer.body);
        json.beginObject().key("applied").boolean(true);
        writeProblems(json, warnings);
        json.endObject();
        return answer;
    };
    put.done = done;
    change(std::move(put));
}

void AdminDesk::reload(const Done& done)
{
    m_means.door.reload();
    const std::vector<ConfigProblem>& problems = m_means.file.problems();
    for (const ConfigProblem& problem : problems) {
        if (problem.weight != ConfigProblem::Weight::Warning)
            return done(adminProblems(
                "The configuration file is not valid; the last good one stays in force.", problems));
    }
    Answer answer;
    JsonWriter json(answer.body);
    json.beginObject().key("reloaded").boolean(true);
    writeProblems(json, problems);
    json.endObject();
    done(std::move(answer));
}

void AdminDesk::change(Change change)
{
    boost::asio::post(m_means.files, [this, change = std::move(change), path = m_means.file.path(),
                                      inForce = m_means.file.text()]() mutable {
        auto made = write(path, inForce, change);
        if (auto* refused = std::get_if<Answer>(&made)) return change.done(std::move(*refused));
        m_means.mailbox.post(
            [this, change = std::move(change), written = std::move(std::get<Written>(made))]() mutable {
                const std::string tag = entityTag(written.text);
                const auto config = written.config;
                m_means.adopt(std::move(written.text), std::move(written.config), written.warnings);
                Answer answer = change.answer(*config, written.warnings);
                answer.headers.emplace_back("ETag", tag);
                change.done(std::move(answer));
            });
    });
}

std::variant<AdminDesk::Answer, AdminDesk::Written>
AdminDesk::write(const std::string& path, const std::string& inForce, const Change& change)
{
    const ConfigFileLock lock(path);
    auto now = readConfigFile(path);
    if (!now && change.replaces && trimmed(change.ifMatch) == "*") now = std::string();
    if (!now)
        return adminRefusal(409, "config_invalid",
                            now.error().message + " PUT /admin/v1/config with `If-Match: *` writes over it.");
    Written written;
    written.text = standing(*now, inForce);
    if (!change.ifMatch.empty() && !matchesTag(change.ifMatch, entityTag(written.text)))
        return adminRefusal(412, "precondition_failed",
                            "The configuration was changed in the meantime. Read it again, then make the "
                            "change in what it says now.",
                            "If-Match");
    if (auto refused = change.edit(written.text)) return std::move(*refused);
    ParsedConfig parsed = parseConfig(written.text);
    if (!parsed.usable()) return adminProblems("That would not be a valid configuration.", parsed.problems);
    if (written.text != *now) {
        if (const Outcome saved = writeConfigFile(path, written.text); !saved)
            return adminRefusal(500, codeName(Code::Internal), saved.error().message);
    }
    written.config = std::make_shared<const Config>(std::move(parsed.config));
    written.warnings = std::move(parsed.problems);
    return written;
}

} // namespace gateway::engine
