// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider/sandbox.h"

#include <algorithm>

#include "provider/kind.h"

namespace gateway::provider {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view kMark = "[simulated] ";
constexpr auto kWordPace = 200ms;
constexpr std::size_t kEchoPiece = 24;

class Sandbox : public Kind {
public:
    [[nodiscard]] std::string_view id() const override { return "sandbox"; }
    // It speaks no wire shape; its answers are canonical events, encoded for whoever asks.
    [[nodiscard]] DialectId dialect(std::string_view) const override { return DialectId::Undecided; }
    [[nodiscard]] std::string_view defaultBaseUrl() const override { return {}; }
    [[nodiscard]] bool inProcess() const override { return true; }
    [[nodiscard]] bool needsKey() const override { return false; }
    [[nodiscard]] bool supports(Operation operation) const override { return operation == Operation::Chat; }
    [[nodiscard]] std::string path(const CallShape&) const override { return {}; }
    [[nodiscard]] std::string modelsPath(std::string_view) const override { return {}; }
    [[nodiscard]] std::string authLines(const Secret&, const CallBytes&) const override { return {}; }
    void addFields(Fields&, const void*, ClientField) const override {}
};

std::string lastUserText(const Request& request)
{
    for (auto message = request.messages.rbegin(); message != request.messages.rend(); ++message) {
        if (message->role != Role::User) continue;
        std::string text;
        for (const Part& part : message->parts) {
            if (const auto* piece = std::get_if<TextPart>(&part))
                text += (text.empty() ? "" : " ") + piece->text;
        }
        if (!text.empty()) return text;
    }
    return {};
}

bool endsWithToolResult(const Request& request)
{
    return !request.messages.empty() &&
           std::any_of(request.messages.back().parts.begin(), request.messages.back().parts.end(),
                       [](const Part& part) { return std::holds_alternative<ToolResultPart>(part); });
}

/// Four bytes a token: near enough for answers that cost nothing.
std::int64_t tokensOf(std::size_t bytes)
{
    return static_cast<std::int64_t>((bytes + 3) / 4);
}

std::int64_t promptTokens(const Request& request)
{
    std::size_t bytes = 0;
    for (const Message& message : request.messages) {
        for (const Part& part : message.parts) {
            if (const auto* text = std::get_if<TextPart>(&part)) bytes += text->text.size();
        }
    }
    return std::max<std::int64_t>(1, tokensOf(bytes));
}

/// Cuts at `size` bytes, but never inside a UTF-8 character.
std::string_view takePiece(std::string_view& text, std::size_t size)
{
    std::size_t end = std::min(size, text.size());
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        ++end;
    const std::string_view piece = text.substr(0, end);
    text.remove_prefix(end);
    return piece;
}

std::string_view takeWord(std::string_view& text)
{
    const auto space = text.find(' ');
    const std::string_view word = text.substr(0, space == std::string_view::npos ? text.size() : space + 1);
    text.remove_prefix(word.size());
    return word;
}

class Script {
public:
    Script(const Request& request, std::string_view model) : m_prompt(promptTokens(request))
    {
        m_steps.push_back({0ms, Started{"sandbox", "sandbox/" + std::string(model)}});
    }

    void text(std::string_view whole, std::chrono::milliseconds pace)
    {
        m_steps.push_back({0ms, BlockStarted{m_index, BlockKind::Text, {}, {}}});
        m_output += tokensOf(whole.size());
        while (!whole.empty()) {
            const std::string_view piece = pace > 0ms ? takeWord(whole) : takePiece(whole, kEchoPiece);
            m_steps.push_back({pace, TextDelta{std::string(piece)}});
        }
        m_steps.push_back({0ms, BlockEnded{m_index++}});
    }

    void toolCall(const std::string& name)
    {
        m_steps.push_back({0ms, BlockStarted{m_index, BlockKind::ToolCall, "call_sandbox_1", name}});
        m_steps.push_back({0ms, ArgumentsDelta{"{}"}});
        m_steps.push_back({0ms, BlockEnded{m_index++}});
        m_output += 8;
    }

    std::vector<SandboxStep> finish(Finish why)
    {
        Usage usage;
        usage.inputTokens = m_prompt;
        usage.outputTokens = m_output;
        usage.reportedCost = Money();
        usage.known = true;
        m_steps.push_back({0ms, UsageReported{usage}});
        m_steps.push_back({0ms, Finished{why, {}}});
        m_steps.push_back({0ms, Ended{}});
        return std::move(m_steps);
    }

private:
    std::vector<SandboxStep> m_steps;
    std::int64_t m_prompt = 0, m_output = 0;
    int m_index = 0;
};

} // namespace

const Kind& sandbox()
{
    static const Sandbox kind;
    return kind;
}

const std::vector<std::string_view>& sandboxModels()
{
    static const std::vector<std::string_view> models{"echo", "slow", "flaky", "tools"};
    return models;
}

Result<std::vector<SandboxStep>> sandboxAnswer(const Request& request, std::string_view model,
                                               std::uint64_t call)
{
    Script script(request, model);
    const std::string answer = std::string(kMark) + lastUserText(request);
    if (model == "echo") {
        script.text(answer, 0ms);
        return script.finish(Finish::Stop);
    }
    if (model == "slow") {
        script.text(answer, kWordPace);
        return script.finish(Finish::Stop);
    }
    if (model == "flaky") {
        if (call % 2 == 1) {
            Error error = upstreamError(Code::UpstreamOverloaded, Retry::SameTarget,
                                        "[simulated] sandbox/flaky fails every second call. Call it again.");
            error.status = 503;
            return error;
        }
        script.text(answer, 0ms);
        return script.finish(Finish::Stop);
    }
    if (model == "tools") {
        if (!request.tools.empty() && !endsWithToolResult(request)) {
            script.text(std::string(kMark) + "calling " + request.tools.front().name, 0ms);
            script.toolCall(request.tools.front().name);
            return script.finish(Finish::ToolCalls);
        }
        script.text(endsWithToolResult(request) ? std::string(kMark) + "the tool has answered" : answer, 0ms);
        return script.finish(Finish::Stop);
    }
    return clientError(Code::ModelNotFound,
                       "The sandbox has no model `" + std::string(model) +
                           "`. It has sandbox/echo, sandbox/slow, sandbox/flaky and sandbox/tools.",
                       "model");
}

} // namespace gateway::provider
