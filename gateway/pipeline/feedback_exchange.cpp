// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/feedback_exchange.h"

#include <optional>
#include <utility>

#include "base/json_scan.h"
#include "base/json_text.h"
#include "base/strings.h"
#include "base/wall_clock.h"
#include "pipeline/answers.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMaxRatings = 100;
constexpr std::size_t kMaxRequestName = 256;
constexpr double kMostValue = 10;

Error wrong(const std::string& member, const std::string& needs)
{
    return clientError(Code::InvalidRequest, "`" + member + "` has to be " + needs + ".", member);
}

bool isGiven(std::string_view value)
{
    return !value.empty() && jsonKindOf(value) != JsonKind::Null;
}

Result<Feedback> readOne(std::string_view object)
{
    if (jsonKindOf(object) != JsonKind::Object)
        return clientError(Code::InvalidRequest, "The body has to be an object or a list of objects.");
    Feedback feedback;
    const std::string_view id = memberValue(object, "id"), trace = memberValue(object, "trace_id");
    const std::string name = isGiven(id) ? "id" : "trace_id";
    auto text = decodeJsonString(isGiven(id) ? id : trace);
    if (!text || text->empty() || text->size() > kMaxRequestName)
        return wrong(name,
                     "the id of a request (the answer's x-request-id), or the trace id that it was sent");
    // An id of ours is one under either name.
    const bool isOurs = RequestId::parse(*text).value != 0;
    if (isGiven(id) && !isOurs) return wrong("id", "an answer's x-request-id");
    (isOurs ? feedback.id : feedback.trace) = std::move(*text);
    const auto value = jsonInteger(memberValue(object, "value"));
    if (!value || *value < -10 || *value > 10) return wrong("value", "a whole number from -10 to 10");
    const std::string_view weight = memberValue(object, "weight");
    const auto share = isGiven(weight) ? jsonNumber(weight) : std::optional(1.0);
    if (!share || *share < 0 || *share > 1) return wrong("weight", "a number from 0 to 1");
    const std::string_view metadata = memberValue(object, "metadata");
    if (isGiven(metadata) && jsonKindOf(metadata) != JsonKind::Object) return wrong("metadata", "an object");
    feedback.value = static_cast<double>(*value) / kMostValue * *share;
    return feedback;
}

Error unknown(const std::string& name, const std::string& member)
{
    Error error =
        clientError(Code::InvalidRequest,
                    "No request `" + shortened(name, 80) + "` of this key is known. Only the last " +
                        std::to_string(RecentRequests::kKept) + " can be rated, until a restart.",
                    member);
    error.status = 404;
    return error;
}

std::string answerTo(std::size_t ratings)
{
    std::string body;
    JsonWriter json(body);
    json.beginObject().key("status").string("success").key("message").string("Feedback successfully saved");
    json.key("feedback_ids").beginArray();
    for (std::size_t i = 0; i < ratings; ++i) {
        const std::string id = nextRequestId(nowMicros()).text();
        json.string("feedback" + id.substr(id.find('_')));
    }
    json.endArray().endObject();
    return body;
}

} // namespace

Result<std::vector<Feedback>> readFeedback(std::string_view body)
{
    JsonDocument document;
    if (const auto problem = scanJson(body, document))
        return clientError(Code::InvalidJson, "The body is not valid JSON: " + problem->message + ".");
    std::vector<Feedback> all;
    std::optional<Error> problem;
    const auto take = [&](std::string_view object) {
        auto one = readOne(object);
        if (!one)
            problem = one.error();
        else if (all.size() >= kMaxRatings)
            problem = clientError(Code::InvalidRequest, "At most 100 ratings can be sent at once.");
        else
            all.push_back(std::move(one.value()));
        return !problem;
    };
    if (document.root == JsonKind::Array)
        forEachElement(trimmed(body), [&take](std::string_view element, JsonKind) { return take(element); });
    else
        take(trimmed(body));
    if (problem) return *std::move(problem);
    return all;
}

Result<std::string> FeedbackExchange::rated(std::string_view body) const
{
    auto ratings = readFeedback(body);
    if (!ratings) return ratings.error();
    const RecentRequests& recent = m_context.shared.recent;
    std::vector<std::pair<RecentRequests::Found, double>> found;
    for (const Feedback& each : ratings.value()) {
        auto state = each.id.empty() ? recent.findTrace(each.trace, m_key)
                                     : recent.find(RequestId::parse(each.id), m_key);
        const std::string& name = each.id.empty() ? each.trace : each.id;
        if (!state) return unknown(name, each.id.empty() ? "trace_id" : "id");
        found.emplace_back(std::move(*state), each.value);
    }
    for (const auto& [state, value] : found) {
        if (state) state->rate(value);
    }
    return answerTo(found.size());
}

net::Task<void> FeedbackExchange::run(std::string body, listener::Responder& responder)
{
    auto done = rated(body);
    listener::Answer answer;
    if (done) {
        answer.body = std::move(done.value());
        answer.headers.emplace_back("x-request-id", m_id.text());
    } else {
        answer = refuse(done.error());
    }
    co_await responder.send(answer);
}

listener::Answer FeedbackExchange::refuse(const Error& error)
{
    return errorAnswer(dialect::dialectOf(DialectId::OpenAiChat), error, m_id.text());
}

} // namespace gateway::pipeline
