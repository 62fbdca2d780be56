// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer.h"
#include "text.h"

namespace fake::responses {

static std::string usage(const Answer& answer)
{
    if (!answer.usageJson.empty()) return answer.usageJson;
    uint64_t reasoning = answer.thinking.empty() ? 0 : kReasoningTokens;
    return R"({"input_tokens":)" + std::to_string(kPromptTokens) +
           R"(,"input_tokens_details":{"cached_tokens":)" + std::to_string(kCacheReadTokens) +
           R"(},"output_tokens":)" + std::to_string(answer.outputTokens) +
           R"(,"output_tokens_details":{"reasoning_tokens":)" + std::to_string(reasoning) +
           R"(},"total_tokens":)" + std::to_string(kPromptTokens + answer.outputTokens) + "}";
}

static std::string responseJson(const Ask& ask, const Answer& answer, std::string_view status,
                                std::string_view output)
{
    bool ended = status != "in_progress";
    std::string body = R"({"id":"resp_fake","object":"response","created_at":1700000000,"status":")";
    body.append(status).append(R"(","error":null,"incomplete_details":)");
    body += status == "incomplete" ? R"({"reason":"max_output_tokens"})" : "null";
    body += R"(,"instructions":null,"max_output_tokens":null,"model":)" + jsonString(ask.model) +
            R"(,"output":[)";
    body.append(output).append(R"(],"parallel_tool_calls":true,"previous_response_id":null,)");
    body += R"("reasoning":{"effort":null,"summary":null},"store":true,"temperature":1.0,)"
            R"("text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1.0,)"
            R"("truncation":"disabled","usage":)";
    body += ended ? usage(answer) : "null";
    if (answer.unknownFields) body += R"(,"x_unknown":"kept")";
    if (!answer.usageJson.empty()) body += R"(,"service_tier":")" + answer.service + '"';
    return body + R"(,"metadata":{}})";
}

static const char* endStatus(const Answer& answer)
{
    return answer.finish == Finish::Length ? "incomplete" : "completed";
}

static std::string summary(std::string_view text)
{
    return R"({"type":"summary_text","text":)" + jsonString(text) + "}";
}

static std::string reasoningItem(const Answer& answer, bool isDone)
{
    return R"({"id":"rs_fake","type":"reasoning","summary":[)" +
           (isDone ? summary(answer.thinking) : std::string()) + "]}";
}

static std::string part(const Answer& answer, std::string_view text)
{
    if (answer.finish == Finish::Refusal) return R"({"type":"refusal","refusal":)" + jsonString(text) + "}";
    return R"({"type":"output_text","annotations":[],"logprobs":[],"text":)" + jsonString(text) + "}";
}

static std::string messageItem(const Answer& answer, bool isDone)
{
    return R"({"id":"msg_fake","type":"message","role":"assistant","status":")" +
           std::string(isDone ? endStatus(answer) : "in_progress") + R"(","content":[)" +
           (isDone ? part(answer, answer.text()) : std::string()) + "]}";
}

static std::string callItem(const ToolCall& call, bool isDone)
{
    return R"({"id":"fc_)" + call.id + R"(","type":"function_call","status":")" +
           (isDone ? "completed" : "in_progress") + R"(","call_id":"call_)" + call.id + R"(","name":)" +
           jsonString(call.name) + R"(,"arguments":)" + jsonString(isDone ? call.arguments() : "") + "}";
}

static std::string allItems(const Answer& answer)
{
    std::string items;
    auto add = [&items](const std::string& item) {
        if (!items.empty()) items += ',';
        items += item;
    };
    if (!answer.thinking.empty()) add(reasoningItem(answer, true));
    if (!answer.textPieces.empty()) add(messageItem(answer, true));
    for (const ToolCall& call : answer.calls)
        add(callItem(call, true));
    return items;
}

static std::string plain(const Ask& ask, const Answer& answer)
{
    return responseJson(ask, answer, endStatus(answer), allItems(answer));
}

