// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/logged_texts.h"

#include <string_view>

#include <nlohmann/json.hpp>

#include "gateway/guardrail_replay.h"

#include "base/json_scan.h"
#include "base/json_text.h"
#include "dialect/text_places.h"
#include "pipeline/personal_text.h"

namespace gateway::engine {

namespace {

using dialect::TextPlace;
using dialect::TextSort;
using guardrail::Stage;

constexpr int kMostDepth = 64;

Stage stageOfLogged(TextSort sort, bool isAnswer)
{
    if (sort == TextSort::ToolResult) return Stage::ToolResult;
    if (!isAnswer) return Stage::Request;
    return sort == TextSort::ToolCall ? Stage::ToolCall : Stage::Response;
}

void addStrings(const nlohmann::json& value, LoggedText text, int depth, std::vector<LoggedText>& into)
{
    if (value.is_string()) {
        text.text = value.get<std::string>();
        into.push_back(std::move(text));
        return;
    }
    if (!value.is_structured() || depth >= kMostDepth) return;
    for (const auto& each : value)
        addStrings(each, text, depth + 1, into);
}

void addText(const TextPlace& place, bool isAnswer, std::vector<LoggedText>& into)
{
    LoggedText text{stageOfLogged(place.sort, isAnswer), place.message, {}};
    text.text =
        place.isObject ? std::string(place.quoted) : decodeJsonString(place.quoted).value_or(std::string());
    if (pipeline::isEncodedFile(text.text)) return;
    if (place.isObject || place.isJson) {
        const auto json = nlohmann::json::parse(text.text, nullptr, false);
        if (!json.is_discarded()) {
            addStrings(json, std::move(text), 0, into);
            return;
        }
    }
    into.push_back(std::move(text));
}

std::optional<std::vector<LoggedText>> textsIn(DialectId dialect, std::string_view body, bool isAnswer)
{
    JsonDocument document;
    // What is kept of a long body is cut, and no JSON any more.
    if (body.empty() || dialect == DialectId::Undecided || scanJson(body, document)) return std::nullopt;
    std::vector<LoggedText> texts;
    for (const TextPlace& place :
         isAnswer ? dialect::answerTexts(dialect, body) : dialect::requestTexts(dialect, body))
        addText(place, isAnswer, texts);
    return texts;
}

/// The texts of the last message.
std::string lastOf(const std::optional<std::vector<LoggedText>>& texts)
{
    std::string last;
    if (!texts || texts->empty()) return last;
    for (const LoggedText& each : *texts) {
        if (each.message != texts->back().message) continue;
        if (!last.empty()) last += '\n';
        last += each.text;
    }
    return last;
}

} // namespace

DialectId dialectOfRow(const LogRow& row)
{
    static constexpr DialectId kAll[] = {
#define DIALECT(id, name, factory) DialectId::id,
#include "exchange/dialects.def"
#undef DIALECT
    };
    // One name is that of two: a chat, and a prompt alone.
    if (row.dialect == dialectName(DialectId::OllamaPrompt)) {
        JsonDocument document;
        const bool isChat = scanJson(row.requestBody, document) || !document.find("prompt");
        return isChat ? DialectId::Ollama : DialectId::OllamaPrompt;
    }
    for (const DialectId id : kAll) {
        if (row.dialect == dialectName(id)) return id;
    }
    return DialectId::Undecided;
}

std::optional<std::vector<LoggedText>> loggedRequestTexts(const LogRow& row)
{
    return textsIn(dialectOfRow(row), row.requestBody, false);
}

std::optional<std::vector<LoggedText>> loggedAnswerTexts(const LogRow& row)
{
    return textsIn(dialectOfRow(row), row.responseBody, true);
}

} // namespace gateway::engine

namespace gateway {

std::string loggedRequestText(const LogRow& row)
{
    return engine::lastOf(engine::loggedRequestTexts(row));
}

std::string loggedAnswerText(const LogRow& row)
{
    return engine::lastOf(engine::loggedAnswerTexts(row));
}

} // namespace gateway
