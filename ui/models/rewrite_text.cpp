// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/rewrite_text.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

namespace ui {
namespace {

constexpr qsizetype kMostText = 2000; // The configuration has all of it.

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::RewriteText)
};

QString textOf(const QJsonObject& change, const char* key)
{
    return change.value(QLatin1String(key)).toString();
}

QString shortened(QString text)
{
    if (text.size() > kMostText) text = text.left(kMostText) + QStringLiteral("…");
    return text;
}

/// A value as JSON has it, in one line.
QString valueOf(const QJsonObject& change, const char* key)
{
    const QByteArray bytes =
        QJsonDocument(QJsonArray{change.value(QLatin1String(key))}).toJson(QJsonDocument::Compact);
    return shortened(QString::fromUtf8(bytes.mid(1, bytes.size() - 2)));
}

QString addedText(const QJsonObject& change)
{
    const bool isUser = textOf(change, "role") == QLatin1String("user");
    const bool isBefore = textOf(change, "where") == QLatin1String("before");
    const QString head =
        isUser ? (isBefore ? Text::tr("+ user text before (%1): %2") : Text::tr("+ user text after (%1): %2"))
               : (isBefore ? Text::tr("+ system text before (%1): %2")
                           : Text::tr("+ system text after (%1): %2"));
    QString text = shortened(textOf(change, "text"));
    text.replace(QLatin1Char('\n'), QLatin1String("\n    "));
    return head.arg(textOf(change, "by"), text);
}

QString setParameter(const QJsonObject& change)
{
    const QString name = textOf(change, "name"), by = textOf(change, "by");
    const QString now = valueOf(change, "now");
    if (!change.contains(QLatin1String("before")))
        return Text::tr("+ %1: %2 (%3)", "parameter, value, who set it").arg(name, now, by);
    return Text::tr("%1: %2 → %3 (%4)", "parameter, value before, value now, who set it")
        .arg(name, valueOf(change, "before"), now, by);
}

QString lineOf(const QJsonObject& change)
{
    const QString sort = textOf(change, "change");
    if (sort == QLatin1String("text")) return addedText(change);
    if (sort == QLatin1String("parameter")) return setParameter(change);
    if (sort == QLatin1String("unsaid"))
        return Text::tr("%1: left out, the client's dialect has no words for it (%2)")
            .arg(textOf(change, "name"), textOf(change, "by"));
    return {};
}

} // namespace

QString rewriteText(const std::string& json)
{
    QStringList lines;
    const QJsonArray all = QJsonDocument::fromJson(QByteArray::fromStdString(json)).array();
    for (const auto& change : all) {
        lines.append(lineOf(change.toObject()));
    }
    lines.removeAll(QString());
    return lines.join(QLatin1Char('\n'));
}

} // namespace ui
