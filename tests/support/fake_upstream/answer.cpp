// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer.h"

namespace fake {

std::string Answer::text() const
{
    size_t size = 0;
    for (const auto& piece : textPieces)
        size += piece.size();
    std::string whole;
    whole.reserve(size);
    for (const auto& piece : textPieces)
        whole += piece;
    return whole;
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
