// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer.h"
#include "text.h"

namespace fake::gemini {

static constexpr std::string_view kSignature = "RmFrZVNpZ25hdHVyZQ==";

static const char* finishName(Finish finish)
{
    switch (finish) {
    case Finish::Length:
        return "MAX_TOKENS";
    case Finish::Refusal:
    case Finish::Filtered:
        return "SAFETY";
    default:
        return "STOP"; // A call is no reason of its own here.
    }
}

/// Google counts thinking beside the answer's own tokens.
static std::string usage(const Answer& answer)
{
    if (!answer.usageJson.empty()) return answer.usageJson;
    uint64_t thoughts = answer.thinking.empty() ? 0 : kReasoningTokens;
    return R"({"promptTokenCount":)" + std::to_string(kPromptTokens) + R"(,"candidatesTokenCount":)" +
           std::to_string(answer.outputTokens - thoughts) + R"(,"totalTokenCount":)" +
           std::to_string(kPromptTokens + answer.outputTokens) + R"(,"cachedContentTokenCount":)" +
           std::to_string(kCacheReadTokens) + R"(,"thoughtsTokenCount":)" + std::to_string(thoughts) + "}";
}

static std::string textPart(std::string_view text)
{
    return R"({"text":)" + jsonString(text) + "}";
}

static std::string thoughtPart(std::string_view text)
{
    return R"({"text":)" + jsonString(text) + R"(,"thought":true})";
}

/// The first call of an answer carries the signature of the thinking that led to it.
static std::string callPart(const ToolCall& call, bool isFirst)
{
    std::string part = R"({"functionCall":{"id":"fc-)" + call.id + R"(","name":)" + jsonString(call.name) +
                       R"(,"args":)" + call.arguments() + "}";
    if (isFirst) part += R"(,"thoughtSignature":")" + std::string(kSignature) + '"';
    return part + "}";
}

/// What Google answers instead of candidates where it does not even ask the model.
static std::string blockedPrompt(const Ask& ask)
{
    return R"({"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":)" +
           std::to_string(kPromptTokens) + R"(,"totalTokenCount":)" + std::to_string(kPromptTokens) +
           R"(},"modelVersion":)" + jsonString(ask.model) + R"(,"responseId":"fake"})";
}

static bool isBlocked(const Answer& answer)
{
    return answer.finish == Finish::Filtered && answer.textPieces.empty() && answer.thinking.empty();
}

static std::string reply(const Ask& ask, const Answer& answer, std::string_view parts, bool isLast)
{
    std::string body = R"({"candidates":[{"content":{"parts":[)";
    body.append(parts).append(R"(],"role":"model"},)");
    if (isLast) body.append(R"("finishReason":")").append(finishName(answer.finish)).append("\",");
    body += R"("index":0}],"usageMetadata":)" + usage(answer) + R"(,"modelVersion":)";
    appendJsonString(body, ask.model);
    if (answer.unknownFields) body += R"(,"xUnknown":"kept")";
    return body + R"(,"responseId":"fake"})";
}

static std::string plain(const Ask& ask, const Answer& answer)
{
    if (isBlocked(answer)) return blockedPrompt(ask);
    std::string parts;
    auto add = [&parts](const std::string& part) {
        if (!parts.empty()) parts += ',';
        parts += part;
    };
    if (!answer.thinking.empty()) add(thoughtPart(answer.thinking));
    if (!answer.textPieces.empty()) add(textPart(answer.text()));
    for (const ToolCall& call : answer.calls)
        add(callPart(call, &call == &answer.calls.front()));
    return reply(ask, answer, parts, true);
}

static std::vector<StreamEvent> stream(const Ask& ask, const Answer& answer)
{
    if (isBlocked(answer)) return {{EventRole::Finish, {}, blockedPrompt(ask)}};
    std::vector<StreamEvent> events;
    events.reserve(answer.textPieces.size() + 4);
    auto add = [&](const std::string& part) {
        events.push_back({EventRole::Content, {}, reply(ask, answer, part, false)});
    };
    if (!answer.thinking.empty()) add(thoughtPart(answer.thinking));
    for (const auto& piece : answer.textPieces)
        add(textPart(piece));
    for (const ToolCall& call : answer.calls)
        add(callPart(call, &call == &answer.calls.front()));
    events.push_back({EventRole::Finish, {}, reply(ask, answer, textPart(""), true)});
    return events;
}

static const char* statusName(unsigned status)
{
    switch (status) {
    case 400:
        return "INVALID_ARGUMENT";
    case 401:
        return "UNAUTHENTICATED";
    case 403:
        return "PERMISSION_DENIED";
    case 404:
        return "NOT_FOUND";
    case 429:
        return "RESOURCE_EXHAUSTED";
    case 503:
        return "UNAVAILABLE";
    case 504:
        return "DEADLINE_EXCEEDED";
    default:
        return status < 500 ? "FAILED_PRECONDITION" : "INTERNAL";
    }
}

static std::string error(unsigned status, std::string_view message)
{
    return R"({"error":{"code":)" + std::to_string(status) + R"(,"message":)" + jsonString(message) +
           R"(,"status":")" + statusName(status) + R"("}})";
}

static StreamEvent streamError()
{
    return {EventRole::Error, {}, error(503, "The fake upstream failed inside the stream.")};
}

static std::string models()
{
    static constexpr std::string_view kRest =
        R"("version":"1","inputTokenLimit":1048576,"outputTokenLimit":65536,)"
        R"("supportedGenerationMethods":["generateContent","countTokens"]})";
    return std::string(R"({"models":[{"name":"models/mock","displayName":"Mock",)")
        .append(kRest)
        .append(R"(,{"name":"models/mock-large","displayName":"Mock Large",)")
        .append(kRest)
        .append("]}");
}

static std::string countTokens()
{
    return R"({"totalTokens":)" + std::to_string(kPromptTokens) + "}";
}

static std::string embeddings(const Ask& ask)
{
    static constexpr std::string_view kVector = R"({"values":[1.0,-0.5,0.25]})";
    if (!ask.batch) return std::string(R"({"embedding":)").append(kVector) + "}";
    return R"({"embeddings":[)" + repeated(ask.inputs, kVector) + "]}";
}

const DialectWords kWords = {plain,  stream,      error,      streamError,
                             models, countTokens, embeddings, "server: scaffolding on HTTPServer2\r\n"};

} // namespace fake::gemini
