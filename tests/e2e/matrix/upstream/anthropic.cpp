// SPDX-License-Identifier: GPL-3.0-or-later
// Anthropic's Messages as its API reference has them.
#include <algorithm>

#include "upstream/protocol.h"

namespace matrix {

namespace {

using nlohmann::json;

std::string textOf(const json& content)
{
    if (content.is_string()) return content;
    std::string text;
    for (const json& block : content.is_array() ? content : json::array())
        text += block.value("text", "");
    return text;
}

/// A tool's results have to come first in the very next message, one for each call.
std::string resultsFault(const json& calls, const json& content)
{
    std::size_t results = 0;
    bool other = false;
    for (const json& block : content.is_array() ? content : json::array()) {
        const bool result = block["type"] == "tool_result";
        if (result && other) return "a tool_result behind other content";
        if (result && std::find(calls.begin(), calls.end(), block["tool_use_id"]) == calls.end())
            return "a tool_result without its tool_use in the message before";
        other = other || !result;
        results += result ? 1 : 0;
    }
    return results == calls.size() ? std::string() : "tool_use without tool_result in the next message";
}

void readBlock(const json& block, Seen& seen)
{
    const std::string type = block["type"];
    if (type == "text") seen.user += block["text"].get<std::string>();
    if (type == "image") seen.images.push_back(block["source"].value("data", ""));
    if (type == "tool_result")
        seen.results.push_back({block["tool_use_id"], textOf(block.value("content", json("")))});
}

void readUse(const json& block, bool assistant, Seen& seen)
{
    if (assistant && block["type"] == "text") seen.assistant += block["text"].get<std::string>();
    if (block["type"] == "thinking") seen.signature = block["signature"];
    if (block["type"] == "tool_use") seen.calls.push_back({block["id"], block["name"], block["input"]});
}

/// True where the message that calls a tool does not begin with the reasoning it had.
bool readMessages(const json& messages, Seen& seen)
{
    bool unthought = false;
    json open = json::array();
    for (const json& message : messages) {
        const json& content = message["content"];
        if (message["role"] == "user") {
            if (seen.fault.empty()) seen.fault = resultsFault(open, content);
            if (content.is_string()) seen.user += content.get<std::string>();
            for (const json& block : content.is_array() ? content : json::array())
                readBlock(block, seen);
        }
        open = json::array();
        if (message["role"] == "assistant" && content.is_string())
            seen.assistant += content.get<std::string>();
        for (const json& block : content.is_array() ? content : json::array()) {
            readUse(block, message["role"] == "assistant", seen);
            if (block["type"] == "tool_use") open.push_back(block["id"]);
        }
        if (!open.empty())
            unthought = content[0]["type"].get<std::string>().find("thinking") == std::string::npos;
    }
    if (messages[0]["role"] != "user") seen.fault = "the first message is not the user's";
    if (!open.empty()) seen.fault = "the last tool_use has no tool_result";
    return unthought;
}

json usageOf(std::int64_t output)
{
    return {{"input_tokens", kInputTokens - kCachedTokens},
            {"cache_creation_input_tokens", 0},
            {"cache_read_input_tokens", kCachedTokens},
            {"cache_creation", {{"ephemeral_5m_input_tokens", 0}, {"ephemeral_1h_input_tokens", 0}}},
            {"output_tokens", output},
            {"service_tier", "standard"}};
}

const char* reasonOf(const Answer& answer)
{
    if (answer.ending == Ending::Calls) return "tool_use";
    if (answer.ending == Ending::Length) return "max_tokens";
    return answer.ending == Ending::Refusal ? "refusal" : "end_turn";
}

json messageOf(const Answer& answer, const json& content, const json& reason, std::int64_t output)
{
    return {{"id", "msg_m1"},           {"type", "message"},       {"role", "assistant"},
            {"model", answer.model},    {"content", content},      {"stop_reason", reason},
            {"stop_sequence", nullptr}, {"usage", usageOf(output)}};
}

/// Writes blocks one after the other.
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
    void begin(const json& block)
    {
        add("content_block_start", {{"index", m_index}, {"content_block", block}});
    }
    void delta(const json& piece) { add("content_block_delta", {{"index", m_index}, {"delta", piece}}); }
    void end() { add("content_block_stop", {{"index", m_index++}}); }
    void writeThinking();
    void writeText();
    void writeCall(const CallRow& call);