/// Builds the events of one stream: numbered, each item opened and closed in order.
class Events {
public:
    void add(EventRole role, std::string_view type, const std::string& rest)
    {
        std::string name = "response." + std::string(type);
        m_events.push_back({role, name,
                            R"({"type":")" + name + R"(","sequence_number":)" +
                                std::to_string(m_events.size()) + rest + "}"});
    }
    void openItem(std::string id, const std::string& item)
    {
        m_id = std::move(id);
        add(EventRole::Frame, "output_item.added", index() + R"(,"item":)" + item);
    }
    /// An event about the open item.
    void inItem(EventRole role, std::string_view type, const std::string& rest)
    {
        add(role, type, R"(,"item_id":")" + m_id + '"' + index() + rest);
    }
    void closeItem(const std::string& item)
    {
        add(EventRole::Frame, "output_item.done", index() + R"(,"item":)" + item);
        ++m_index;
    }
    std::vector<StreamEvent> finished() { return std::move(m_events); }

private:
    std::string index() const { return R"(,"output_index":)" + std::to_string(m_index); }
    std::vector<StreamEvent> m_events;
    std::string m_id;
    size_t m_index = 0;
};

static void streamReasoning(Events& events, const Answer& answer)
{
    static const std::string kPart = R"(,"summary_index":0)";
    events.openItem("rs_fake", reasoningItem(answer, false));
    events.inItem(EventRole::Frame, "reasoning_summary_part.added", kPart + R"(,"part":)" + summary(""));
    events.inItem(EventRole::Content, "reasoning_summary_text.delta",
                  kPart + R"(,"delta":)" + jsonString(answer.thinking));
    events.inItem(EventRole::Frame, "reasoning_summary_text.done",
                  kPart + R"(,"text":)" + jsonString(answer.thinking));
    events.inItem(EventRole::Frame, "reasoning_summary_part.done",
                  kPart + R"(,"part":)" + summary(answer.thinking));
    events.closeItem(reasoningItem(answer, true));
}

static void streamText(Events& events, const Answer& answer)
{
    static const std::string kPart = R"(,"content_index":0)";
    bool refused = answer.finish == Finish::Refusal;
    const char* delta = refused ? "refusal.delta" : "output_text.delta";
    const char* done = refused ? "refusal.done" : "output_text.done";
    events.openItem("msg_fake", messageItem(answer, false));
    events.inItem(EventRole::Frame, "content_part.added", kPart + R"(,"part":)" + part(answer, ""));
    for (const auto& piece : answer.textPieces)
        events.inItem(EventRole::Content, delta, kPart + R"(,"logprobs":[],"delta":)" + jsonString(piece));
    events.inItem(EventRole::Frame, done,
                  kPart + (refused ? R"(,"refusal":)" : R"(,"logprobs":[],"text":)") +
                      jsonString(answer.text()));
    events.inItem(EventRole::Frame, "content_part.done", kPart + R"(,"part":)" + part(answer, answer.text()));
    events.closeItem(messageItem(answer, true));
}

static void streamCall(Events& events, const ToolCall& call)
{
    events.openItem("fc_" + call.id, callItem(call, false));
    for (const auto& piece : call.argumentPieces)
        events.inItem(EventRole::Content, "function_call_arguments.delta",
                      R"(,"delta":)" + jsonString(piece));
    events.inItem(EventRole::Frame, "function_call_arguments.done",
                  R"(,"name":)" + jsonString(call.name) + R"(,"arguments":)" + jsonString(call.arguments()));
    events.closeItem(callItem(call, true));
}

static std::vector<StreamEvent> stream(const Ask& ask, const Answer& answer)
{
    Events events;
    std::string begun = R"(,"response":)" + responseJson(ask, answer, "in_progress", "");
    events.add(EventRole::Start, "created", begun);
    events.add(EventRole::Frame, "in_progress", begun);
    if (!answer.thinking.empty()) streamReasoning(events, answer);
    if (!answer.textPieces.empty()) streamText(events, answer);
    for (const ToolCall& call : answer.calls)
        streamCall(events, call);
    events.add(EventRole::Finish, endStatus(answer), R"(,"response":)" + plain(ask, answer));
    return events.finished();
}

static StreamEvent streamError()
{
    return {EventRole::Error, "error",
            R"({"type":"error","sequence_number":0,"code":"server_error",)"
            R"("message":"The fake upstream failed inside the stream.","param":null})"};
}

static std::string models()
{
    return openai::kWords.models();
}

const DialectWords kWords = {plain,  stream,  openai::error, streamError,
                             models, nullptr, nullptr,       openai::kHeadFields};

} // namespace fake::responses
