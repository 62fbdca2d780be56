// SPDX-License-Identifier: GPL-3.0-or-later
// Ollama's chat as its API documentation has it: one JSON value a line, calls whole, results by their order.
#include "upstream/protocol.h"

namespace matrix {

namespace {

using nlohmann::json;

void readMessage(const json& message, Seen& seen)
{
    const std::string role = message["role"];
    const std::string text = message.value("content", "");
    if (role == "system") seen.system += text;
    if (role == "user") seen.user += text;
    if (role == "assistant") seen.assistant += text;
    for (const json& image : message.value("images", json::array()))
        seen.images.push_back(image);
    if (role == "tool") {
        if (message.value("tool_name", std::string(kToolName)) != kToolName)
            seen.fault = "a result of " + message["tool_name"].dump();
        seen.results.push_back({{}, text});
    }
    for (const json& call : message.value("tool_calls", json::array()))
        seen.calls.push_back({{}, call["function"]["name"], call["function"]["arguments"]});
}

json lineOf(const Answer& answer, const json& message)
{
    return {{"model", answer.model},
            {"created_at", "2026-01-02T03:04:05.678901234Z"},
            {"message", message},
            {"done", false}};
}

void close(json& line, const Answer& answer)
{
    line["done"] = true;
    line["done_reason"] = answer.ending == Ending::Length ? "length" : "stop";
    line["total_duration"] = 4'883'583'458;
    line["load_duration"] = 1'334'875;
    line["prompt_eval_count"] = kInputTokens;
    line["prompt_eval_duration"] = 342'546'000;
    line["eval_count"] = kOutputTokens;
    line["eval_duration"] = 4'535'599'000;
}

json callOf(const CallRow& call, std::size_t index)
{
    return {
        {"id", call.id},
        {"function", {{"index", index}, {"name", kToolName}, {"arguments", json::parse(call.arguments)}}}};
}

class Ollama : public Protocol {
public:
    std::string_view root() const override { return "/ollama"; }
    std::string_view schema() const override { return "ollama"; }
    std::string headFault(const fake::HttpRequest&, std::string_view path) const override
    {
        return path == "/api/chat" ? std::string() : "the path is " + std::string(path);
    }
    Seen read(const json& body, std::string_view path) const override;
    std::string whole(const Answer& answer) const override;
    std::vector<std::string> events(const Answer& answer) const override;
    std::string_view streamType() const override { return "application/x-ndjson"; }
    std::string error(unsigned, std::string_view message) const override
    {
        return json{{"error", message}}.dump();
    }
};

Seen Ollama::read(const json& body, std::string_view) const
{
    Seen seen;
    for (const json& message : body["messages"])
        readMessage(message, seen);
    for (const json& tool : body.value("tools", json::array())) {
        const json& function = tool["function"];
        seen.tools.push_back({function["name"], function.value("description", ""), function["parameters"]});
    }
    seen.choice = "unsayable";
    if (body.contains("format") && body["format"].is_object()) seen.format = body["format"];
    // Who says nothing gets the thinking of models that can think; to say yes is an error with others.
    const json think = body.value("think", json(true));
    seen.reasons = think != json(false);
    if (think.is_string()) seen.fault = "only gpt-oss takes levels of thinking";
    const json options = body.value("options", json::object());
    if (options.contains("num_predict")) seen.maxTokens = options["num_predict"].get<std::int64_t>();
    seen.stream = body.value("stream", true);
    return seen;
}

std::string Ollama::whole(const Answer& answer) const
{
    json message{{"role", "assistant"}, {"content", joined(answer.text)}};
    if (answer.reasoned) message["thinking"] = joined(answer.thinking);
    for (std::size_t i = 0; i < answer.calls.size(); ++i)
        message["tool_calls"].push_back(callOf(answer.calls[i], i));
    json line = lineOf(answer, message);
    close(line, answer);
    return line.dump();
}

std::vector<std::string> Ollama::events(const Answer& answer) const
{
    std::vector<std::string> events;
    const auto add = [&](const json& message) { events.push_back(lineOf(answer, message).dump() + "\n"); };
    if (answer.reasoned) {
        for (const std::string& piece : answer.thinking)
            add({{"role", "assistant"}, {"content", ""}, {"thinking", piece}});
    }
    for (const std::string& piece : answer.text)
        add({{"role", "assistant"}, {"content", piece}});
    if (answer.ending == Ending::Failure) {
        events.push_back(error(500, kErrorMessage) + "\n");
        return events;
    }
    for (std::size_t i = 0; i < answer.calls.size(); ++i) {
        const json calls = json::array({callOf(answer.calls[i], i)});
        add({{"role", "assistant"}, {"content", ""}, {"tool_calls", calls}});
    }
    json last = lineOf(answer, {{"role", "assistant"}, {"content", ""}});
    close(last, answer);
    events.push_back(last.dump() + "\n");
    return events;
}

} // namespace

const Protocol& ollama()
{
    static const Ollama protocol;
    return protocol;
}

} // namespace matrix
