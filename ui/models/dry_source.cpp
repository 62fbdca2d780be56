// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/dry_source.h"

#include <algorithm>

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "models/format.h"

namespace ui {
namespace {

constexpr int kLongTokens = 40'000;
constexpr qsizetype kBytesOfToken = 4;    // as the engine reckons
constexpr std::int64_t kMost = 2'000'000; // tokens of a stand-in: more fit into no model
constexpr int kMaxDepth = 16;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::DrySource)
};

QJsonObject says(const QString& role, const QJsonValue& content)
{
    return {{QStringLiteral("role"), role}, {QStringLiteral("content"), content}};
}

QJsonObject chat(const QString& model, const QJsonValue& content)
{
    return {{QStringLiteral("model"), model},
            {QStringLiteral("messages"), QJsonArray{says(QStringLiteral("user"), content)}}};
}

/// A text of words of about so many tokens.
QString longText(qsizetype tokens)
{
    return QStringLiteral("word ").repeated(std::max<qsizetype>(1, tokens * kBytesOfToken / 5));
}

// QJsonObject sorts its members; the model stands first all the same, as a person would write it.
QString written(QJsonObject body)
{
    const QString model = QString::fromUtf8(
        QJsonDocument(QJsonArray{body.take(QStringLiteral("model"))}).toJson(QJsonDocument::Compact));
    QString text = QString::fromUtf8(QJsonDocument(body).toJson(QJsonDocument::Indented)).trimmed();
    text.replace(0, 1, QStringLiteral("{\n    \"model\": %1,").arg(model.mid(1, model.size() - 2)));
    return text;
}

QJsonObject withTool(QJsonObject body)
{
    const QJsonObject schema{{"type", "object"},
                             {"properties", QJsonObject{{"city", QJsonObject{{"type", "string"}}}}}};
    const QJsonObject function{{"name", "weather"}, {"parameters", schema}};
    body[QStringLiteral("tools")] = QJsonArray{QJsonObject{{"type", "function"}, {"function", function}}};
    return body;
}

QJsonObject withSchema(QJsonObject body)
{
    const QJsonObject schema{{"type", "object"},
                             {"properties", QJsonObject{{"colour", QJsonObject{{"type", "string"}}}}},
                             {"required", QJsonArray{"colour"}},
                             {"additionalProperties", false}};
    body[QStringLiteral("response_format")] =
        QJsonObject{{"type", "json_schema"},
                    {"json_schema", QJsonObject{{"name", "answer"}, {"strict", true}, {"schema", schema}}}};
    return body;
}

QJsonArray withPicture(const QString& question)
{
    // One transparent pixel.
    const QString pixel = QStringLiteral(
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9Q"
        "DwADhgGAWjR9awAAAABJRU5ErkJggg==");
    return {QJsonObject{{"type", "text"}, {"text", question}},
            QJsonObject{{"type", "image_url"}, {"image_url", QJsonObject{{"url", pixel}}}}};
}

bool isObject(const std::string& body)
{
    return QJsonDocument::fromJson(QByteArray::fromRawData(body.data(), static_cast<qsizetype>(body.size())))
        .isObject();
}

void addReachable(const gateway::Config& config, const gateway::RouteConfig& route, int depth,
                  QStringList& into)
{
    for (const gateway::TargetConfig& target : route.targets) {
        const gateway::RouteConfig* inner = config.findRoute(target.route.text);
        if (inner != nullptr && depth < kMaxDepth) addReachable(config, *inner, depth + 1, into);
        if (!target.route.empty() || target.provider.empty() || target.model.empty()) continue;
        const QString name = QString::fromStdString(target.provider.text + '/' + target.model);
        if (!into.contains(name)) into.append(name);
    }
}

} // namespace

std::vector<DrySample> drySamples(const QString& model)
{
    const QString question = Text::tr("Why is the sky blue?");
    return {
        {Text::tr("Short chat"), written(chat(model, question))},
        {Text::tr("Long context"), written(chat(model, longText(kLongTokens).trimmed()))},
        {Text::tr("With tools"), written(withTool(chat(model, Text::tr("What is the weather in Oslo?"))))},
        {Text::tr("With a picture"), written(chat(model, withPicture(Text::tr("What is on this picture?"))))},
        {Text::tr("JSON schema"), written(withSchema(chat(model, question)))}};
}

DryBody bodyOf(const gateway::LogRow& row)
{
    // What is kept of a long body is cut, and no JSON any more.
    if (!row.requestBody.empty() && isObject(row.requestBody)) return {row.requestBody, false};
    const auto tokens = static_cast<qsizetype>(std::clamp<std::int64_t>(row.inputTokens, 0, kMost));
    QJsonObject body = chat(QString::fromStdString(row.requestedModel), longText(tokens));
    if (row.stream) body[QStringLiteral("stream")] = true;
    return {QJsonDocument(body).toJson(QJsonDocument::Compact).toStdString(), true};
}

QString loggedText(const gateway::LogRow& row, const QDateTime& now)
{
    return Text::tr("%1 · %2 · %Ln token(s)", nullptr, static_cast<int>(std::min(row.inputTokens, kMost)))
        .arg(formatInstant(row.id.microseconds(), now), QString::fromStdString(row.requestedModel));
}

QStringList reachableTargets(const gateway::Config& config, const gateway::RouteId& route)
{
    QStringList names;
    if (const gateway::RouteConfig* found = config.findRoute(route.text))
        addReachable(config, *found, 0, names);
    return names;
}

std::string freeTestName(const gateway::RouteConfig& route, const std::string& wanted)
{
    std::string name = wanted;
    const auto isTaken = [&] {
        return std::any_of(route.tests.begin(), route.tests.end(),
                           [&name](const gateway::RouteTest& test) { return test.name == name; });
    };
    for (int number = 2; isTaken(); ++number) {
        name = wanted + ' ' + std::to_string(number);
    }
    return name;
}

} // namespace ui
