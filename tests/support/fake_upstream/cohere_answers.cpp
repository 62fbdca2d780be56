// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer.h"
#include "text.h"

namespace fake::cohere {

static const char* finishName(Finish finish)
{
    switch (finish) {
    case Finish::Length:
        return "MAX_TOKENS";
    case Finish::ToolCalls:
        return "TOOL_CALL";
    default:
        return "COMPLETE";
    }
}

static std::string usage(const Answer& answer)
{
    if (!answer.usageJson.empty()) return answer.usageJson;
    std::string counts = R"({"input_tokens":)" + std::to_string(kPromptTokens) + R"(,"output_tokens":)" +
                         std::to_string(answer.outputTokens) + "}";
    return R"({"billed_units":)" + counts + R"(,"tokens":)" + counts + R"(,"cached_tokens":)" +
           std::to_string(kCacheReadTokens) + "}";
}

static std::string callJson(const ToolCall& call, const std::string& arguments)
{
    return R"({"id":"call_)" + call.id + R"(","type":"function","function":{"name":)" +
           jsonString(call.name) + R"(,"arguments":)" + jsonString(arguments) + "}}";
}

static std::string plain(const Ask&, const Answer& answer)
{
    std::string content;
    if (!answer.thinking.empty())
        content += R"({"type":"thinking","thinking":)" + jsonString(answer.thinking) + "}";
    if (!answer.thinking.empty() && !answer.textPieces.empty()) content += ',';
    if (!answer.textPieces.empty()) content += R"({"type":"text","text":)" + jsonString(answer.text()) + "}";
    std::string body = R"({"id":"c14c80c3-18eb-4519-9460-6c92edd8cfb4","message":{"role":"assistant")";
    if (!content.empty()) body += R"(,"content":[)" + content + "]";
    if (!answer.calls.empty()) {
        std::string list;
        for (const ToolCall& call : answer.calls)
            list += (list.empty() ? "" : ",") + callJson(call, call.arguments());
        body += R"(,"tool_plan":"I ask the tool.","tool_calls":[)" + list + "]";
    }
    body +=
        R"(},"finish_reason":")" + std::string(finishName(answer.finish)) + R"(","usage":)" + usage(answer);
    if (answer.unknownFields) body += R"(,"x_unknown":"kept")";
    return body + "}";
}

/// Builds the events of one stream, blocks opened and closed in order.
class Events {
public:
    void add(EventRole role, const char* type, const std::string& rest)
    {
        m_events.push_back({role, type, std::string(R"({"type":")") + type + '"' + rest + '}'});
    }
    void message(EventRole role, const char* type, const std::string& inner)
    {
        add(role, type, indexed(type) + R"(,"delta":{"message":{)" + inner + "}}");
    }
    void close(const char* type)
    {
        add(EventRole::Frame, type, indexed(type));
        ++m_index;
    }
    std::vector<StreamEvent> finished()
    {
        m_events.push_back({EventRole::End, {}, "[DONE]"});
        return std::move(m_events);
    }

private:
    std::string indexed(std::string_view type) const
    {
        bool inBlock = type.starts_with("content-") || type.starts_with("tool-call-");
        return inBlock ? R"(,"index":)" + std::to_string(m_index) : std::string();
    }
    std::vector<StreamEvent> m_events;
    size_t m_index = 0;
};

static void streamContent(Events& events, const Answer& answer)
{
    if (!answer.thinking.empty()) {
        events.message(EventRole::Frame, "content-start", R"("content":{"type":"thinking","thinking":""})");
        events.message(EventRole::Content, "content-delta",
                       R"("content":{"thinking":)" + jsonString(answer.thinking) + "}");
        events.close("content-end");
    }
    if (answer.textPieces.empty()) return;
    events.message(EventRole::Frame, "content-start", R"("content":{"type":"text","text":""})");
    for (const auto& piece : answer.textPieces)
        events.message(EventRole::Content, "content-delta",
                       R"("content":{"text":)" + jsonString(piece) + "}");
    events.close("content-end");
}

static void streamCalls(Events& events, const Answer& answer)
{
    if (answer.calls.empty()) return;
    events.message(EventRole::Content, "tool-plan-delta", R"("tool_plan":"I ask the tool.")");
    for (const ToolCall& call : answer.calls) {
        events.message(EventRole::Content, "tool-call-start", R"("tool_calls":)" + callJson(call, ""));
        for (const auto& piece : call.argumentPieces)
            events.message(EventRole::Content, "tool-call-delta",
                           R"("tool_calls":{"function":{"arguments":)" + jsonString(piece) + "}}");
        events.close("tool-call-end");
    }
}

static std::vector<StreamEvent> stream(const Ask&, const Answer& answer)
{
    Events events;
    events.add(EventRole::Start, "message-start",
               R"(,"id":"29f14a5a-11de-4cae-9800-25e4747408ea","delta":{"message":{"role":"assistant",)"
               R"("content":[],"tool_plan":"","tool_calls":[],"citations":[]}})");
    streamContent(events, answer);
    streamCalls(events, answer);
    events.add(EventRole::Finish, "message-end",
               R"(,"delta":{"finish_reason":")" + std::string(finishName(answer.finish)) + R"(","usage":)" +
                   usage(answer) + "}");
    return events.finished();
}

static std::string error(unsigned, std::string_view message)
{
    return R"({"id":"0b8b6d5c-0000-4000-8000-000000000000","message":)" + jsonString(message) + "}";
}

static StreamEvent streamError()
{
    return {EventRole::Error, "message-end",
            R"({"type":"message-end","delta":{"finish_reason":"ERROR",)"
            R"("error":"The fake upstream failed inside the stream."}})"};
}

static std::string models()
{
    static constexpr std::string_view kRest = R"("endpoints":["chat"],"context_length":128000})";
    return std::string(R"({"models":[{"name":"mock",)")
        .append(kRest)
        .append(R"(,{"name":"mock-large",)")
        .append(kRest)
        .append("]}");
}

static std::string embeddings(const Ask& ask)
{
    return R"({"id":"da6e531f-54c5-4a73-bf92-f60566d8d753","embeddings":{"float":[)" +
           repeated(ask.inputs, "[1.0,-0.5,0.25]") +
           R"(]},"texts":[],"response_type":"embeddings_by_type","meta":{"api_version":{"version":"2"},)"
           R"("billed_units":{"input_tokens":)" +
           std::to_string(kPromptTokens) + "}}}";
}

const DialectWords kWords = {plain,  stream,  error,      streamError,
                             models, nullptr, embeddings, "x-api-version: 2\r\n"};

} // namespace fake::cohere
