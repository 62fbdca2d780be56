// SPDX-License-Identifier: GPL-3.0-or-later
// A client of Cohere's Chat, version 2.
#include "client/client.h"

namespace matrix {

namespace {

using nlohmann::json;

const std::vector<std::pair<std::string_view, std::string_view>> kFinishes{
    {"COMPLETE", "stop"}, {"TOOL_CALL", "calls"}, {"MAX_TOKENS", "length"}, {"ERROR_TOXIC", "filter"}};

json messagesOf(const Ask& ask)
{
    json messages = json::array();
    if (ask.feature == Feature::System) messages.push_back({{"role", "system"}, {"content", kSystem}});
    if (ask.feature == Feature::History) {
        messages.push_back({{"role", "user"}, {"content", kFirstUser}});
        messages.push_back({{"role", "assistant"}, {"content", kFirstAnswer}});
    }
    json content = ask.text;
    if (ask.feature == Feature::Image) {
        content = json::array({json{{"type", "text"}, {"text", ask.text}},
                               json{{"type", "image_url"}, {"image_url", {{"url", imageUrl()}}}}});
    }
    messages.push_back({{"role", "user"}, {"content", content}});
    if (!ask.replay.is_null()) {
        messages.push_back(ask.replay);
        messages.push_back({{"role", "tool"}, {"tool_call_id", ask.callId}, {"content", kCalls[0].result}});
    }
    if (!hasCalls(ask.feature)) return messages;
    json calls = json::array();
    for (const CallRow& call : kCalls) {
        calls.push_back({{"id", call.id},
                         {"type", "function"},
                         {"function", {{"name", kToolName}, {"arguments", call.arguments}}}});
    }
    messages.push_back({{"role", "assistant"}, {"tool_calls", calls}});
    for (const CallRow& call : kCalls) {
        const json part{{"type", "text"}, {"text", call.result}};
        messages.push_back({{"role", "tool"}, {"tool_call_id", call.id}, {"content", json::array({part})}});
    }
    return messages;
}

void readUsage(const json& usage, Told& told)
{
    const json& tokens = told.object(usage, "tokens");
    told.input = told.number(tokens, "input_tokens");
    told.output = told.number(tokens, "output_tokens");
    told.cached = usage.value("cached_tokens", std::int64_t{0});
    (void)told.object(usage, "billed_units");
}

/// message-start, contents and calls one after the other, message-end.
class EventReader {
public:
    explicit EventReader(Told& told) : m_told(told) {}
    void read(const StreamEvent& event);
    void end() const { m_told.expect(m_over, "message-end is last"); }

private:
    void readContent(const std::string& type, const json& data);
    void readCall(const std::string& type, const json& data);
    void finish(const json& delta);

