// SPDX-License-Identifier: GPL-3.0-or-later
// A client of OpenAI's Chat Completions, and one of the old Completions.
#include "client/client.h"

namespace matrix {

namespace {

using nlohmann::json;

const std::vector<std::pair<std::string_view, std::string_view>> kFinishes{
    {"stop", "stop"}, {"tool_calls", "calls"}, {"length", "length"}, {"content_filter", "filter"}};

void readUsage(const json& usage, Told& told)
{
    told.input = told.number(usage, "prompt_tokens");
    told.output = told.number(usage, "completion_tokens");
    told.expect(told.number(usage, "total_tokens") == told.input + told.output, "the total is the sum");
    if (usage.contains("prompt_tokens_details"))
        told.cached = told.object(usage, "prompt_tokens_details").value("cached_tokens", std::int64_t{0});
    if (usage.contains("completion_tokens_details"))
        told.reasoning =
            told.object(usage, "completion_tokens_details").value("reasoning_tokens", std::int64_t{0});
}

void readErrorObject(const json& body, Told& told)
{
    const json& error = told.object(body, "error");
    told.error = told.string(error, "message");
    (void)told.string(error, "type");
    told.expect(error.contains("code"), "an error has a code");
}

json toolOf()
{
    return {
        {"type", "function"},
        {"function",
         {{"name", kToolName}, {"description", kToolDescription}, {"parameters", json::parse(kToolSchema)}}}};
}

json historyOf(const std::string& text)
{
    json calls = json::array();
    for (const CallRow& call : kCalls) {
        calls.push_back({{"id", call.id},
                         {"type", "function"},
                         {"function", {{"name", kToolName}, {"arguments", call.arguments}}}});
    }
    json messages = json::array({json{{"role", "user"}, {"content", text}},
                                 json{{"role", "assistant"}, {"content", nullptr}, {"tool_calls", calls}}});
    for (const CallRow& call : kCalls)
        messages.push_back({{"role", "tool"}, {"tool_call_id", call.id}, {"content", call.result}});
    return messages;
}

json messagesOf(const Ask& ask)
{
    if (hasCalls(ask.feature)) return historyOf(ask.text);
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
    return messages;
}

/// Reads a stream: the role first, one finish reason, the usage behind it, [DONE] last.
class ChunkReader {
public:
    explicit ChunkReader(Told& told) : m_told(told) {}
    void read(const StreamEvent& event);
    void end() const
    {
        if (!m_told.error.empty()) {
            m_told.expect(!m_done, "no [DONE] behind an error");
            return;
        }
        m_told.expect(m_done, "[DONE] is last");
        m_told.expect(m_usage, "the usage that was asked for");
    }

private:
    void readChunk(const json& chunk);
    void readDelta(const json& delta);
    void readCall(const json& call);

