// SPDX-License-Identifier: GPL-3.0-or-later
// Cohere's Chat, version 2, as its API reference has it.
#include "upstream/protocol.h"

namespace matrix {

namespace {

using nlohmann::json;

std::string textOf(const json& content)
{
    if (content.is_string()) return content;
    std::string text;
    for (const json& part : content)
        text += part.value("text", "");
    return text;
}

void readMessage(const json& message, Seen& seen)
{
    const std::string role = message["role"];
    if (role == "system") seen.system += textOf(message["content"]);
    if (role == "user") {
        seen.user += textOf(message["content"]);
        for (const json& part : message["content"].is_array() ? message["content"] : json::array()) {
            if (part["type"] == "image_url") seen.images.push_back(imageOf(part["image_url"]["url"]));
        }
    }
    if (role == "assistant" && message.contains("content")) seen.assistant += textOf(message["content"]);
    if (role == "tool") seen.results.push_back({message["tool_call_id"], textOf(message["content"])});
    for (const json& call : message.value("tool_calls", json::array())) {
        const json arguments = json::parse(call["function"]["arguments"].get<std::string>(), nullptr, false);
        seen.calls.push_back({call["id"], call["function"]["name"], arguments});
    }
    if (role == "assistant" && !message.contains("content") && !message.contains("tool_calls"))
        seen.fault = "an empty assistant message";
}

json usage()
{
    return {{"billed_units", {{"input_tokens", kInputTokens}, {"output_tokens", kOutputTokens}}},
            {"tokens", {{"input_tokens", kInputTokens}, {"output_tokens", kOutputTokens}}},
            {"cached_tokens", kCachedTokens}};
}

const char* reasonOf(const Answer& answer)
{
    if (answer.ending == Ending::Calls) return "TOOL_CALL";
    return answer.ending == Ending::Length ? "MAX_TOKENS" : "COMPLETE";
}

/// Each event is named twice: in its line and in its type.
class EventWriter {
public:
    explicit EventWriter(const Answer& answer) : m_answer(answer) {}
    std::vector<std::string> write();

private:
    void add(const std::string& type, json members)
    {
        members["type"] = type;
        m_events.push_back(sse(type, members));
    }
    void forIndex(const std::string& type, const json& message)
    {
        add(type, {{"index", m_index}, {"delta", {{"message", message}}}});
    }
    void writeContent(const char* kind, const std::vector<std::string>& texts);
    void writeCalls();

    const Answer& m_answer;
    std::vector<std::string> m_events;
    int m_index = 0;
};

void EventWriter::writeContent(const char* kind, const std::vector<std::string>& texts)
{
    forIndex("content-start", {{"content", {{"type", kind}, {kind, ""}}}});
    for (const std::string& piece : texts)
        forIndex("content-delta", {{"content", {{kind, piece}}}});
    if (m_answer.ending == Ending::Failure) return;
    add("content-end", {{"index", m_index++}});
}

void EventWriter::writeCalls()
{
    // What it says beside calls is its plan.
    for (const std::string& piece : m_answer.text)
        add("tool-plan-delta", {{"delta", {{"message", {{"tool_plan", piece}}}}}});
    int index = 0;
    for (const CallRow& call : m_answer.calls) {
        m_index = index++;
        const json begun{
            {"id", call.id}, {"type", "function"}, {"function", {{"name", kToolName}, {"arguments", ""}}}};
        forIndex("tool-call-start", {{"tool_calls", begun}});
        for (const std::string& piece : pieces(call.arguments, 6))
            forIndex("tool-call-delta", {{"tool_calls", {{"function", {{"arguments", piece}}}}}});
        add("tool-call-end", {{"index", m_index}});
    }
}

std::vector<std::string> EventWriter::write()
{
    const json empty{{"role", "assistant"},
                     {"content", json::array()},
                     {"tool_plan", ""},
                     {"tool_calls", json::array()},
                     {"citations", json::array()}};
    add("message-start", {{"id", "m1"}, {"delta", {{"message", empty}}}});
    if (m_answer.reasoned) writeContent("thinking", m_answer.thinking);
    if (!m_answer.calls.empty())
        writeCalls();
    else
        writeContent("text", m_answer.text);
    json delta{{"finish_reason", reasonOf(m_answer)}, {"usage", usage()}};
    if (m_answer.ending == Ending::Failure) delta = {{"finish_reason", "ERROR"}, {"error", kErrorMessage}};
    add("message-end", {{"delta", delta}});
    // In no reference; its servers send it, and its SDKs skip it.
    m_events.emplace_back("data: [DONE]\n\n");
    return m_events;
}

class Cohere : public Protocol {
public:
    std::string_view root() const override { return "/cohere"; }
    std::string_view schema() const override { return "cohere"; }
    std::string headFault(const fake::HttpRequest& request, std::string_view path) const override
    {
        if (path != "/v2/chat") return "the path is " + std::string(path);
        return headerFault(request, "authorization", "Bearer " + std::string(kProviderKey));
    }
    Seen read(const json& body, std::string_view path) const override;
    std::string whole(const Answer& answer) const override;
    std::vector<std::string> events(const Answer& answer) const override
    {
        return EventWriter(answer).write();
    }
    std::string error(unsigned, std::string_view message) const override
    {
        return json{{"id", "e1"}, {"message", message}}.dump();
    }
};

Seen Cohere::read(const json& body, std::string_view) const
{
    Seen seen;
    for (const json& message : body["messages"])
        readMessage(message, seen);
    for (const json& tool : body.value("tools", json::array())) {
        const json& function = tool["function"];
        seen.tools.push_back({function["name"], function.value("description", ""), function["parameters"]});
    }
    seen.choice = body.value("tool_choice", "");
    if (seen.choice == "REQUIRED") seen.choice = "required";
    if (!seen.choice.empty() && seen.tools.empty()) seen.fault = "tool_choice without tools";
    if (body.contains("max_tokens")) seen.maxTokens = body["max_tokens"].get<std::int64_t>();
    const json format = body.value("response_format", json::object());
    seen.format = format.value("json_schema", json());
    if (!seen.format.is_null() && !seen.tools.empty())
        seen.fault = "response_format does not go together with tools";
    seen.reasons = body.value("thinking", json::object()).value("type", "") == "enabled";
    seen.stream = body["stream"];
    if (seen.fault.empty()) seen.fault = pairingFault(seen);
    return seen;
}

std::string Cohere::whole(const Answer& answer) const
{
    json message{{"role", "assistant"}};
    json content = json::array();
    if (answer.reasoned) content.push_back({{"type", "thinking"}, {"thinking", joined(answer.thinking)}});
    if (answer.calls.empty()) content.push_back({{"type", "text"}, {"text", joined(answer.text)}});
    if (!content.empty()) message["content"] = content;
    if (!answer.calls.empty()) message["tool_plan"] = joined(answer.text);
    for (const CallRow& call : answer.calls) {
        message["tool_calls"].push_back({{"id", call.id},
                                         {"type", "function"},
                                         {"function", {{"name", kToolName}, {"arguments", call.arguments}}}});
    }
    return json{{"id", "m1"}, {"finish_reason", reasonOf(answer)}, {"message", message}, {"usage", usage()}}
        .dump();
}

} // namespace

const Protocol& cohere()
{
    static const Cohere protocol;
    return protocol;
}

} // namespace matrix
