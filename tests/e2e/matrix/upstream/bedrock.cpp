// SPDX-License-Identifier: GPL-3.0-or-later
// Amazon Bedrock's Converse and ConverseStream as the runtime's API reference has them, with a Claude behind.
// Whether a signature is right is asked of AWS's own vectors elsewhere; here it has to be of the right form.
#include "upstream/event_stream.h"
#include "upstream/protocol.h"

namespace matrix {

namespace {

using nlohmann::json;

constexpr std::string_view kModelPath = "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/";

std::string resultText(const json& content)
{
    std::string text;
    for (const json& block : content) {
        if (block.contains("text")) text += block["text"].get<std::string>();
        if (block.contains("json")) text += block["json"].dump();
    }
    return text;
}

struct Turn {
    json calls = json::array();
    std::size_t results = 0;
};

void readBlock(const json& block, bool user, const json& open, Turn& turn, Seen& seen)
{
    if (block.contains("text")) (user ? seen.user : seen.assistant) += block["text"].get<std::string>();
    if (block.contains("image")) seen.images.push_back(block["image"]["source"]["bytes"]);
    if (block.contains("toolUse")) {
        const json& use = block["toolUse"];
        if (user) seen.fault = "a toolUse in the user's message";
        turn.calls.push_back(use["toolUseId"]);
        seen.calls.push_back({use["toolUseId"], use["name"], use["input"]});
    }
    if (block.contains("reasoningContent"))
        seen.signature =
            block["reasoningContent"].value("reasoningText", json::object()).value("signature", "");
    if (block.contains("toolResult")) {
        const json& result = block["toolResult"];
        bool known = false;
        for (const json& id : open)
            known = known || id == result["toolUseId"];
        if (!known) seen.fault = "a toolResult without a toolUse in the message before";
        ++turn.results;
        seen.results.push_back({result["toolUseId"], resultText(result["content"])});
    }
}

/// True where the message that calls a tool does not begin with the reasoning it had.
bool readMessages(const json& messages, Seen& seen)
{
    bool unthought = false;
    std::string before;
    json open = json::array();
    for (const json& message : messages) {
        const std::string role = message["role"];
        if (role == before) seen.fault = "two messages of the same role";
        if (before.empty() && role != "user") seen.fault = "the first message is not the user's";
        Turn turn;
        for (const json& block : message["content"])
            readBlock(block, role == "user", open, turn, seen);
        if (turn.results != open.size()) seen.fault = "toolUse and toolResult blocks do not match";
        if (turn.calls.size() > 0) unthought = !message["content"][0].contains("reasoningContent");
        open = turn.calls;
        before = role;
    }
    if (before != "user") seen.fault = "the last message is not the user's";
    return unthought;
}

json usage()
{
    return {{"inputTokens", kInputTokens - kCachedTokens},
            {"outputTokens", kOutputTokens},
            {"totalTokens", kInputTokens + kOutputTokens},
            {"cacheReadInputTokens", kCachedTokens},
            {"cacheWriteInputTokens", 0}};
}

const char* reasonOf(const Answer& answer)
{
    if (answer.ending == Ending::Calls) return "tool_use";
    if (answer.ending == Ending::Length) return "max_tokens";
    return answer.ending == Ending::Refusal ? "guardrail_intervened" : "end_turn";
}

/// Events carry padding, so that their sizes tell nothing.
std::string eventOf(std::string_view type, json payload)
{
    payload["p"] = "abcdefghijklmnopqrstu";
    return eventStreamMessage(
        {{":event-type", type}, {":content-type", "application/json"}, {":message-type", "event"}},
        payload.dump());
}

/// Text and reasoning blocks have no start of their own; those of tools have.
class EventWriter {
public:
    explicit EventWriter(const Answer& answer) : m_answer(answer) {}
    std::vector<std::string> write();

private:
    void add(std::string_view type, const json& payload) { m_events.push_back(eventOf(type, payload)); }
    void delta(const json& piece)
    {
        add("contentBlockDelta", {{"contentBlockIndex", m_index}, {"delta", piece}});
    }
    void end() { add("contentBlockStop", {{"contentBlockIndex", m_index++}}); }

