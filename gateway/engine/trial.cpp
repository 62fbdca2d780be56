// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trial.h"

#include <chrono>

#include "base/json_scan.h"
#include "base/json_text.h"
#include "pipeline/generate_exchange.h"

namespace gateway::engine {

namespace {

/// Takes the answer in place of a client.
class Collector : public listener::Responder {
public:
    listener::Answer answer;

    net::Task<bool> send(const listener::Answer& given) override
    {
        answer = given;
        co_return true;
    }
    net::Task<bool> begin(const listener::Answer&, std::string_view) override { co_return false; }
    net::Task<bool> write(std::string_view) override { co_return false; }
    net::Task<bool> finish(std::string_view) override { co_return false; }
    void cut() override {}
    [[nodiscard]] bool gone() const override { return false; }
};

std::string header(const listener::Answer& answer, std::string_view name)
{
    for (const auto& [key, value] : answer.headers) {
        if (key == name) return value;
    }
    return {};
}

std::string textOf(std::string_view value)
{
    return decodeJsonString(value).value_or(std::string());
}

void read(const listener::Answer& answer, TrialAnswer& trial)
{
    const std::string_view body = answer.body;
    trial.provider = header(answer, "x-turnpike-provider");
    trial.model = header(answer, "x-turnpike-model");
    if (answer.status != 200) {
        trial.message = textOf(memberValue(memberValue(body, "error"), "message"));
        return;
    }
    trial.ok = true;
    forEachElement(memberValue(body, "choices"), [&](std::string_view choice, JsonKind) {
        trial.text += textOf(memberValue(memberValue(choice, "message"), "content"));
    });
    const std::string_view usage = memberValue(body, "usage");
    trial.inputTokens = jsonInteger(memberValue(usage, "prompt_tokens")).value_or(0);
    trial.outputTokens = jsonInteger(memberValue(usage, "completion_tokens")).value_or(0);
    if (const auto cost = Money::parseRounded(header(answer, "x-turnpike-cost-usd")))
        trial.costNanos = cost->nanos();
}

} // namespace

net::Detached runTrial(pipeline::ThreadContext& context, std::string model, std::string text,
                       std::function<void(TrialAnswer)> done)
{
    TrialAnswer trial;
    const auto start = std::chrono::system_clock::now();
    try {
        listener::RequestHead head;
        head.method = "POST";
        head.path = "/v1/chat/completions";
        head.fields.push_back({"user-agent", "Turnpike/window"});
        const auto id = nextRequestId(
            std::chrono::duration_cast<std::chrono::microseconds>(start.time_since_epoch()).count());
        pipeline::GenerateExchange exchange(
            context,
            pipeline::Admitted{head, pipeline::findEndpoint(head.path), context.runtime, nullptr, id});
        std::string body;
        JsonWriter json(body);
        json.beginObject().key("model").string(model).key("messages").beginArray();
        json.beginObject()
            .key("role")
            .string("user")
            .key("content")
            .string(text)
            .endObject()
            .endArray()
            .endObject();
        Collector collector;
        if (auto early = exchange.earlyAnswer())
            collector.answer = std::move(*early);
        else
            co_await exchange.run(std::move(body), collector);
        read(collector.answer, trial);
    } catch (const std::exception&) {
        trial.message = "The request could not be made: memory ran out.";
    }
    trial.micros =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now() - start)
            .count();
    done(std::move(trial));
}

} // namespace gateway::engine
