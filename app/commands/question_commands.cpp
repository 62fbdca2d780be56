// SPDX-License-Identifier: GPL-3.0-or-later
// The user's word on what may be spent.
#include <string>
#include <variant>
#include <vector>

#include "app/commands/admin_client.h"
#include "app/commands/answer_fields.h"
#include "app/commands/commands.h"
#include "app/commands/config_edit.h"
#include "app/commands/output.h"

namespace app {

using gateway::clientError;
using gateway::Code;

namespace {

constexpr double kMostDollars = 1'000'000;

/// As it stands there, so that no digit is lost. Nothing where it is no amount that can be allowed.
bool isAmount(const std::string& text)
{
    const Json number = Json::parse(text, nullptr, false);
    return number.is_number() && number.get<double>() > 0 && number.get<double>() <= kMostDollars;
}

std::string subjectText(const Json& question)
{
    const std::string subject = textIn(question, "subject");
    if (textIn(question, "kind") == "agent_loop") return "agent loop: " + subject;
    if (textIn(question, "kind") == "guardrail") return "guardrail " + subject;
    return (truthIn(question, "of_key") ? "budget of the key " : "budget ") + subject;
}

std::string askerText(const Json& question)
{
    std::string text = textIn(question, "key");
    for (const char* name : {"client", "program", "repository"}) {
        const std::string part = textIn(question, name);
        if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
    }
    return text;
}

std::vector<std::string> rowOf(const Json& question)
{
    return {textIn(question, "id"),
            subjectText(question),
            askerText(question),
            textIn(question, "model"),
            dollarsIn(question, "spent_usd"),
            dollarsIn(question, "limit_usd"),
            dollarsIn(question, "more_usd"),
            std::to_string(numberIn(question, "waiting")),
            timeIn(question, "until"),
            textIn(question, "reason")};
}

} // namespace

int runQuestions(const CommandLine& line)
{
    AdminClient client(line);
    const AdminAnswer answer = client.read("/questions", {"questions", NeededMember::Kind::Entries});
    if (const auto* fault = std::get_if<AdminFault>(&answer)) return failWith(*fault, line.json);
    const Json questions = listIn(std::get<Json>(answer), "questions");
    if (line.json) {
        printJson(questions);
        return kDone;
    }
    if (questions.empty()) {
        complain("no request waits for your word");
        return kDone;
    }
    std::vector<std::vector<std::string>> rows;
    rows.reserve(questions.size());
    for (const Json& question : questions)
        rows.push_back(rowOf(question));
    printTable({"ID", "ABOUT", "ASKED BY", "MODEL", "SPENT", "LIMIT", "MORE", "WAITING", "UNTIL", "REASON"},
               rows);
    printLine("Answer with: turnpiked questions answer ID yes|no");
    return kDone;
}

int runQuestionsAnswer(const CommandLine& line)
{
    const std::string& id = line.operands[0];
    const std::string& word = line.operands[1];
    if (word != "yes" && word != "no")
        return failWith(clientError(Code::InvalidRequest, "The answer has to be yes or no."), line.json);
    if (id.empty())
        return failWith(clientError(Code::InvalidRequest,
                                    "ID is empty. See the questions that wait with: turnpiked questions"),
                        line.json);
    const bool allow = word == "yes";
    AdminClient client(line);
    AdminAnswer answer = client.post("/questions/" + segmentOf(id), {"allowed", NeededMember::Kind::Truth},
                                     allow ? R"({"allow":true})" : R"({"allow":false})");
    if (auto* fault = std::get_if<AdminFault>(&answer)) {
        if (fault->code == "not_found")
            fault->message += " Its time may be over; see those that wait with: turnpiked questions";
        return failWith(*fault, line.json);
    }
    if (line.json)
        printJson(std::get<Json>(answer));
    else
        printLine(allow ? "Allowed: what waited goes on." : "Refused.");
    return kDone;
}

int runBudgetAllow(const CommandLine& line)
{
    const std::string& name = line.operands[0];
    const std::string& usd = line.operands[1];
    if (!isAmount(usd))
        return failWith(clientError(Code::InvalidRequest,
                                    "USD needs US dollars above 0 and up to 1000000, as 5 or 2.50."),
                        line.json);
    const bool ofKey = line.has("key");
    if (name.empty())
        return failWith(clientError(Code::InvalidRequest,
                                    ofKey ? "NAME is empty. See the keys with: turnpiked key list"
                                          : "NAME is empty. See the budgets with: turnpiked budget list"),
                        line.json);
    const std::string body = R"({"usd":)" + usd + (ofKey ? R"(,"of_key":true})" : "}");
    AdminClient client(line);
    AdminAnswer answer =
        client.post("/budgets/" + segmentOf(name) + "/allow", {"allowed_usd", NeededMember::Kind::Number},
                    QByteArray::fromStdString(body));
    if (auto* fault = std::get_if<AdminFault>(&answer)) {
        if (fault->code == "not_found")
            fault->message += ofKey
                                  ? " See the keys with: turnpiked key list"
                                  : " See them with: turnpiked budget list; for the own budget of a key say "
                                    "--key.";
        return failWith(*fault, line.json);
    }
    if (line.json)
        printJson(std::get<Json>(answer));
    else
        printLine((ofKey ? "The own budget of the key \"" : "The budget \"") + name + "\" may spend " +
                  dollarsIn(std::get<Json>(answer), "allowed_usd") + " more until it begins anew.");
    return kDone;
}

} // namespace app
