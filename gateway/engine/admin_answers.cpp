// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/admin_answers.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "gateway/durations.h"

#include "base/iso_time.h"
#include "base/money.h"
#include "base/nearest_name.h"
#include "base/sha256.h"
#include "base/strings.h"
#include "base/wall_clock.h"

namespace gateway::engine {

namespace {

struct Refusal {
    int status;
    std::string_view code, message, param;
};

void beginRefusal(JsonWriter& json, const Refusal& refusal)
{
    json.beginObject().key("error").beginObject().key("message").string(refusal.message);
    json.key("type").string(refusal.status < 500 ? "invalid_request_error" : "server_error").key("param");
    if (refusal.param.empty())
        json.null();
    else
        json.string(refusal.param);
    json.key("code").string(refusal.code);
}

std::string formDecoded(std::string_view text)
{
    std::string spaced(text);
    for (char& c : spaced) {
        if (c == '+') c = ' ';
    }
    return percentDecoded(spaced);
}

} // namespace

pipeline::AdminAnswer adminRefusal(int status, std::string_view code, std::string_view message,
                                   std::string_view param)
{
    pipeline::AdminAnswer answer;
    answer.status = status;
    JsonWriter json(answer.body);
    beginRefusal(json, {status, code, message, param});
    json.endObject().endObject();
    return answer;
}

pipeline::AdminAnswer adminRefusal(const Error& error)
{
    return adminRefusal(httpStatus(error), codeName(error.code), error.message, error.param);
}

pipeline::AdminAnswer adminProblems(std::string_view message, const std::vector<ConfigProblem>& problems)
{
    std::string param;
    for (const ConfigProblem& problem : problems) {
        if (param.empty() && problem.weight != ConfigProblem::Weight::Warning) param = problem.path;
    }
    pipeline::AdminAnswer answer;
    answer.status = 400;
    JsonWriter json(answer.body);
    beginRefusal(json, {400, codeName(Code::InvalidRequest), message, param});
    writeProblems(json, problems);
    json.endObject().endObject();
    return answer;
}

pipeline::AdminAnswer notFound(std::string_view noun, std::string_view name)
{
    return adminRefusal(404, "not_found",
                        "There is no " + std::string(noun) + " `" + shortened(name, 120) + "`.", "name");
}

void writeProblems(JsonWriter& json, const std::vector<ConfigProblem>& problems)
{
    json.key("problems").beginArray();
    for (const ConfigProblem& problem : problems) {
        const bool isWarning = problem.weight == ConfigProblem::Weight::Warning;
        json.beginObject().key("weight").string(isWarning ? "warning" : "error");
        json.key("path").string(problem.path).key("message").string(problem.message);
        if (problem.line > 0) json.key("line").integer(static_cast<std::int64_t>(problem.line));
        json.endObject();
    }
    json.endArray();
}

void writeMoment(JsonWriter& json, std::string_view name, std::int64_t micros)
{
    json.key(name);
    if (micros == 0)
        json.null();
    else
        json.string(isoText(micros));
}

void writeText(JsonWriter& json, std::string_view name, const std::string& text)
{
    json.key(name);
    if (text.empty())
        json.null();
    else
        json.string(text);
}

void writeUsd(JsonWriter& json, std::string_view name, std::int64_t nanos)
{
    json.key(name).raw(Money::fromNanos(nanos).toString());
}

void writeList(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts)
{
    json.key(name).beginArray();
    for (const std::string& text : texts)
        json.string(text);
    json.endArray();
}

std::string entityTag(std::string_view text)
{
    return '"' + hexText(sha256(text)) + '"';
}

bool matchesTag(std::string_view ifMatch, std::string_view tag)
{
    for (const std::string_view part : splitAt(ifMatch, ',')) {
        if (trimmed(part) == "*" || trimmed(part) == tag) return true;
    }
    return false;
}

Result<AdminQuery> parseQuery(std::string_view query, const std::vector<std::string>& known)
{
    AdminQuery found;
    for (const std::string_view part : splitAt(query, '&')) {
        if (part.empty()) continue;
        const std::size_t equals = part.find('=');
        std::string name = formDecoded(part.substr(0, equals));
        if (!contains(known, name))
            return clientError(Code::InvalidRequest,
                               "Unknown parameter `" + shortened(name, 80) + "`." + didYouMean(name, known),
                               shortened(name, 80));
        std::string value =
            equals == std::string_view::npos ? std::string() : formDecoded(part.substr(equals + 1));
        if (!found.emplace(name, std::move(value)).second)
            return clientError(Code::InvalidRequest, "`" + name + "` is given twice.", name);
    }
    return found;
}

Result<std::int64_t> momentIn(const AdminQuery& query, std::string_view name)
{
    const auto given = query.find(name);
    if (given == query.end() || given->second.empty()) return std::int64_t{0};
    if (const auto before = durationIn(given->second))
        return std::max<std::int64_t>(nowMicros() - std::chrono::microseconds(*before).count(), 0);
    if (const auto time = parseIsoTime(given->second); time && time->micros >= 0) return time->micros;
    return clientError(Code::InvalidRequest,
                       "`" + std::string(name) + "` needs 15m, 2h, 7d, 4w, or a date or time in ISO 8601.",
                       std::string(name));
}

} // namespace gateway::engine
