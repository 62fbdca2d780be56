// SPDX-License-Identifier: GPL-3.0-or-later
// A client of Ollama's chat.
#include "client/client.h"

namespace matrix {

namespace {

using nlohmann::json;

json messagesOf(const Ask& ask)
{
    json messages = json::array();
    if (ask.feature == Feature::System) messages.push_back({{"role", "system"}, {"content", kSystem}});
    if (ask.feature == Feature::History) {
        messages.push_back({{"role", "user"}, {"content", kFirstUser}});
        messages.push_back({{"role", "assistant"}, {"content", kFirstAnswer}});
    }
    json user{{"role", "user"}, {"content", ask.text}};
    if (ask.feature == Feature::Image) user["images"] = json::array({kImage});
    messages.push_back(user);
    if (!ask.replay.is_null()) {
        messages.push_back(ask.replay);
        messages.push_back({{"role", "tool"}, {"tool_name", kToolName}, {"content", kCalls[0].result}});
    }
    if (!hasCalls(ask.feature)) return messages;
    json calls = json::array();
    for (const CallRow& call : kCalls)
        calls.push_back({{"function", {{"name", kToolName}, {"arguments", json::parse(call.arguments)}}}});
    messages.push_back({{"role", "assistant"}, {"content", ""}, {"tool_calls", calls}});
    for (const CallRow& call : kCalls)
        messages.push_back({{"role", "tool"}, {"tool_name", kToolName}, {"content", call.result}});
    return messages;
}

void readLine(const json& line, Told& told)
{
    (void)told.string(line, "model");
    (void)told.string(line, "created_at");
    told.expect(told.finish.empty(), "nothing behind the line that is done");
    const json& message = told.object(line, "message");
    told.expect(told.string(message, "role") == "assistant", "the role is assistant");
    told.text += told.string(message, "content");
    told.replay = message;
    if (message.contains("thinking")) told.thinking += told.string(message, "thinking");
    if (message.contains("tool_calls")) {
        for (const json& call : told.array(message, "tool_calls")) {
            const json& function = told.object(call, "function");
            told.calls.push_back({call.value("id", ""), told.string(function, "name"),
                                  told.object(function, "arguments").dump()});
        }
    }
    told.expect(line.contains("done") && line["done"].is_boolean(), "a line says whether it is done");
    if (!line.value("done", false)) return;
    told.finishFrom(told.string(line, "done_reason"),
                    {{"stop", "stop"}, {"length", "length"}, {"content_filter", "filter"}});
    if (told.finish == "stop" && !told.calls.empty()) told.finish = "calls";
    told.input = told.number(line, "prompt_eval_count");
    told.output = told.number(line, "eval_count");
    (void)told.number(line, "total_duration");
}

class OllamaClient : public Client {
public:
    std::string_view name() const override { return "ollama"; }
    std::string_view streamType() const override { return "application/x-ndjson"; }
    bool canForce() const override { return false; }
    Wire write(const Ask& ask) const override
    {
        json body{{"model", ask.model}, {"messages", messagesOf(ask)}, {"stream", ask.stream}};
        body["options"] = {{"num_predict", limitOf(ask.feature)}};
        if (hasTools(ask.feature)) {
            const json function{{"name", kToolName},
                                {"description", kToolDescription},
                                {"parameters", json::parse(kToolSchema)}};
            body["tools"] = json::array({json{{"type", "function"}, {"function", function}}});
        }
        if (hasFormat(ask.feature)) body["format"] = json::parse(kSchema);
        if (reasons(ask.feature)) body["think"] = true;
        return {"/api/chat", bearer(), body};
    }
    void readWhole(const json& answer, Told& told) const override
    {
        readLine(answer, told);
        told.expect(answer.value("done", false), "a whole answer is done");
    }
    void readStream(std::string_view body, Told& told) const override
    {
        for (const std::string& line : linesOf(body)) {
            const json value = told.parsed(line);
            told.expect(told.error.empty(), "nothing behind an error");
            if (value.contains("error"))
                told.error = told.string(value, "error");
            else
                readLine(value, told);
        }
    }
    void readError(const json& body, int, Told& told) const override
    {
        told.error = told.string(body, "error");
    }
};

} // namespace

const Client& ollamaClient()
{
    static const OllamaClient client;
    return client;
}

} // namespace matrix
