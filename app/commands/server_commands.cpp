// SPDX-License-Identifier: GPL-3.0-or-later
// What a running gateway says of itself, and what it does as a whole.
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "app/commands/admin_client.h"
#include "app/commands/answer_fields.h"
#include "app/commands/commands.h"
#include "app/commands/output.h"

namespace app {

namespace {

constexpr NeededMember kState{"state", NeededMember::Kind::Text};
constexpr NeededMember kReloaded{"reloaded", NeededMember::Kind::Truth};

/// "2 d 3 h", "5 min 12 s": two steps are enough.
std::string spanText(std::int64_t seconds)
{
    const std::int64_t minutes = seconds / 60;
    const std::int64_t hours = minutes / 60;
    const auto both = [](std::int64_t large, const char* of, std::int64_t small, const char* unit) {
        return std::to_string(large) + of + std::to_string(small) + unit;
    };
    if (hours >= 24) return both(hours / 24, " d ", hours % 24, " h");
    if (hours > 0) return both(hours, " h ", minutes % 60, " min");
    if (minutes > 0) return both(minutes, " min ", seconds % 60, " s");
    return std::to_string(seconds) + " s";
}

std::string stateText(const Json& status)
{
    const std::string state = textIn(status, "state");
    std::string text = state;
    if (state == "paused") text += ": calls to models are refused until `turnpiked resume`";
    if (truthIn(status, "spending_paused")) text += "; spending is paused until `turnpiked spending resume`";
    return text;
}

/// What is wrong, a line each.
std::vector<std::pair<std::string, std::string>> troubles(const Json& status)
{
    std::vector<std::pair<std::string, std::string>> rows;
    if (const auto lost = numberIn(status, "lost_log_rows"); lost > 0)
        rows.emplace_back("log", "lost " + std::to_string(lost) + " rows");
    if (auto problem = textIn(status, "log_problem"); !problem.empty())
        rows.emplace_back("log", std::move(problem));
    if (auto problem = textIn(status, "keychain_problem"); !problem.empty())
        rows.emplace_back("keychain", std::move(problem));
    for (const Json& problem : listIn(status, "problems"))
        rows.emplace_back("config " + textIn(problem, "weight"),
                          textIn(problem, "path") + ": " + textIn(problem, "message"));
    return rows;
}

void printStatus(const Json& status)
{
    const auto number = [&status](const char* name) { return std::to_string(numberIn(status, name)); };
    std::vector<std::vector<std::string>> rows = {
        {"address", textIn(status, "url")},
        {"version", textIn(status, "version")},
        {"state", stateText(status)},
        {"since", timeIn(status, "started_at") + " (" + spanText(numberIn(status, "uptime_seconds")) + ")"},
        {"requests", number("requests") + ", of them " + number("failures") + " failed; " +
                         number("active_requests") + " under way"},
        {"connections", number("open_connections") + " open"},
        {"spent today", dollarsIn(status, "spent_today_usd")}};
    for (auto& [subject, text] : troubles(status))
        rows.push_back({std::move(subject), std::move(text)});
    printTable({"WHAT", "NOW"}, rows);
}

/// A call without a body whose answer is told by one sentence.
int runPlain(const CommandLine& line, const char* path, const NeededMember& needed, const char* sentence)
{
    AdminClient client(line);
    const AdminAnswer answer = client.post(path, needed);
    if (const auto* fault = std::get_if<AdminFault>(&answer)) return failWith(*fault, line.json);
    const Json& said = std::get<Json>(answer);
    if (line.json) {
        printJson(said);
        return kDone;
    }
    printLine(sentence);
    for (auto& [subject, text] : troubles(said))
        complain(harmless(subject.append(": ").append(text)));
    return kDone;
}

} // namespace

int runStatus(const CommandLine& line)
{
    AdminClient client(line);
    const AdminAnswer answer = client.read("/status", kState);
    if (const auto* fault = std::get_if<AdminFault>(&answer)) return failWith(*fault, line.json);
    const Json& status = std::get<Json>(answer);
    if (line.json)
        printJson(status);
    else
        printStatus(status);
    return kDone;
}

int runReload(const CommandLine& line)
{
    return runPlain(line, "/reload", kReloaded, "The configuration and the secrets are read again.");
}

int runPause(const CommandLine& line)
{
    return runPlain(line, "/pause", kState, "All calls to models are refused until `turnpiked resume`.");
}

int runResume(const CommandLine& line)
{
    return runPlain(line, "/resume", kState, "Calls to models are taken again.");
}

} // namespace app