    const Answer& m_answer;
    std::vector<std::string> m_events;
    int m_index = 0;
};

void EventWriter::writeThinking()
{
    begin({{"type", "thinking"}, {"thinking", ""}, {"signature", ""}});
    for (const std::string& piece : m_answer.thinking)
        delta({{"type", "thinking_delta"}, {"thinking", piece}});
    delta({{"type", "signature_delta"}, {"signature", kSignature}});
    end();
}

void EventWriter::writeText()
{
    begin({{"type", "text"}, {"text", ""}});
    for (const std::string& piece : m_answer.text)
        delta({{"type", "text_delta"}, {"text", piece}});
}

void EventWriter::writeCall(const CallRow& call)
{
    begin({{"type", "tool_use"}, {"id", call.id}, {"name", kToolName}, {"input", json::object()}});
    delta({{"type", "input_json_delta"}, {"partial_json", ""}});
    for (const std::string& piece : pieces(call.arguments, 6))
        delta({{"type", "input_json_delta"}, {"partial_json", piece}});
    end();
}

std::vector<std::string> EventWriter::write()
{
    add("message_start", {{"message", messageOf(m_answer, json::array(), nullptr, 1)}});
    add("ping", json::object());
    if (m_answer.reasoned) writeThinking();
    if (!m_answer.text.empty()) {
        writeText();
        if (m_answer.ending == Ending::Failure) {
            m_events.push_back(
                sse("error", {{"type", "error"},
                              {"error", {{"type", "overloaded_error"}, {"message", kErrorMessage}}},
                              {"request_id", "req_m1"}}));
            return m_events;
        }
        end();
    }
    for (const CallRow& call : m_answer.calls)
        writeCall(call);
    add("message_delta", {{"delta", {{"stop_reason", reasonOf(m_answer)}, {"stop_sequence", nullptr}}},
                          {"usage", {{"output_tokens", kOutputTokens}}}});
    add("message_stop", json::object());
    return m_events;
}

class Anthropic : public Protocol {
public:
    std::string_view root() const override { return "/anthropic"; }
    std::string_view schema() const override { return "anthropic"; }
    std::string headFault(const fake::HttpRequest& request, std::string_view path) const override
    {
        if (path != "/v1/messages") return "the path is " + std::string(path);
        if (std::string fault = headerFault(request, "anthropic-version", "2023-06-01"); !fault.empty())
            return fault;
        if (!request.header("authorization").empty()) return "two ways to tell the key";
        return headerFault(request, "x-api-key", kProviderKey);
    }
    Seen read(const json& body, std::string_view path) const override;
    std::string whole(const Answer& answer) const override;
    std::vector<std::string> events(const Answer& answer) const override
    {
        return EventWriter(answer).write();
    }
    std::string error(unsigned status, std::string_view message) const override
    {
        const char* type = status == 429  ? "rate_limit_error"
                           : status < 500 ? "invalid_request_error"
                                          : "api_error";
        return json{
            {"type", "error"}, {"error", {{"type", type}, {"message", message}}}, {"request_id", "req_m1"}}
            .dump();
    }
};

Seen Anthropic::read(const json& body, std::string_view) const
{
    Seen seen;
    const bool unthought = readMessages(body["messages"], seen);
    seen.system = textOf(body.value("system", json("")));
    for (const json& tool : body.value("tools", json::array()))
        seen.tools.push_back({tool["name"], tool.value("description", ""), tool["input_schema"]});
    if (!seen.calls.empty() && seen.tools.empty()) seen.fault = "tool_use blocks without tools";
    if (body.contains("tool_choice")) {
        seen.choice = body["tool_choice"]["type"];
        if (seen.choice == "any") seen.choice = "required";
        if (seen.tools.empty()) seen.fault = "tool_choice without tools";
    }
    seen.maxTokens = body["max_tokens"].get<std::int64_t>();
    const json thinking = body.value("thinking", json::object());
    seen.reasons = thinking.value("type", "disabled") != "disabled";
    if (unthought && seen.reasons) seen.fault = "expected thinking before the tool_use";
    if (thinking.contains("budget_tokens") &&
        thinking["budget_tokens"].get<std::int64_t>() >= *seen.maxTokens)
        seen.fault = "budget_tokens has to be below max_tokens";
    if (seen.reasons && body.value("temperature", 1.0) != 1.0)
        seen.fault = "thinking wants a temperature of 1";
    seen.format =
        body.value("output_config", json::object()).value("format", json::object()).value("schema", json());
    seen.stream = body.value("stream", false);
    return seen;
}

std::string Anthropic::whole(const Answer& answer) const
{
    json content = json::array();
    if (answer.reasoned)
        content.push_back(
            {{"type", "thinking"}, {"thinking", joined(answer.thinking)}, {"signature", kSignature}});
    if (!answer.text.empty()) content.push_back({{"type", "text"}, {"text", joined(answer.text)}});
    for (const CallRow& call : answer.calls) {
        content.push_back({{"type", "tool_use"},
                           {"id", call.id},
                           {"name", kToolName},
                           {"input", json::parse(call.arguments)}});
    }
    return messageOf(answer, content, reasonOf(answer), kOutputTokens).dump();
}

} // namespace

const Protocol& anthropic()
{
    static const Anthropic protocol;
    return protocol;
}

} // namespace matrix
