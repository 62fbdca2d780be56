// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/condition_draft.h"

#include <algorithm>
#include <set>

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::ConditionDraft)
};

bool takesList(const QString& op)
{
    return op == QLatin1String("$in") || op == QLatin1String("$nin");
}

bool takesText(const QString& op)
{
    return op == QLatin1String("$regex") || op == QLatin1String("$glob");
}

QByteArray jsonOf(const QJsonValue& value)
{
    const QByteArray list = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return list.mid(1, list.size() - 2);
}

/// Nothing for what is no JSON, or a list or an object.
std::optional<QJsonValue> plainJson(const QString& text)
{
    const QJsonDocument read = QJsonDocument::fromJson("[" + text.toUtf8() + "]");
    if (!read.isArray() || read.array().size() != 1) return std::nullopt;
    const QJsonValue value = read.array().first();
    if (value.isArray() || value.isObject()) return std::nullopt;
    return value;
}

QJsonValue typedValue(const QString& text)
{
    return plainJson(text).value_or(QJsonValue(text));
}

QString shownValue(const QJsonValue& value)
{
    if (!value.isString()) return QString::fromUtf8(jsonOf(value));
    const QString text = value.toString();
    const bool looksOtherwise = text.trimmed() != text || text.isEmpty() || plainJson(text).has_value();
    return looksOtherwise ? QString::fromUtf8(jsonOf(value)) : text;
}

/// At commas outside of quotes.
QStringList elementsIn(const QString& text)
{
    QStringList elements{QString()};
    bool quoted = false, escaped = false;
    for (const QChar letter : text) {
        if (letter == QLatin1Char(',') && !quoted) {
            elements.append(QString());
            continue;
        }
        if (letter == QLatin1Char('"') && !escaped)
            quoted = quoted ? false : elements.last().trimmed().isEmpty();
        escaped = quoted && letter == QLatin1Char('\\') && !escaped;
        elements.last() += letter;
    }
    for (QString& element : elements) {
        element = element.trimmed();
    }
    elements.removeAll(QString());
    return elements;
}

QByteArray operandOf(const ConditionRow& row)
{
    if (takesText(row.op)) return jsonOf(row.value);
    if (!takesList(row.op)) return jsonOf(typedValue(row.value.trimmed()));
    QJsonArray list;
    for (const QString& element : elementsIn(row.value)) {
        list.append(typedValue(element));
    }
    return QJsonDocument(list).toJson(QJsonDocument::Compact);
}

/// Without its braces.
QByteArray memberOf(const ConditionRow& row)
{
    const QByteArray field = jsonOf(row.field) + ": ";
    if (row.op == QLatin1String("$eq")) return field + operandOf(row);
    return field + "{" + jsonOf(row.op) + ": " + operandOf(row) + "}";
}

std::optional<QString> listText(const QJsonValue& value)
{
    if (!value.isArray()) return std::nullopt;
    QStringList texts;
    const QJsonArray elements = value.toArray();
    for (const auto& element : elements) {
        if (element.isArray() || element.isObject()) return std::nullopt;
        const QString text = shownValue(element);
        const bool splits =
            element.isString() && (text.contains(QLatin1Char(',')) || text.startsWith(QLatin1Char('"')));
        texts.append(splits ? QString::fromUtf8(jsonOf(element)) : text);
    }
    return texts.join(QStringLiteral(", "));
}

std::optional<ConditionRow> rowOf(const QString& field, const QString& op, const QJsonValue& value)
{
    if (!conditionOperators().contains(op)) return std::nullopt;
    if (takesList(op)) {
        const auto text = listText(value);
        return text ? std::optional(ConditionRow{field, op, *text}) : std::nullopt;
    }
    if (value.isArray() || value.isObject()) return std::nullopt;
    if (takesText(op))
        return value.isString() ? std::optional(ConditionRow{field, op, value.toString()}) : std::nullopt;
    return ConditionRow{field, op, shownValue(value)};
}

/// The comparisons of an object without $and, $or or $not.
bool addRows(const QJsonObject& object, std::vector<ConditionRow>& rows)
{
    for (auto member = object.begin(); member != object.end(); ++member) {
        if (member.key().startsWith(QLatin1Char('$'))) return false;
        const QJsonObject operators = member.value().isObject()
                                          ? member.value().toObject()
                                          : QJsonObject{{QStringLiteral("$eq"), member.value()}};
        if (operators.isEmpty()) return false;
        for (auto op = operators.begin(); op != operators.end(); ++op) {
            const auto row = rowOf(member.key(), op.key(), op.value());
            if (!row) return false;
            rows.push_back(*row);
        }
    }
    return true;
}

