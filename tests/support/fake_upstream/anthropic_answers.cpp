// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer.h"
#include "text.h"

namespace fake::anthropic {

static constexpr std::string_view kSignature = "RmFrZVNpZ25hdHVyZQ==";

static const char* stopName(Finish finish)
{
    switch (finish) {
    case Finish::Length:
        return "max_tokens";
    case Finish::ToolCalls:
        return "tool_use";
    case Finish::Refusal:
    case Finish::Filtered:
        return "refusal";
    default:
        return "end_turn";
    }
}

static std::string usage(uint64_t outputTokens)
{
    uint64_t fresh = kPromptTokens - kCacheReadTokens - kCacheWriteTokens;
    return R"({"input_tokens":)" + std::to_string(fresh) + R"(,"cache_creation_input_tokens":)" +
           std::to_string(kCacheWriteTokens) + R"(,"cache_read_input_tokens":)" +
           std::to_string(kCacheReadTokens) + R"(,"cache_creation":{"ephemeral_5m_input_tokens":)" +
           std::to_string(kCacheWriteTokens) + R"(,"ephemeral_1h_input_tokens":0},"output_tokens":)" +
           std::to_string(outputTokens) + R"(,"service_tier":"standard"})";
}

static std::string plainContent(const Answer& answer)
{
    std::string content = "[";
    auto separate = [&] {
        if (content.size() > 1) content += ',';
    };
    if (!answer.thinking.empty())
        content += R"({"type":"thinking","thinking":)" + jsonString(answer.thinking) + R"(,"signature":")" +
                   std::string(kSignature) + R"("})";
    if (!answer.textPieces.empty()) {
        separate();
        content += R"({"type":"text","text":)" + jsonString(answer.text());
        content += answer.unknownFields ? R"(,"x_future":{"nested":[1,2.50]}})" : "}";
    }
    for (const ToolCall& call : answer.calls) {
        separate();
        content += R"({"type":"tool_use","id":"toolu_)" + call.id + R"(","name":)" + jsonString(call.name) +
                   R"(,"input":)" + call.arguments() + "}";
    }
    return content + "]";
}

static std::string messageHead(const Ask& ask)
{
    return R"({"id":"msg_fake","type":"message","role":"assistant","model":)" + jsonString(ask.model);
}

static std::string plain(const Ask& ask, const Answer& answer)
{
    std::string body = messageHead(ask) + R"(,"content":)" + plainContent(answer) + R"(,"stop_reason":")";
    body += stopName(answer.finish);
    body += R"(","stop_sequence":null,"usage":)" +
            (answer.usageJson.empty() ? usage(answer.outputTokens) : answer.usageJson);
    if (answer.unknownFields) body += R"(,"x_unknown":"kept","x_big":123456789012345678901234567890)";
    return body + "}";
}

/// Builds the events of one stream, blocks opened and closed in order.
class Events {
public:
    explicit Events(size_t expected) { m_events.reserve(expected); }

