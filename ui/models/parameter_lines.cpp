// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/parameter_lines.h"

#include <algorithm>

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::ParameterLines)
};

bool isJson(const QString& text)
{
    QJsonParseError error;
    const QJsonArray all = QJsonDocument::fromJson('[' + text.toUtf8() + ']', &error).array();
    return error.error == QJsonParseError::NoError && all.size() == 1;
}

/// Whether it begins as JSON that is more than a word or a number does.
bool isMeantAsJson(const QString& text)
{
    return text.startsWith(QLatin1Char('{')) || text.startsWith(QLatin1Char('[')) ||
           text.startsWith(QLatin1Char('"'));
}

QString asJson(const QJsonValue& value)
{
    const QByteArray bytes = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(bytes.mid(1, bytes.size() - 2));
}

/// What is typed for this value.
QString typedAs(const QString& json)
{
    const QString text =
        QJsonDocument::fromJson('[' + json.toUtf8() + ']').array().first().toString(QString());
    const bool plain = !text.isEmpty() && !isJson(text) && !isMeantAsJson(text) && text.trimmed() == text;
    return plain ? text : json;
}

QString jsonOf(const QString& value)
{
    if (value.isEmpty() || isJson(value) || isMeantAsJson(value)) return value;
    return asJson(value);
}

void read(ParameterLines& lines, const std::string& json, bool pinned)
{
    const QByteArray bytes = QByteArray::fromStdString(json);
    const QJsonDocument document = QJsonDocument::fromJson(bytes);
    if (document.isObject()) {
        const QJsonObject object = document.object();
        for (auto each = object.begin(); each != object.end(); ++each) {
            lines.push_back({each.key(), typedAs(asJson(each.value())), pinned});
        }
        return;
    }
    // One of parametersJson(), half typed.
    static const QRegularExpression kMember(QStringLiteral(R"(^("(?:[^"\\]|\\.)*"): (.*?),?$)"));
    for (const QString& line : QString::fromUtf8(bytes).split(QLatin1Char('\n'))) {
        const QRegularExpressionMatch match = kMember.match(line);
        if (!match.hasMatch()) continue;
        const QString name =
            QJsonDocument::fromJson('[' + match.captured(1).toUtf8() + ']').array().first().toString();
        const QString value = match.captured(2);
        lines.push_back({name, isJson(value) ? typedAs(value) : value, pinned});
    }
}

} // namespace

const QStringList& knownParameters()
{
    static const QStringList kNames{QStringLiteral("temperature"),
                                    QStringLiteral("top_p"),
                                    QStringLiteral("max_tokens"),
                                    QStringLiteral("reasoning_effort"),
                                    QStringLiteral("stop"),
                                    QStringLiteral("seed"),
                                    QStringLiteral("response_format"),
                                    QStringLiteral("tool_choice"),
                                    QStringLiteral("presence_penalty"),
                                    QStringLiteral("frequency_penalty"),
                                    QStringLiteral("top_k"),
                                    QStringLiteral("parallel_tool_calls"),
                                    QStringLiteral("service_tier"),
                                    QStringLiteral("user")};
    return kNames;
}

ParameterLines parameterLines(const std::string& pinnedJson, const std::string& defaultsJson)
{
    ParameterLines lines;
    read(lines, pinnedJson, true);
    read(lines, defaultsJson, false);
    return lines;
}

std::string parametersJson(const ParameterLines& lines, bool pinned)
{
    QStringList members;
    bool good = true;
    for (const ParameterLine& line : lines) {
        if (line.isPinned != pinned || line.name.isEmpty()) continue;
        const QString value = jsonOf(line.value);
        good = good && isJson(value);
        members.append(asJson(line.name) + QStringLiteral(": ") + value);
    }
    if (members.isEmpty()) return {};
    const QString all = good ? QStringLiteral("{%1}") : QStringLiteral("{\n%1\n}");
    return all.arg(members.join(good ? QStringLiteral(", ") : QStringLiteral(",\n"))).toStdString();
}

QString parameterProblem(const ParameterLines& lines, std::size_t place)
{
    const ParameterLine& line = lines[place];
    if (line.name.isEmpty())
        return line.value.isEmpty() ? QString() : Text::tr("Needs a name; without one it is not kept.");
    if (line.value.isEmpty()) return Text::tr("Needs a value.");
    if (!isJson(jsonOf(line.value))) return Text::tr("This is not JSON yet.");
    const auto same = std::count_if(lines.begin(), lines.end(), [&line](const ParameterLine& each) {
        return each.name == line.name && each.isPinned == line.isPinned;
    });
    return same > 1 ? Text::tr("There is another one of this name.") : QString();
}

} // namespace ui