    Told& m_told;
    std::string m_open; // "text", "thinking" or "call"
    bool m_begun = false;
    bool m_over = false;
};

void EventReader::readContent(const std::string& type, const json& data)
{
    (void)m_told.number(data, "index");
    if (type == "content-end") {
        m_told.expect(m_open == "text" || m_open == "thinking", "what ends was begun");
        m_open.clear();
        return;
    }
    const json& content = m_told.object(m_told.object(m_told.object(data, "delta"), "message"), "content");
    if (type == "content-start") {
        m_told.expect(m_open.empty(), "one content at a time");
        m_open = m_told.string(content, "type");
    }
    m_told.expect(m_open == "text" || m_open == "thinking", "content is text or thinking");
    (m_open == "thinking" ? m_told.thinking : m_told.text) += m_told.string(content, m_open);
}

void EventReader::readCall(const std::string& type, const json& data)
{
    (void)m_told.number(data, "index");
    if (type == "tool-call-end") {
        m_told.expect(m_open == "call", "the call that ends was begun");
        m_open.clear();
        return;
    }
    const json& call = m_told.object(m_told.object(m_told.object(data, "delta"), "message"), "tool_calls");
    const json& function = m_told.object(call, "function");
    if (type == "tool-call-start") {
        m_told.expect(m_open.empty(), "one call at a time");
        m_told.expect(m_told.string(call, "type") == "function", "a call's type is function");
        m_told.calls.push_back({m_told.string(call, "id"), m_told.string(function, "name"), {}});
        m_open = "call";
    }
    m_told.expect(m_open == "call", "a piece belongs to a call");
    if (m_open == "call") m_told.calls.back().arguments += m_told.string(function, "arguments");
}

void EventReader::finish(const json& delta)
{
    m_over = true;
    if (delta.value("finish_reason", "") == "ERROR") {
        m_told.error = m_told.string(delta, "error");
        return;
    }
    m_told.expect(m_open.empty(), "all is ended before message-end");
    m_told.finishFrom(m_told.string(delta, "finish_reason"), kFinishes);
    readUsage(m_told.object(delta, "usage"), m_told);
}

void EventReader::read(const StreamEvent& event)
{
    const json data = m_told.parsed(event.data);
    const std::string type = m_told.string(data, "type");
    m_told.expect(event.name == type, "the event is named as its type");
    m_told.expect(!m_over, "nothing behind message-end");
    m_told.expect(m_begun != (type == "message-start"), "message-start is first, and once");
    m_begun = true;
    if (type == "message-start") {
        (void)m_told.string(data, "id");
        const json& message = m_told.object(m_told.object(data, "delta"), "message");
        m_told.expect(m_told.string(message, "role") == "assistant", "the role is assistant");
    } else if (type == "tool-plan-delta") {
        m_told.text += m_told.string(m_told.object(m_told.object(data, "delta"), "message"), "tool_plan");
    } else if (type.starts_with("content-")) {
        readContent(type, data);
    } else if (type.starts_with("tool-call-")) {
        readCall(type, data);
    } else if (type == "message-end") {
        finish(m_told.object(data, "delta"));
    } else {
        m_told.fault("an event of type " + type);
    }
}

class CohereClient : public Client {
public:
    std::string_view name() const override { return "cohere"; }
    Wire write(const Ask& ask) const override;
    void readWhole(const json& answer, Told& told) const override;
    void readStream(std::string_view body, Told& told) const override
    {
        EventReader reader(told);
        std::vector<StreamEvent> events = eventsOf(body, told);
        // Its SDKs skip this one, which its servers send last.
        if (!events.empty() && events.back().data == "[DONE]") events.pop_back();
        for (const StreamEvent& event : events)
            reader.read(event);
        reader.end();
    }
    void readError(const json& body, int, Told& told) const override
    {
        told.error = told.string(body, "message");
    }
};

Wire CohereClient::write(const Ask& ask) const
{
    json body{{"model", ask.model}, {"messages", messagesOf(ask)}, {"stream", ask.stream}};
    body["max_tokens"] = limitOf(ask.feature);
    if (hasTools(ask.feature)) {
        const json function{
            {"name", kToolName}, {"description", kToolDescription}, {"parameters", json::parse(kToolSchema)}};
        body["tools"] = json::array({json{{"type", "function"}, {"function", function}}});
    }
    if (ask.feature == Feature::Tools) body["tool_choice"] = "REQUIRED";
    if (reasons(ask.feature)) body["thinking"] = {{"type", "enabled"}, {"token_budget", kBudget}};
    if (hasFormat(ask.feature))
        body["response_format"] = {{"type", "json_object"}, {"json_schema", json::parse(kSchema)}};
    return {"/v2/chat", bearer(), body};
}

void CohereClient::readWhole(const json& answer, Told& told) const
{
    (void)told.string(answer, "id");
    const json& message = told.object(answer, "message");
    told.expect(told.string(message, "role") == "assistant", "the role is assistant");
    told.replay = message;
    for (const json& part : message.contains("content") ? told.array(message, "content") : json::array()) {
        const std::string type = told.string(part, "type");
        told.expect(type == "text" || type == "thinking", "content is text or thinking");
        (type == "thinking" ? told.thinking : told.text) += told.string(part, type);
    }
    if (message.contains("tool_plan")) told.text += told.stringOrNull(message, "tool_plan");
    for (const json& call :
         message.contains("tool_calls") ? told.array(message, "tool_calls") : json::array()) {
        const json& function = told.object(call, "function");
        told.expect(told.string(call, "type") == "function", "a call's type is function");
        told.calls.push_back(
            {told.string(call, "id"), told.string(function, "name"), told.string(function, "arguments")});
    }
    told.finishFrom(told.string(answer, "finish_reason"), kFinishes);
    readUsage(told.object(answer, "usage"), told);
}

} // namespace

const Client& cohereClient()
{
    static const CohereClient client;
    return client;
}

} // namespace matrix
