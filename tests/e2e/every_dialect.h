// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include "support/http_client.h"
#include "support/processes.h"

namespace e2e {

enum class Words { Undecided, Chat, Completions, Responses, Anthropic, Gemini, Ollama, OllamaPrompt, Cohere };
inline constexpr std::array kAllWords{Words::Chat,         Words::Completions, Words::Responses,
                                      Words::Anthropic,    Words::Gemini,      Words::Ollama,
                                      Words::OllamaPrompt, Words::Cohere};

/// A short question in a client's words.
struct Question {
    Words words = Words::Chat;
    QByteArray model;
    bool stream = false;
};

inline QByteArray pathOf(const Question& question)
{
    switch (question.words) {
    case Words::Completions:
        return "/v1/completions";
    case Words::Responses:
        return "/v1/responses";
    case Words::Anthropic:
        return "/v1/messages";
    case Words::Gemini:
        return "/v1beta/models/" + question.model.toPercentEncoding("/") +
               (question.stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
    case Words::Ollama:
        return "/api/chat";
    case Words::OllamaPrompt:
        return "/api/generate";
    case Words::Cohere:
        return "/v2/chat";
    default:
        return "/v1/chat/completions";
    }
}

inline QByteArray bodyOf(const Question& question)
{
    const QByteArray head =
        R"({"model":")" + question.model + R"(","stream":)" + (question.stream ? "true" : "false");
    switch (question.words) {
    case Words::Completions:
    case Words::OllamaPrompt:
        return head + R"(,"prompt":"hi"})";
    case Words::Responses:
        return head + R"(,"input":"hi"})";
    case Words::Gemini:
        return R"({"contents":[{"role":"user","parts":[{"text":"hi"}]}]})";
    case Words::Anthropic:
        return head + R"(,"max_tokens":100,"messages":[{"role":"user","content":"hi"}]})";
    default:
        return head + R"(,"messages":[{"role":"user","content":"hi"}]})";
    }
}

inline support::HttpReply ask(quint16 port, const Question& question)
{
    return support::http(port, "POST", pathOf(question),
                         {{"Authorization", QByteArray("Bearer ") + support::GatewayProcess::kKey},
                          {"Content-Type", "application/json"}},
                         bodyOf(question));
}

/// A provider of that kind whose every call plays `scenario` ("": the usual answer).
inline QJsonObject providerOf(const QString& kind, const QString& upstreamUrl, const QString& scenario = {})
{
    QString base = upstreamUrl;
    if (!scenario.isEmpty()) base += "/scenario/" + scenario;
    if (kind.startsWith("openai")) base += "/v1";
    const QJsonArray keys{QJsonObject{{"id", "main"}, {"secret", "env:TURNPIKE_TEST_PROVIDER_KEY"}}};
    return {{"kind", kind}, {"base_url", base}, {"keys", keys}};
}

} // namespace e2e
