// SPDX-License-Identifier: GPL-3.0-or-later
// A client of Anthropic's Messages.
#include <algorithm>

#include "client/client.h"

namespace matrix {

namespace {

using nlohmann::json;

json messagesOf(const Ask& ask)
{
    json content = ask.text;
    if (ask.feature == Feature::Image) {
        const json source{{"type", "base64"}, {"media_type", "image/png"}, {"data", kImage}};
        content = json::array(
            {json{{"type", "image"}, {"source", source}}, json{{"type", "text"}, {"text", ask.text}}});
    }
    json messages = json::array();
    if (ask.feature == Feature::History) {
        messages.push_back({{"role", "user"}, {"content", kFirstUser}});
        messages.push_back({{"role", "assistant"}, {"content", kFirstAnswer}});
    }
    messages.push_back({{"role", "user"}, {"content", content}});
    if (!ask.replay.is_null()) {
        const json result{
            {"type", "tool_result"}, {"tool_use_id", ask.callId}, {"content", kCalls[0].result}};
        messages.push_back({{"role", "assistant"}, {"content", ask.replay}});
        messages.push_back({{"role", "user"}, {"content", json::array({result})}});
    }
    if (!hasCalls(ask.feature)) return messages;
    json uses = json::array();
    json results = json::array();
    for (const CallRow& call : kCalls) {
        uses.push_back({{"type", "tool_use"},
                        {"id", call.id},
                        {"name", kToolName},
                        {"input", json::parse(call.arguments)}});
        results.push_back({{"type", "tool_result"}, {"tool_use_id", call.id}, {"content", call.result}});
    }
    messages.push_back({{"role", "assistant"}, {"content", uses}});
    messages.push_back({{"role", "user"}, {"content", results}});
    return messages;
}

/// Of a stream's counts the later holds, but for those that it leaves out.
void readUsage(const json& usage, Told& told)
{
    const auto count = [&usage](const char* key) {
        const auto found = usage.find(key);
        return found != usage.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
    };
    const std::int64_t input =
        count("input_tokens") + count("cache_read_input_tokens") + count("cache_creation_input_tokens");
    told.input = std::max(told.input, input);
    told.cached = std::max(told.cached, count("cache_read_input_tokens"));
    told.output = std::max(told.output, told.number(usage, "output_tokens"));
}

void finishFrom(const std::string& reason, Told& told)
{
    told.finishFrom(
        reason,
        {{"end_turn", "stop"}, {"tool_use", "calls"}, {"max_tokens", "length"}, {"refusal", "filter"}});
}

/// One message_start, blocks one after the other, one message_delta, message_stop.
class EventReader {
public:
    explicit EventReader(Told& told) : m_told(told) {}
    void read(const StreamEvent& event);
    void end() { m_told.expect(m_over, "message_stop or an error is last"); }

private:
    void startMessage(const json& message);
    void startBlock(const json& event);
    void readDelta(const json& delta);
    void stopBlock(const json& event);
    void finish(const json& event);

