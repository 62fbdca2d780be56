// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/snippets.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace ui {
namespace {

QString shellQuoted(QString text)
{
    text.replace(QLatin1Char('\''), QLatin1String("'\\''"));
    return QLatin1Char('\'') + text + QLatin1Char('\'');
}

QString curlCommand(const QString& url, const QString& body, bool anthropic)
{
    const QString key = anthropic ? QStringLiteral("x-api-key: $TURNPIKE_KEY")
                                  : QStringLiteral("Authorization: Bearer $TURNPIKE_KEY");
    QString command = QStringLiteral("curl %1 \\\n  -H \"%2\" \\\n").arg(url, key);
    if (anthropic) command += QStringLiteral("  -H \"anthropic-version: 2023-06-01\" \\\n");
    return command + QStringLiteral("  -H \"Content-Type: application/json\" \\\n  -d ") + shellQuoted(body);
}

QString shortBody(const QString& model, bool anthropic)
{
    QJsonObject body;
    body.insert(QStringLiteral("model"), model);
    if (anthropic) body.insert(QStringLiteral("max_tokens"), 256);
    const QJsonObject message{{QStringLiteral("role"), QStringLiteral("user")},
                              {QStringLiteral("content"), QStringLiteral("Hello")}};
    body.insert(QStringLiteral("messages"), QJsonArray{message});
    return QString::fromUtf8(QJsonDocument(body).toJson(QJsonDocument::Compact));
}

} // namespace

QString snippetName(SnippetKind kind)
{
    switch (kind) {
    case SnippetKind::Python:
        return QStringLiteral("Python");
    case SnippetKind::ClaudeCode:
        return QStringLiteral("Claude Code");
    case SnippetKind::Curl:
        break;
    }
    return QStringLiteral("curl");
}

QString snippetText(SnippetKind kind, const QString& baseUrl)
{
    switch (kind) {
    case SnippetKind::Python:
        return QStringLiteral("import os\nfrom openai import OpenAI\n\n"
                              "client = OpenAI(base_url=\"%1/v1\",\n"
                              "                api_key=os.environ[\"TURNPIKE_KEY\"])\n"
                              "answer = client.chat.completions.create(\n"
                              "    model=\"sandbox/echo\",\n"
                              "    messages=[{\"role\": \"user\", \"content\": \"Hello\"}])\n"
                              "print(answer.choices[0].message.content)")
            .arg(baseUrl);
    case SnippetKind::ClaudeCode:
        return QStringLiteral("export ANTHROPIC_BASE_URL=%1\n"
                              "export ANTHROPIC_AUTH_TOKEN=$TURNPIKE_KEY\n"
                              "claude")
            .arg(baseUrl);
    case SnippetKind::Curl:
        break;
    }
    return curlCommand(baseUrl + QStringLiteral("/v1/chat/completions"),
                       shortBody(QStringLiteral("sandbox/echo"), false), false);
}

QString openAiBaseUrlLine(const QString& baseUrl)
{
    return QStringLiteral("OPENAI_BASE_URL=%1/v1").arg(baseUrl);
}

QString anthropicBaseUrlLine(const QString& baseUrl)
{
    return QStringLiteral("ANTHROPIC_BASE_URL=%1").arg(baseUrl);
}

QString keyExportLine(const QString& key)
{
    return QStringLiteral("export TURNPIKE_KEY='%1'").arg(key);
}

QString requestAsCurl(const gateway::LogRow& row, const QString& baseUrl)
{
    const bool anthropic = row.dialect.rfind("anthropic", 0) == 0;
    const QString path = anthropic ? QStringLiteral("/v1/messages") : QStringLiteral("/v1/chat/completions");
    const QString body = row.requestBody.empty()
                             ? shortBody(QString::fromStdString(row.requestedModel), anthropic)
                             : QString::fromStdString(row.requestBody);
    return curlCommand(baseUrl + path, body, anthropic);
}

} // namespace ui
