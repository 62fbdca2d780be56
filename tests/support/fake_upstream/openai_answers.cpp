// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "answer.h"
#include "text.h"

namespace fake::openai {

static const char* finishName(Finish finish)
{
    switch (finish) {
    case Finish::Length:
        return "length";
    case Finish::ToolCalls:
        return "tool_calls";
    case Finish::Filtered:
        return "content_filter";
    default:
        return "stop";
    }
}

static std::string usage(const Answer& answer)
{
    if (!answer.usageJson.empty()) return answer.usageJson;
    uint64_t reasoning = answer.thinking.empty() ? 0 : kReasoningTokens;
    return R"({"prompt_tokens":)" + std::to_string(kPromptTokens) + R"(,"completion_tokens":)" +
           std::to_string(answer.outputTokens) + R"(,"total_tokens":)" +
           std::to_string(kPromptTokens + answer.outputTokens) +
           R"(,"prompt_tokens_details":{"cached_tokens":)" + std::to_string(kCacheReadTokens) +
           R"(,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":)" +
           std::to_string(reasoning) +
           R"(,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}})";
}

static std::string plainMessage(const Answer& answer)
{
    std::string message = R"({"role":"assistant","content":)";
    bool refused = answer.finish == Finish::Refusal;
    message += answer.textPieces.empty() || refused ? "null" : jsonString(answer.text());
    if (!answer.thinking.empty()) message += R"(,"reasoning_content":)" + jsonString(answer.thinking);
    if (!answer.calls.empty()) message += R"(,"tool_calls":[)";
    for (size_t i = 0; i < answer.calls.size(); ++i) {
        const ToolCall& call = answer.calls[i];
        if (i > 0) message += ',';
        message += R"({"id":"call_)" + call.id + R"(","type":"function","function":{"name":)" +
                   jsonString(call.name) + R"(,"arguments":)" + jsonString(call.arguments()) + "}}";
    }
    if (!answer.calls.empty()) message += ']';
    message += R"(,"refusal":)" + (refused ? jsonString(answer.text()) : std::string("null"));
    if (answer.unknownFields) message += R"(,"x_future":{"nested":[1,2.50]})";
    return message + R"(,"annotations":[]})";
}

static std::string plain(const Ask& ask, const Answer& answer)
{
    std::string body = R"({"id":"chatcmpl-fake","object":"chat.completion","created":1700000000,"model":)";
    appendJsonString(body, ask.model);
    body += R"(,"choices":[{"index":0,"message":)" + plainMessage(answer) +
            R"(,"logprobs":null,"finish_reason":")";
    body += finishName(answer.finish);
    body += R"("}],"usage":)" + usage(answer);
    if (answer.unknownFields) body += R"(,"x_unknown":"kept","x_big":123456789012345678901234567890)";
    return body + R"(,"service_tier":")" + answer.service + R"(","system_fingerprint":"fp_fake"})";
}

/// Builds the chunks of one stream; all share their head and their tail.
class Chunks {
public:
    Chunks(const Ask& ask, const Answer& answer)
        : m_head(R"({"id":"chatcmpl-fake","object":"chat.completion.chunk","created":1700000000,"model":)" +
                 jsonString(ask.model) + R"(,"service_tier":")" + answer.service +
                 R"(","system_fingerprint":"fp_fake",)")
        , m_tail(ask.includeUsage ? R"(,"usage":null})" : "}")
    {
        if (answer.unknownFields) m_head += R"("x_unknown":"kept",)";
        m_events.reserve(answer.textPieces.size() + 8);
    }

    void delta(EventRole role, std::string_view inner, std::string_view finishReason = "null")
    {
        std::string data;
        data.reserve(m_head.size() + inner.size() + 96);
        data.append(m_head).append(R"("choices":[{"index":0,"delta":{)").append(inner);
        data.append(R"(},"logprobs":null,"finish_reason":)").append(finishReason).append("}]").append(m_tail);
        m_events.push_back({role, {}, std::move(data)});
    }

    void usage(const std::string& json)
    {
        m_events.push_back({EventRole::Usage, {}, m_head + R"("choices":[],"usage":)" + json + "}"});
    }

    std::vector<StreamEvent> finished()
    {
        m_events.push_back({EventRole::End, {}, "[DONE]"});
        return std::move(m_events);
    }

private:
    std::string m_head;
    std::string m_tail;
    std::vector<StreamEvent> m_events;
};

static void streamCalls(Chunks& chunks, const Answer& answer)
{
    for (size_t i = 0; i < answer.calls.size(); ++i) {
        const ToolCall& call = answer.calls[i];
        std::string index = R"("tool_calls":[{"index":)" + std::to_string(i);
        chunks.delta(EventRole::Content, index + R"(,"id":"call_)" + call.id +
                                             R"(","type":"function","function":{"name":)" +
                                             jsonString(call.name) + R"(,"arguments":""}}])");
        for (const auto& piece : call.argumentPieces)
            chunks.delta(EventRole::Content,
                         index + R"(,"function":{"arguments":)" + jsonString(piece) + "}}]");
    }
}

