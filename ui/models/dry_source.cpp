// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/dry_source.h"

#include <algorithm>

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

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

/// A text of words of about so many tokens.
QString longText(qsizetype tokens)
{
    return QStringLiteral("word ").repeated(std::max<qsizetype>(1, tokens * kBytesOfToken / 5));
}

QString quoted(const QString& text)
{
    const QByteArray list = QJsonDocument(QJsonArray{text}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(list.mid(1, list.size() - 2));
}

/// A body as a person would write it. `content` and `more` are JSON; `more` has further members.
QString chat(const QString& model, const QString& content, const QString& more = {})
{
    const QString text = QStringLiteral("{\n  \"model\": %1,\n  \"messages\": [\n"
                                        "    { \"role\": \"user\", \"content\": %2 }\n  ]%3\n}");
    return text.arg(quoted(model), content, more.isEmpty() ? QString() : QStringLiteral(",\n  ") + more);
}

QString tool()
{
    return QStringLiteral(
        "\"tools\": [\n    { \"type\": \"function\", \"function\": { \"name\": \"weather\",\n"
        "      \"parameters\": { \"type\": \"object\",\n"
        "        \"properties\": { \"city\": { \"type\": \"string\" } } } } }\n  ]");
}

QString schema()
{
    return QStringLiteral("\"response_format\": { \"type\": \"json_schema\", \"json_schema\": {\n"
                          "    \"name\": \"answer\", \"strict\": true, \"schema\": { \"type\": \"object\",\n"
                          "      \"properties\": { \"colour\": { \"type\": \"string\" } },\n"
                          "      \"required\": [\"colour\"], \"additionalProperties\": false } } }");
}

/// The question and one transparent pixel.
QString picture(const QString& question)
{
    return QStringLiteral(
               "[\n      { \"type\": \"text\", \"text\": %1 },\n"
               "      { \"type\": \"image_url\", \"image_url\": { \"url\": \"data:image/png;base64,"
               "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJg"
               "gg==\" } } ]")
        .arg(quoted(question));
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
    const QString weather = Text::tr("What is the weather in Oslo?");
    const QString seen = Text::tr("What is on this picture?");
    return {{Text::tr("Short chat"), chat(model, quoted(question))},
            {Text::tr("Long context"), chat(model, quoted(longText(kLongTokens).trimmed()))},
            {Text::tr("With tools"), chat(model, quoted(weather), tool())},
            {Text::tr("With a picture"), chat(model, picture(seen))},
            {Text::tr("JSON schema"), chat(model, quoted(question), schema())}};
}

DryBody bodyOf(const gateway::LogRow& row)
{
    // What is kept of a long body is cut, and no JSON any more.
    if (!row.requestBody.empty() && isObject(row.requestBody)) return {row.requestBody, false};
    const auto tokens = static_cast<qsizetype>(std::clamp<std::int64_t>(row.inputTokens, 0, kMost));
    const QString stream = row.stream ? QStringLiteral("\"stream\": true") : QString();
    return {chat(QString::fromStdString(row.requestedModel), quoted(longText(tokens)), stream).toStdString(),
            true};
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