    const Answer& m_answer;
    std::vector<std::string> m_events;
    int m_index = 0;
};

std::vector<std::string> EventWriter::write()
{
    add("messageStart", {{"role", "assistant"}});
    if (m_answer.reasoned) {
        for (const std::string& piece : m_answer.thinking)
            delta({{"reasoningContent", {{"text", piece}}}});
        delta({{"reasoningContent", {{"signature", kSignature}}}});
        end();
    }
    for (const std::string& piece : m_answer.text)
        delta({{"text", piece}});
    if (m_answer.ending == Ending::Failure) {
        m_events.push_back(eventStreamMessage({{":exception-type", "serviceUnavailableException"},
                                               {":content-type", "application/json"},
                                               {":message-type", "exception"}},
                                              json{{"message", kErrorMessage}}.dump()));
        return m_events;
    }
    if (!m_answer.text.empty()) end();
    for (const CallRow& call : m_answer.calls) {
        const json use{{"toolUseId", call.id}, {"name", kToolName}};
        add("contentBlockStart", {{"contentBlockIndex", m_index}, {"start", {{"toolUse", use}}}});
        for (const std::string& piece : pieces(call.arguments, 6))
            delta({{"toolUse", {{"input", piece}}}});
        end();
    }
    add("messageStop", {{"stopReason", reasonOf(m_answer)}});
    add("metadata", {{"usage", usage()}, {"metrics", {{"latencyMs", 12}}}});
    return m_events;
}

class Bedrock : public Protocol {
public:
    std::string_view root() const override { return "/bedrock"; }
    std::string_view schema() const override { return "bedrock"; }
    std::string headFault(const fake::HttpRequest& request, std::string_view path) const override;
    Seen read(const json& body, std::string_view path) const override;
    std::string whole(const Answer& answer) const override;
    std::vector<std::string> events(const Answer& answer) const override
    {
        return EventWriter(answer).write();
    }
    std::string_view streamType() const override { return "application/vnd.amazon.eventstream"; }
    std::string error(unsigned, std::string_view message) const override
    {
        return json{{"message", message}}.dump();
    }
    std::string errorFields(unsigned status) const override
    {
        return std::string("x-amzn-errortype: ") +
               (status == 429 ? "ThrottlingException" : "ValidationException") + "\r\n";
    }
};

std::string Bedrock::headFault(const fake::HttpRequest& request, std::string_view path) const
{
    if (!path.starts_with(kModelPath)) return "the path is " + std::string(path);
    path.remove_prefix(kModelPath.size());
    if (path != "converse" && path != "converse-stream") return "the call is " + std::string(path);
    const std::string_view signature = request.header("authorization");
    if (!signature.starts_with("AWS4-HMAC-SHA256 Credential=AKIDMATRIX/") ||
        signature.find("/us-east-1/bedrock/aws4_request, SignedHeaders=") == std::string_view::npos ||
        signature.find("Signature=") == std::string_view::npos)
        return "the signature is " + std::string(signature);
    return request.header("x-amz-date").size() == 16 ? std::string() : "x-amz-date is missing";
}

Seen Bedrock::read(const json& body, std::string_view path) const
{
    Seen seen;
    const bool unthought = readMessages(body["messages"], seen);
    for (const json& block : body.value("system", json::array()))
        seen.system += block.value("text", "");
    const json config = body.value("toolConfig", json::object());
    for (const json& tool : config.value("tools", json::array())) {
        if (!tool.contains("toolSpec")) continue;
        const json& spec = tool["toolSpec"];
        seen.tools.push_back({spec["name"], spec.value("description", ""), spec["inputSchema"]["json"]});
    }
    const json choice = config.value("toolChoice", json::object());
    if (choice.contains("any") || choice.contains("tool")) seen.choice = "required";
    if (!seen.calls.empty() && seen.tools.empty()) seen.fault = "toolUse blocks without toolConfig";
    const json inference = body.value("inferenceConfig", json::object());
    if (inference.contains("maxTokens")) seen.maxTokens = inference["maxTokens"].get<std::int64_t>();
    const json thinking =
        body.value("additionalModelRequestFields", json::object()).value("thinking", json::object());
    seen.reasons = thinking.value("type", "disabled") != "disabled";
    if (unthought && seen.reasons) seen.fault = "expected reasoning before the toolUse";
    if (thinking.contains("budget_tokens") && seen.maxTokens &&
        thinking["budget_tokens"].get<std::int64_t>() >= *seen.maxTokens)
        seen.fault = "budget_tokens has to be below maxTokens";
    if (seen.reasons && inference.value("temperature", 1.0) != 1.0)
        seen.fault = "thinking wants a temperature of 1";
    if (body.contains("outputConfig")) {
        const json& format = body["outputConfig"]["textFormat"]["structure"]["jsonSchema"];
        seen.format = json::parse(format["schema"].get<std::string>(), nullptr, false);
    }
    seen.stream = path.ends_with("-stream");
    return seen;
}

std::string Bedrock::whole(const Answer& answer) const
{
    json content = json::array();
    if (answer.reasoned) {
        const json text{{"text", joined(answer.thinking)}, {"signature", kSignature}};
        content.push_back({{"reasoningContent", {{"reasoningText", text}}}});
    }
    if (!answer.text.empty()) content.push_back({{"text", joined(answer.text)}});
    for (const CallRow& call : answer.calls) {
        const json use{{"toolUseId", call.id}, {"name", kToolName}, {"input", json::parse(call.arguments)}};
        content.push_back({{"toolUse", use}});
    }
    return json{{"output", {{"message", {{"role", "assistant"}, {"content", content}}}}},
                {"stopReason", reasonOf(answer)},
                {"usage", usage()},
                {"metrics", {{"latencyMs", 12}}}}
        .dump();
}

} // namespace

const Protocol& bedrock()
{
    static const Bedrock protocol;
    return protocol;
}

} // namespace matrix