    void add(EventRole role, const char* name, std::string inner)
    {
        m_events.push_back({role, name, std::string(R"({"type":")") + name + '"' + std::move(inner) + '}'});
    }
    void openBlock(std::string_view block)
    {
        m_index = R"(,"index":)" + std::to_string(m_blocks++);
        add(EventRole::Frame, "content_block_start", m_index + R"(,"content_block":)" + std::string(block));
        if (m_blocks == 1) add(EventRole::Frame, "ping", "");
    }
    void delta(std::string_view typeAndKey, std::string_view text)
    {
        std::string inner = m_index;
        inner.append(R"(,"delta":{"type":)").append(typeAndKey);
        appendJsonString(inner, text);
        inner += '}';
        add(EventRole::Content, "content_block_delta", std::move(inner));
    }
    void closeBlock() { add(EventRole::Frame, "content_block_stop", m_index); }
    std::vector<StreamEvent> finished() { return std::move(m_events); }

private:
    std::vector<StreamEvent> m_events;
    std::string m_index;
    size_t m_blocks = 0;
};

static void streamBlocks(Events& events, const Answer& answer)
{
    if (!answer.thinking.empty()) {
        events.openBlock(R"({"type":"thinking","thinking":"","signature":""})");
        size_t half = answer.thinking.size() / 2;
        events.delta(R"("thinking_delta","thinking":)", answer.thinking.substr(0, half));
        events.delta(R"("thinking_delta","thinking":)", answer.thinking.substr(half));
        events.delta(R"("signature_delta","signature":)", kSignature);
        events.closeBlock();
    }
    if (!answer.textPieces.empty()) {
        events.openBlock(R"({"type":"text","text":""})");
        for (const auto& piece : answer.textPieces)
            events.delta(R"("text_delta","text":)", piece);
        events.closeBlock();
    }
    for (const ToolCall& call : answer.calls) {
        events.openBlock(R"({"type":"tool_use","id":"toolu_)" + call.id + R"(","name":)" +
                         jsonString(call.name) + R"(,"input":{}})");
        events.delta(R"("input_json_delta","partial_json":)", "");
        for (const auto& piece : call.argumentPieces)
            events.delta(R"("input_json_delta","partial_json":)", piece);
        events.closeBlock();
    }
}

static std::vector<StreamEvent> stream(const Ask& ask, const Answer& answer)
{
    Events events(answer.textPieces.size() + 16);
    std::string extra = answer.unknownFields ? R"(,"x_unknown":"kept")" : "";
    events.add(EventRole::Start, "message_start",
               R"(,"message":)" + messageHead(ask) +
                   R"(,"content":[],"stop_reason":null,"stop_sequence":null,"usage":)" +
                   (answer.usageJson.empty() ? usage(1) : answer.usageJson) + extra + "}");
    if (answer.unknownFields) events.add(EventRole::Frame, "future_event", R"(,"x_unknown":"kept")");
    streamBlocks(events, answer);
    events.add(EventRole::Finish, "message_delta",
               R"(,"delta":{"stop_reason":")" + std::string(stopName(answer.finish)) +
                   R"(","stop_sequence":null},"usage":)" +
                   (answer.usageJson.empty()
                        ? R"({"output_tokens":)" + std::to_string(answer.outputTokens) + "}"
                        : answer.usageJson) +
                   extra);
    events.add(EventRole::End, "message_stop", "");
    return events.finished();
}

static const char* errorType(unsigned status)
{
    switch (status) {
    case 400:
        return "invalid_request_error";
    case 401:
        return "authentication_error";
    case 402:
        return "billing_error";
    case 403:
        return "permission_error";
    case 404:
        return "not_found_error";
    case 413:
        return "request_too_large";
    case 429:
        return "rate_limit_error";
    case 504:
        return "timeout_error";
    case 529:
        return "overloaded_error";
    default:
        return status < 500 ? "invalid_request_error" : "api_error";
    }
}

static std::string error(unsigned status, std::string_view message)
{
    return std::string(R"({"type":"error","error":{"type":")") + errorType(status) + R"(","message":)" +
           jsonString(message) + R"(},"request_id":"req_fake"})";
}

static StreamEvent streamError()
{
    return {
        EventRole::Error, "error",
        R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_fake"})"};
}

static std::string models()
{
    return R"({"data":[{"type":"model","id":"mock","display_name":"Mock","created_at":"2025-01-01T00:00:00Z"},)"
           R"({"type":"model","id":"mock-large","display_name":"Mock Large","created_at":"2025-01-01T00:00:00Z"}],)"
           R"("has_more":false,"first_id":"mock","last_id":"mock-large"})";
}

static std::string countTokens()
{
    return R"({"input_tokens":)" + std::to_string(kPromptTokens) + "}";
}

const DialectWords kWords = {
    plain,  stream,      error,   streamError,
    models, countTokens, nullptr, "request-id: req_fake\r\nanthropic-organization-id: org-fake\r\n"};

} // namespace fake::anthropic