    Told& m_told;
    std::string m_id;
    bool m_begun = false;
    bool m_usage = false;
    bool m_done = false;
};

void ChunkReader::readCall(const json& call)
{
    const auto index = static_cast<std::size_t>(m_told.number(call, "index"));
    const json& function = m_told.object(call, "function");
    if (index == m_told.calls.size()) {
        m_told.expect(m_told.string(call, "type") == "function", "a call's type is function");
        m_told.calls.push_back({m_told.string(call, "id"), m_told.string(function, "name"), {}});
    } else {
        m_told.expect(index + 1 == m_told.calls.size(), "calls come one after the other");
    }
    if (index < m_told.calls.size())
        m_told.calls[index].arguments += m_told.stringOrNull(function, "arguments");
}

void ChunkReader::readDelta(const json& delta)
{
    if (!m_begun) m_told.expect(m_told.string(delta, "role") == "assistant", "the first chunk has the role");
    m_begun = true;
    m_told.text += m_told.stringOrNull(delta, "content") + m_told.stringOrNull(delta, "refusal");
    m_told.thinking += m_told.stringOrNull(delta, "reasoning_content");
    if (!delta.contains("tool_calls")) return;
    for (const json& call : m_told.array(delta, "tool_calls"))
        readCall(call);
}

void ChunkReader::readChunk(const json& chunk)
{
    m_told.expect(m_told.string(chunk, "object") == "chat.completion.chunk", "the object is a chunk");
    const std::string id = m_told.string(chunk, "id");
    m_told.expect(m_id.empty() || m_id == id, "all chunks have one id");
    m_id = id;
    (void)m_told.number(chunk, "created");
    (void)m_told.string(chunk, "model");
    if (chunk.contains("usage") && !chunk["usage"].is_null()) {
        m_told.expect(!m_usage && !m_told.finish.empty(), "one usage, behind the finish reason");
        m_usage = true;
        readUsage(chunk["usage"], m_told);
    }
    for (const json& choice : m_told.array(chunk, "choices")) {
        m_told.expect(m_told.number(choice, "index") == 0, "one choice");
        m_told.expect(m_told.finish.empty(), "nothing behind the finish reason");
        readDelta(m_told.object(choice, "delta"));
        m_told.expect(choice.contains("finish_reason"), "each choice has its finish_reason");
        if (const std::string reason = m_told.stringOrNull(choice, "finish_reason"); !reason.empty())
            m_told.finishFrom(reason, kFinishes);
    }
}

void ChunkReader::read(const StreamEvent& event)
{
    m_told.expect(!m_done && m_told.error.empty(), "nothing behind the end");
    m_told.expect(event.name.empty(), "events have no names");
    if (event.data == "[DONE]") {
        m_done = true;
        return;
    }
    const json chunk = m_told.parsed(event.data);
    if (chunk.contains("error"))
        readErrorObject(chunk, m_told);
    else
        readChunk(chunk);
}

class ChatClient : public Client {
public:
    std::string_view name() const override { return "chat"; }
    Wire write(const Ask& ask) const override;
    void readWhole(const json& answer, Told& told) const override;
    void readStream(std::string_view body, Told& told) const override
    {
        ChunkReader reader(told);
        for (const StreamEvent& event : eventsOf(body, told))
            reader.read(event);
        reader.end();
    }
    void readError(const json& body, int, Told& told) const override { readErrorObject(body, told); }
};

Wire ChatClient::write(const Ask& ask) const
{
    json body{{"model", ask.model}, {"messages", messagesOf(ask)}};
    body["max_completion_tokens"] = limitOf(ask.feature);
    if (ask.stream) {
        body["stream"] = true;
        body["stream_options"] = {{"include_usage", true}};
    }
    if (hasTools(ask.feature)) body["tools"] = json::array({toolOf()});
    if (ask.feature == Feature::Tools) body["tool_choice"] = "required";
    if (reasons(ask.feature)) body["reasoning_effort"] = "medium";
    if (hasFormat(ask.feature)) {
        const json schema{{"name", kSchemaName}, {"strict", true}, {"schema", json::parse(kSchema)}};
        body["response_format"] = {{"type", "json_schema"}, {"json_schema", schema}};
    }
    return {"/v1/chat/completions", bearer(), body};
}

void ChatClient::readWhole(const json& answer, Told& told) const
{
    told.expect(told.string(answer, "object") == "chat.completion", "the object is a completion");
    for (const char* key : {"id", "model"})
        (void)told.string(answer, key);
    (void)told.number(answer, "created");
    const json& choices = told.array(answer, "choices");
    told.expect(choices.size() == 1, "one choice");
    for (const json& choice : choices) {
        told.expect(told.number(choice, "index") == 0, "its index is 0");
        const json& message = told.object(choice, "message");
        told.expect(told.string(message, "role") == "assistant", "the role is assistant");
        told.expect(message.contains("content"), "a message has its content");
        told.text = told.stringOrNull(message, "content") + told.stringOrNull(message, "refusal");
        told.thinking = told.stringOrNull(message, "reasoning_content");
        for (const char* key : {"role", "content", "tool_calls", "reasoning_content", "reasoning_details"}) {
            if (message.contains(key)) told.replay[key] = message[key];
        }
        if (message.contains("tool_calls")) {
            for (const json& call : told.array(message, "tool_calls")) {
                const json& function = told.object(call, "function");
                told.expect(told.string(call, "type") == "function", "a call's type is function");
                told.calls.push_back({told.string(call, "id"), told.string(function, "name"),
                                      told.string(function, "arguments")});
            }
        }
        told.finishFrom(told.string(choice, "finish_reason"), kFinishes);
    }
    readUsage(told.object(answer, "usage"), told);
}

class CompletionsClient : public Client {
public:
    std::string_view name() const override { return "completions"; }
    Wire write(const Ask& ask) const override
    {
        json body{{"model", ask.model}, {"prompt", ask.text}, {"max_tokens", limitOf(ask.feature)}};
        if (ask.stream) {
            body["stream"] = true;
            body["stream_options"] = {{"include_usage", true}};
        }
        return {"/v1/completions", bearer(), body};
    }
    void readWhole(const json& answer, Told& told) const override
    {
        readObject(answer, told);
        readUsage(told.object(answer, "usage"), told);
    }
    void readStream(std::string_view body, Told& told) const override;
    void readError(const json& body, int, Told& told) const override { readErrorObject(body, told); }

private:
    static void readObject(const json& answer, Told& told)
    {
        told.expect(told.string(answer, "object") == "text_completion", "the object is a text_completion");
        (void)told.string(answer, "id");
        for (const json& choice : told.array(answer, "choices")) {
            told.text += told.string(choice, "text");
            told.expect(choice.contains("finish_reason"), "each choice has its finish_reason");
            if (const std::string reason = told.stringOrNull(choice, "finish_reason"); !reason.empty())
                told.finishFrom(reason, kFinishes);
        }
    }
};

void CompletionsClient::readStream(std::string_view body, Told& told) const
{
    bool done = false;
    bool usage = false;
    for (const StreamEvent& event : eventsOf(body, told)) {
        told.expect(!done && told.error.empty(), "nothing behind the end");
        if (event.data == "[DONE]") {
            done = true;
            continue;
        }
        const json chunk = told.parsed(event.data);
        if (chunk.contains("error")) {
            readErrorObject(chunk, told);
            continue;
        }
        readObject(chunk, told);
        if (chunk.contains("usage") && !chunk["usage"].is_null()) {
            usage = true;
            readUsage(chunk["usage"], told);
        }
    }
    told.expect(done == told.error.empty(), "[DONE] is last, unless there was an error");
    told.expect(usage || !told.error.empty(), "the usage that was asked for");
}

} // namespace

const Client& chatClient()
{
    static const ChatClient client;
    return client;
}

const Client& completionsClient()
{
    static const CompletionsClient client;
    return client;
}

} // namespace matrix
