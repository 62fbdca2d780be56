// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer.h"

namespace fake {

static std::string joined(const std::vector<std::string>& pieces)
{
    size_t size = 0;
    for (const auto& piece : pieces)
        size += piece.size();
    std::string whole;
    whole.reserve(size);
    for (const auto& piece : pieces)
        whole += piece;
    return whole;
}

std::string Answer::text() const
{
    return joined(textPieces);
}

std::string ToolCall::arguments() const
{
    return joined(argumentPieces);
}

std::string repeated(uint64_t times, std::string_view each)
{
    std::string out;
    for (uint64_t i = 0; i < times; ++i)
        out.append(i == 0 ? "" : ",").append(each);
    return out;
}

const DialectWords& wordsOf(const Ask& ask)
{
    switch (ask.dialect) {
    case Dialect::Completions:
        return openai::kCompletionsWords;
    case Dialect::Responses:
        return responses::kWords;
    case Dialect::Anthropic:
        return anthropic::kWords;
    case Dialect::Gemini:
        return gemini::kWords;
    case Dialect::Ollama:
        return ollama::kWords;
    case Dialect::OllamaPrompt:
        return ollama::kPromptWords;
    case Dialect::Cohere:
        return cohere::kWords;
    default:
        return openai::kWords;
    }
}

std::vector<ToolCall> toolCalls(const Ask& ask, size_t count)
{
    static const char* const kCities[] = {"Paris", "Rome"};
    std::vector<ToolCall> calls;
    for (size_t i = 0; i < count && i < 2; ++i) {
        const std::string& name = i < ask.tools.size() ? ask.tools[i] : ask.tools.front();
        calls.push_back({"fake_" + std::to_string(i + 1), name, {"{\"", "city", "\":\"", kCities[i], "\"}"}});
    }
    return calls;
}

Answer usualAnswer(const Ask& ask)
{
    Answer answer;
    if (!ask.tools.empty() && !ask.afterToolResult) {
        answer.calls = toolCalls(ask, 1);
        answer.finish = Finish::ToolCalls;
        return answer;
    }
    if (ask.afterToolResult)
        answer.textPieces = {"The", " tool", " said", " it", " is", " sunny."};
    else
        answer.textPieces = {"Hello", " from", " the", " fake", " upstream."};
    return answer;
}

} // namespace fake