std::optional<ConditionDraft> listed(const QJsonValue& list, bool any)
{
    ConditionDraft draft;
    draft.any = any;
    if (!list.isArray()) return std::nullopt;
    const QJsonArray elements = list.toArray();
    for (const auto& element : elements) {
        const std::size_t before = draft.rows.size();
        if (!element.isObject() || !addRows(element.toObject(), draft.rows)) return std::nullopt;
        if (any && draft.rows.size() != before + 1) return std::nullopt; // Several of one are an "all" in it.
    }
    if (draft.rows.empty()) return std::nullopt; // An error, not a condition that always holds.
    return draft;
}

} // namespace

std::string conditionJson(const ConditionDraft& draft)
{
    if (draft.rows.empty()) return {};
    std::set<QString> fields;
    for (const ConditionRow& row : draft.rows) {
        fields.insert(row.field);
    }
    const bool asMembers = draft.rows.size() == 1 || (!draft.any && fields.size() == draft.rows.size());
    QByteArray inside;
    for (const ConditionRow& row : draft.rows) {
        if (!inside.isEmpty()) inside += ", ";
        inside += asMembers ? memberOf(row) : "{" + memberOf(row) + "}";
    }
    if (asMembers) return "{" + inside.toStdString() + "}";
    return (draft.any ? "{\"$or\": [" : "{\"$and\": [") + inside.toStdString() + "]}";
}

std::optional<ConditionDraft> conditionOf(const std::string& json)
{
    if (json.empty()) return ConditionDraft{};
    const QJsonDocument read = QJsonDocument::fromJson(QByteArray::fromStdString(json));
    if (!read.isObject()) return std::nullopt;
    const QJsonObject object = read.object();
    if (object.size() == 1 && object.contains(QLatin1String("$or")))
        return listed(object.value(QLatin1String("$or")), true);
    if (object.size() == 1 && object.contains(QLatin1String("$and")))
        return listed(object.value(QLatin1String("$and")), false);
    ConditionDraft draft;
    if (!addRows(object, draft.rows)) return std::nullopt;
    return draft;
}

const QStringList& conditionFields()
{
    static const QStringList kFields{QStringLiteral("model"),
                                     QStringLiteral("input_tokens"),
                                     QStringLiteral("text.last_user"),
                                     QStringLiteral("text.system"),
                                     QStringLiteral("tools"),
                                     QStringLiteral("images"),
                                     QStringLiteral("stream"),
                                     QStringLiteral("key"),
                                     QStringLiteral("client"),
                                     QStringLiteral("dialect"),
                                     QStringLiteral("hour"),
                                     QStringLiteral("weekday"),
                                     QStringLiteral("machine.online"),
                                     QStringLiteral("machine.metered"),
                                     QStringLiteral("machine.battery"),
                                     QStringLiteral("machine.network"),
                                     QStringLiteral("params."),
                                     QStringLiteral("metadata."),
                                     QStringLiteral("headers.")};
    return kFields;
}

const QStringList& conditionOperators()
{
    static const QStringList kOperators{
        QStringLiteral("$eq"),       QStringLiteral("$ne"),   QStringLiteral("$gt"),
        QStringLiteral("$gte"),      QStringLiteral("$lt"),   QStringLiteral("$lte"),
        QStringLiteral("$contains"), QStringLiteral("$glob"), QStringLiteral("$regex"),
        QStringLiteral("$in"),       QStringLiteral("$nin")};
    return kOperators;
}

QString operatorText(const QString& op)
{
    const QStringList texts{Text::tr("is"),          Text::tr("is not"),    Text::tr("is above"),
                            Text::tr("is at least"), Text::tr("is below"),  Text::tr("is at most"),
                            Text::tr("contains"),    Text::tr("is like"),   Text::tr("matches"),
                            Text::tr("is one of"),   Text::tr("is none of")};
    return texts.value(conditionOperators().indexOf(op), op);
}

QString valueExample(const QString& field, const QString& op)
{
    if (op == QLatin1String("$regex")) return QStringLiteral("(?i)\\bsecret\\b");
    if (op == QLatin1String("$glob")) return QStringLiteral("*opus*");
    if (takesList(op)) return Text::tr("one, another");
    const QStringList numbers{QStringLiteral("input_tokens"), QStringLiteral("hour"),
                              QStringLiteral("weekday")};
    if (field == QLatin1String("weekday")) return Text::tr("1 (Monday) to 7");
    if (field == QLatin1String("hour")) return Text::tr("0 to 23");
    if (numbers.contains(field)) return QStringLiteral("4000");
    if (field == QLatin1String("machine.network")) return Text::tr("name of the network");
    if (field == QLatin1String("tools") || field == QLatin1String("images") ||
        field == QLatin1String("stream") || field.startsWith(QLatin1String("machine.")))
        return QStringLiteral("true");
    return Text::tr("value");
}

} // namespace ui
