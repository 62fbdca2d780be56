// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer.h"
#include "text.h"

namespace fake::ollama {

static std::string lineHead(const Ask& ask)
{
    return R"({"model":)" + jsonString(ask.model) + R"(,"created_at":"2025-01-01T00:00:00.123456Z",)";
}

/// What ends the last line: why, and what it took in nanoseconds.
static std::string lineEnd(const Answer& answer)
{
    std::string end = R"(,"done":true,"done_reason":")";
    end += answer.finish == Finish::Length ? "length" : "stop";
    const std::string counts = answer.usageJson.empty()
                                   ? R"("prompt_eval_count":)" + std::to_string(kPromptTokens) +
                                         R"(,"eval_count":)" + std::to_string(answer.outputTokens)
                                   : answer.usageJson;
    end += R"(","total_duration":9000000,"load_duration":1000000,)" + counts +
           R"(,"prompt_eval_duration":2000000,"eval_duration":6000000)";
    if (answer.unknownFields) end += R"(,"x_unknown":"kept")";
    return end + "}";
}

static std::string message(std::string_view text, const std::string& more)
{
    return R"("message":{"role":"assistant","content":)" + jsonString(text) + more + "}";
}

static std::string thinkingMember(const Answer& answer)
{
    return answer.thinking.empty() ? std::string() : R"(,"thinking":)" + jsonString(answer.thinking);
}

static std::string calls(const Answer& answer)
{
    if (answer.calls.empty()) return {};
    std::string list;
    for (size_t i = 0; i < answer.calls.size(); ++i) {
        const ToolCall& call = answer.calls[i];
        if (i > 0) list += ',';
        list += R"({"function":{"index":)" + std::to_string(i) + R"(,"name":)" + jsonString(call.name) +
                R"(,"arguments":)" + call.arguments() + "}}";
    }
    return R"(,"tool_calls":[)" + list + "]";
}

static std::string plain(const Ask& ask, const Answer& answer)
{
    return lineHead(ask) + message(answer.text(), thinkingMember(answer) + calls(answer)) + lineEnd(answer);
}

static std::vector<StreamEvent> stream(const Ask& ask, const Answer& answer)
{
    std::vector<StreamEvent> lines;
    lines.reserve(answer.textPieces.size() + 3);
    auto add = [&](std::string_view text, const std::string& more) {
        std::string line = lineHead(ask) + message(text, more) + R"(,"done":false})";
        lines.push_back({EventRole::Content, {}, std::move(line)});
    };
    if (!answer.thinking.empty()) add("", thinkingMember(answer));
    for (const auto& piece : answer.textPieces)
        add(piece, {});
    if (!answer.calls.empty()) add("", calls(answer));
    lines.push_back({EventRole::Finish, {}, lineHead(ask) + message("", {}) + lineEnd(answer)});
    return lines;
}

static std::string plainPrompt(const Ask& ask, const Answer& answer)
{
    return lineHead(ask) + R"("response":)" + jsonString(answer.text()) + thinkingMember(answer) +
           lineEnd(answer);
}

static std::vector<StreamEvent> streamPrompt(const Ask& ask, const Answer& answer)
{
    std::vector<StreamEvent> lines;
    lines.reserve(answer.textPieces.size() + 1);
    for (const auto& piece : answer.textPieces) {
        std::string line = lineHead(ask) + R"("response":)" + jsonString(piece) + R"(,"done":false})";
        lines.push_back({EventRole::Content, {}, std::move(line)});
    }
    lines.push_back({EventRole::Finish, {}, lineHead(ask) + R"("response":"")" + lineEnd(answer)});
    return lines;
}

static std::string error(unsigned, std::string_view message)
{
    return R"({"error":)" + jsonString(message) + "}";
}

static StreamEvent streamError()
{
    return {EventRole::Error, {}, error(500, "The fake upstream failed inside the stream.")};
}

static std::string models()
{
    static constexpr std::string_view kRest =
        R"("modified_at":"2025-01-01T00:00:00Z","size":1000,)"
        R"("digest":"0000000000000000000000000000000000000000000000000000000000000000",)"
        R"("details":{"format":"gguf","family":"fake","parameter_size":"1B","quantization_level":"Q4_0"}})";
    return std::string(R"({"models":[{"name":"mock","model":"mock",)")
        .append(kRest)
        .append(R"(,{"name":"mock-large","model":"mock-large",)")
        .append(kRest)
        .append("]}");
}

static std::string embeddings(const Ask& ask)
{
    return R"({"model":)" + jsonString(ask.model) + R"(,"embeddings":[)" +
           repeated(ask.inputs, "[1.0,-0.5,0.25]") + R"(],"total_duration":1000000,"prompt_eval_count":)" +
           std::to_string(kPromptTokens) + "}";
}

const DialectWords kWords = {plain, stream, error, streamError, models, nullptr, embeddings, {}, true};
const DialectWords kPromptWords = {plainPrompt, streamPrompt, error, streamError, models,
                                   nullptr,     nullptr,      {},    true};

} // namespace fake::ollama