    Told& m_told;
    std::int64_t m_index = -1;
    std::string m_block; // the type of the open one
    bool m_begun = false;
    bool m_signed = false;
    bool m_over = false;
};

void EventReader::startMessage(const json& message)
{
    m_told.expect(!m_begun, "one message_start");
    m_begun = true;
    for (const char* key : {"id", "model"})
        (void)m_told.string(message, key);
    m_told.expect(m_told.string(message, "type") == "message", "the type is message");
    m_told.expect(m_told.string(message, "role") == "assistant", "the role is assistant");
    m_told.expect(m_told.array(message, "content").empty(), "a message begins empty");
    m_told.expect(message.contains("stop_reason") && message["stop_reason"].is_null(), "no stop_reason yet");
    const json& usage = m_told.object(message, "usage");
    (void)m_told.number(usage, "input_tokens");
    readUsage(usage, m_told);
}

void EventReader::startBlock(const json& event)
{
    m_told.expect(m_block.empty(), "one block is open at a time");
    m_told.expect(m_told.number(event, "index") == ++m_index, "blocks are numbered without a gap");
    const json& block = m_told.object(event, "content_block");
    m_block = m_told.string(block, "type");
    m_signed = false;
    if (m_block == "tool_use") {
        m_told.expect(m_told.object(block, "input").empty(), "a tool_use begins without its input");
        m_told.calls.push_back({m_told.string(block, "id"), m_told.string(block, "name"), {}});
    } else if (m_block == "text") {
        m_told.text += m_told.string(block, "text");
    } else if (m_block == "thinking") {
        m_told.thinking += m_told.string(block, "thinking");
    } else {
        m_told.expect(m_block == "redacted_thinking", "a block of a known type");
        m_signed = !m_told.string(block, "data").empty();
    }
}

void EventReader::readDelta(const json& delta)
{
    const std::string type = m_told.string(delta, "type");
    if (type == "text_delta" && m_block == "text") {
        m_told.text += m_told.string(delta, "text");
    } else if (type == "thinking_delta" && m_block == "thinking") {
        m_told.thinking += m_told.string(delta, "thinking");
    } else if (type == "signature_delta" && m_block == "thinking") {
        m_signed = !m_told.string(delta, "signature").empty();
    } else if (type == "input_json_delta" && m_block == "tool_use") {
        m_told.calls.back().arguments += m_told.string(delta, "partial_json");
    } else {
        m_told.fault("a " + type + " in a block of " + m_block);
    }
}

void EventReader::stopBlock(const json& event)
{
    m_told.expect(!m_block.empty() && m_told.number(event, "index") == m_index, "the open block is stopped");
    if (m_block == "thinking") m_told.expect(m_signed, "thinking is signed");
    m_block.clear();
}

void EventReader::finish(const json& event)
{
    m_told.expect(m_block.empty(), "all blocks are stopped before the end");
    const json& delta = m_told.object(event, "delta");
    m_told.expect(m_told.finish.empty(), "one message_delta");
    finishFrom(m_told.string(delta, "stop_reason"), m_told);
    readUsage(m_told.object(event, "usage"), m_told);
}

void EventReader::read(const StreamEvent& event)
{
    const json data = m_told.parsed(event.data);
    const std::string type = m_told.string(data, "type");
    m_told.expect(event.name == type, "the event is named as its type");
    m_told.expect(!m_over, "nothing behind the last event");
    if (type != "error" && type != "ping")
        m_told.expect(m_begun || type == "message_start", "it begins with message_start");
    if (type == "message_start") {
        startMessage(m_told.object(data, "message"));
    } else if (type == "content_block_start") {
        startBlock(data);
    } else if (type == "content_block_delta") {
        m_told.expect(m_told.number(data, "index") == m_index, "a delta has its block's index");
        readDelta(m_told.object(data, "delta"));
    } else if (type == "content_block_stop") {
        stopBlock(data);
    } else if (type == "message_delta") {
        finish(data);
    } else if (type == "message_stop") {
        m_told.expect(!m_told.finish.empty(), "message_delta comes before message_stop");
        m_over = true;
    } else if (type == "error") {
        (void)m_told.string(m_told.object(data, "error"), "type");
        m_told.error = m_told.string(m_told.object(data, "error"), "message");
        m_over = true;
    } else {
        m_told.expect(type == "ping", "an event of a known type");
    }
}

class AnthropicClient : public Client {
public:
    std::string_view name() const override { return "anthropic"; }
    Wire write(const Ask& ask) const override;
    void readWhole(const json& answer, Told& told) const override;
    void readStream(std::string_view body, Told& told) const override
    {
        EventReader reader(told);
        for (const StreamEvent& event : eventsOf(body, told))
            reader.read(event);
        reader.end();
    }
    void readError(const json& body, int, Told& told) const override
    {
        told.expect(told.string(body, "type") == "error", "the type is error");
        (void)told.string(told.object(body, "error"), "type");
        told.error = told.string(told.object(body, "error"), "message");
        (void)told.string(body, "request_id");
    }
};

Wire AnthropicClient::write(const Ask& ask) const
{
    json body{{"model", ask.model}, {"messages", messagesOf(ask)}, {"max_tokens", limitOf(ask.feature)}};
    if (ask.stream) body["stream"] = true;
    if (ask.feature == Feature::System) {
        body["system"] = json::array(
            {json{{"type", "text"}, {"text", kSystem}, {"cache_control", {{"type", "ephemeral"}}}}});
    }
    if (hasTools(ask.feature)) {
        body["tools"] = json::array({json{{"name", kToolName},
                                          {"description", kToolDescription},
                                          {"input_schema", json::parse(kToolSchema)}}});
    }
    if (ask.feature == Feature::Tools) body["tool_choice"] = {{"type", "any"}};
    if (reasons(ask.feature)) body["thinking"] = {{"type", "enabled"}, {"budget_tokens", kBudget}};
    if (hasFormat(ask.feature)) {
        const json format{{"type", "json_schema"}, {"schema", json::parse(kSchema)}};
        body["output_config"] = {{"format", format}};
    }
    return {
        "/v1/messages", {{"x-api-key", std::string(kClientKey)}, {"anthropic-version", "2023-06-01"}}, body};
}

void AnthropicClient::readWhole(const json& answer, Told& told) const
{
    for (const char* key : {"id", "model"})
        (void)told.string(answer, key);
    told.expect(told.string(answer, "type") == "message", "the type is message");
    told.expect(told.string(answer, "role") == "assistant", "the role is assistant");
    told.expect(answer.contains("stop_sequence"), "stop_sequence is there");
    told.replay = told.array(answer, "content");
    for (const json& block : told.replay) {
        const std::string type = told.string(block, "type");
        if (type == "text") {
            told.text += told.string(block, "text");
        } else if (type == "thinking") {
            told.thinking += told.string(block, "thinking");
            told.expect(!told.string(block, "signature").empty(), "thinking is signed");
        } else if (type == "tool_use") {
            told.calls.push_back(
                {told.string(block, "id"), told.string(block, "name"), told.object(block, "input").dump()});
        } else {
            told.expect(type == "redacted_thinking", "a block of a known type");
        }
    }
    finishFrom(told.string(answer, "stop_reason"), told);
    const json& usage = told.object(answer, "usage");
    (void)told.number(usage, "input_tokens");
    readUsage(usage, told);
}

} // namespace

const Client& anthropicClient()
{
    static const AnthropicClient client;
    return client;
}

} // namespace matrix