static std::vector<StreamEvent> stream(const Ask& ask, const Answer& answer)
{
    Chunks chunks(ask, answer);
    bool refused = answer.finish == Finish::Refusal;
    bool text = !answer.textPieces.empty() && !refused;
    chunks.delta(EventRole::Start, std::string(R"("role":"assistant","content":)") +
                                       (text ? R"("")" : "null") + R"(,"refusal":null)");
    if (!answer.thinking.empty())
        chunks.delta(EventRole::Content, R"("reasoning_content":)" + jsonString(answer.thinking));
    std::string inner;
    for (const auto& piece : answer.textPieces) {
        inner = refused ? R"("refusal":)" : R"("content":)";
        appendJsonString(inner, piece);
        chunks.delta(EventRole::Content, inner);
    }
    streamCalls(chunks, answer);
    chunks.delta(EventRole::Finish, "", '"' + std::string(finishName(answer.finish)) + '"');
    if (ask.includeUsage) chunks.usage(usage(answer));
    return chunks.finished();
}

static std::pair<const char*, const char*> errorNames(unsigned status)
{
    switch (status) {
    case 401:
        return {"invalid_request_error", "invalid_api_key"};
    case 403:
        return {"invalid_request_error", "unsupported_country_region_territory"};
    case 404:
        return {"invalid_request_error", "model_not_found"};
    case 429:
        return {"requests", "rate_limit_exceeded"};
    default:
        break;
    }
    if (status >= 500) return {"server_error", "server_error"};
    return {"invalid_request_error", "invalid_value"};
}

std::string error(unsigned status, std::string_view message)
{
    auto [type, code] = errorNames(status);
    return R"({"error":{"message":)" + jsonString(message) + R"(,"type":")" + type +
           R"(","param":null,"code":")" + code + R"("}})";
}

static StreamEvent streamError()
{
    return {EventRole::Error, {}, error(500, "The fake upstream failed inside the stream.")};
}

static std::string models()
{
    return R"({"object":"list","data":[{"id":"mock","object":"model","created":1700000000,"owned_by":"fake"},)"
           R"({"id":"mock-large","object":"model","created":1700000000,"owned_by":"fake"}]})";
}

/// Every input has the vector 1, -0.5, 0.25; of the model "mock-short" the last has none.
static std::string embeddings(const Ask& ask)
{
    std::string body = R"({"object":"list","data":[)";
    const uint64_t count = ask.inputs - (ask.model == "mock-short" && ask.inputs > 0 ? 1 : 0);
    for (uint64_t i = 0; i < count; ++i) {
        if (i > 0) body += ',';
        body += R"({"object":"embedding","index":)" + std::to_string(i) + R"(,"embedding":)";
        body += ask.base64 ? R"("AACAPwAAAL8AAIA+"})" : "[1.0,-0.5,0.25]}";
    }
    body += R"(],"model":)";
    appendJsonString(body, ask.model);
    const std::string tokens = std::to_string(kPromptTokens);
    return body + R"(,"usage":{"prompt_tokens":)" + tokens + R"(,"total_tokens":)" + tokens + "}}";
}

const DialectWords kWords = {plain, stream, error, streamError, models, nullptr, embeddings, kHeadFields};

static std::string textChoice(const Ask& ask, std::string_view text, std::string_view finishReason,
                              const std::string& usageJson)
{
    std::string body = R"({"id":"cmpl-fake","object":"text_completion","created":1700000000,"model":)";
    appendJsonString(body, ask.model);
    body += R"(,"choices":[{"text":)" + jsonString(text) + R"(,"index":0,"logprobs":null,"finish_reason":)";
    body.append(finishReason).append("}]");
    if (!usageJson.empty()) body += R"(,"usage":)" + usageJson;
    return body + "}";
}

static std::string plainText(const Ask& ask, const Answer& answer)
{
    std::string reason = '"' + std::string(finishName(answer.finish)) + '"';
    return textChoice(ask, answer.text(), reason, usage(answer));
}

static std::vector<StreamEvent> streamText(const Ask& ask, const Answer& answer)
{
    std::vector<StreamEvent> events;
    events.reserve(answer.textPieces.size() + 3);
    for (const auto& piece : answer.textPieces)
        events.push_back({EventRole::Content, {}, textChoice(ask, piece, "null", {})});
    std::string reason = '"' + std::string(finishName(answer.finish)) + '"';
    events.push_back({EventRole::Finish, {}, textChoice(ask, "", reason, {})});
    if (ask.includeUsage) {
        std::string data = R"({"id":"cmpl-fake","object":"text_completion","created":1700000000,"model":)" +
                           jsonString(ask.model) + R"(,"choices":[],"usage":)" + usage(answer) + "}";
        events.push_back({EventRole::Usage, {}, std::move(data)});
    }
    events.push_back({EventRole::End, {}, "[DONE]"});
    return events;
}

const DialectWords kCompletionsWords = {plainText, streamText, error,   streamError,
                                        models,    nullptr,    nullptr, kHeadFields};

} // namespace fake::openai
