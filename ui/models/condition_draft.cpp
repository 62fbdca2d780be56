// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/condition_draft.h"

#include <utility>

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

using Kind = ConditionDraft::Kind;

bool isAny(const ConditionDraft& draft)
{
    return draft.kind == Kind::Any;
}

/// Reads a condition as the engine does (base/condition.h); the first thing that cannot be shown ends it.
class Reader {
public:
    [[nodiscard]] const QString& why() const { return m_why; }

    ConditionDraft condition(const QJsonValue& value, int depth)
    {
        if (!value.isObject()) return fail(Text::tr("A condition has to be an object in braces."));
        const QJsonObject object = value.toObject();
        if (object.size() == 1 && object.begin().key().startsWith(QLatin1Char('$')))
            return joined(object.begin().key(), object.begin().value(), depth);
        ConditionDraft all;
        for (auto member = object.begin(); member != object.end() && m_why.isEmpty(); ++member) {
            if (member.key().startsWith(QLatin1Char('$')))
                all.parts.push_back(joined(member.key(), member.value(), depth + 1));
            else
                comparisons(member.key(), member.value(), depth + 1, all);
        }
        if (all.parts.empty() && depth > 0)
            return fail(Text::tr("It has an empty condition, which always holds, in it."));
        if (all.parts.size() == 1) return ConditionDraft(all.parts.front());
        return depth > kDeepestGroup ? tooDeep() : all;
    }

private:
    ConditionDraft tooDeep()
    {
        return fail(Text::tr("It is nested deeper than %1 groups.").arg(kDeepestGroup));
    }

    ConditionDraft fail(const QString& why)
    {
        if (m_why.isEmpty()) m_why = why;
        return {};
    }

    ConditionDraft joined(const QString& key, const QJsonValue& value, int depth)
    {
        if (depth > kDeepestGroup) return tooDeep();
        if (key == QLatin1String("$not")) {
            const QJsonObject inner = value.toObject();
            const QJsonValue list = inner.value(QLatin1String("$or"));
            // Neither of several: the two are one group.
            return negated(inner.size() == 1 && !list.isUndefined()
                               ? joined(QStringLiteral("$or"), list, depth)
                               : condition(value, depth + 1));
        }
        const bool any = key == QLatin1String("$or");
        if (!any && key != QLatin1String("$and"))
            return fail(Text::tr("%1 does not join conditions; $and, $or and $not do.").arg(key));
        ConditionDraft group{any ? Kind::Any : Kind::All};
        const QJsonArray elements = value.toArray();
        if (elements.isEmpty()) return fail(Text::tr("%1 needs a list of conditions.").arg(key));
        for (const auto& element : elements) {
            group.parts.push_back(condition(element, depth + 1));
        }
        return group;
    }

    static ConditionDraft negated(ConditionDraft inner)
    {
        if (isAny(inner)) return ConditionDraft::group(Kind::None, std::move(inner.parts));
        return ConditionDraft::group(Kind::None, {std::move(inner)});
    }

    /// What is said of one field; each is a part of the group.
    void comparisons(const QString& field, const QJsonValue& value, int depth, ConditionDraft& group)
    {
        const QJsonObject operators =
            value.isObject() ? value.toObject() : QJsonObject{{QStringLiteral("$eq"), value}};
        if (operators.isEmpty()) fail(Text::tr("%1 is compared with nothing.").arg(field));
        for (auto op = operators.begin(); op != operators.end() && m_why.isEmpty(); ++op) {
            if (op.key() == QLatin1String("$not") && op.value().isObject()) {
                if (depth > kDeepestGroup) tooDeep();
                ConditionDraft inner;
                comparisons(field, op.value(), depth + 1, inner);
                if (inner.parts.size() == 1) inner = ConditionDraft(inner.parts.front());
                group.parts.push_back(negated(std::move(inner)));
                continue;
            }
            const auto row = rowOf(field, op.key(), op.value());
            if (!row)
                fail(Text::tr("Lines cannot show what %1 is compared with by %2.").arg(field, op.key()));
            else if (++m_lines > kMostConditionLines)
                fail(Text::tr("It has more than %Ln condition(s).", nullptr, kMostConditionLines));
            else
                group.parts.push_back(ConditionDraft::line(*row));
        }
    }

    QString m_why;
    int m_lines = 0;
};

int membersIn(const QJsonValue& value)
{
    int count = 0;
    if (value.isArray()) {
        const QJsonArray elements = value.toArray();
        for (const auto& element : elements) {
            count += membersIn(element);
        }
    }
    const QJsonObject object = value.toObject();
    for (auto member = object.begin(); member != object.end(); ++member) {
        count += 1 + membersIn(member.value());
    }
    return count;
}

/// Colons outside of quotes, one for each member that is written. The text is valid JSON.
int membersWritten(const QByteArray& json)
{
    int count = 0;
    bool quoted = false;
    for (qsizetype i = 0; i < json.size(); ++i) {
        if (quoted && json[i] == '\\')
            ++i;
        else if (json[i] == '"')
            quoted = !quoted;
        else if (!quoted && json[i] == ':')
            ++count;
    }
    return count;
}

/// Whether the lines can be the members of one object: read again they come in the order of their names, and
/// of two that have one name only the latter would be left.
bool fitOneObject(const std::vector<ConditionDraft>& parts)
{
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i].isGroup() || parts[i].row.field.startsWith(QLatin1Char('$'))) return false;
        if (i > 0 && !(parts[i - 1].row.field < parts[i].row.field)) return false;
    }
    return parts.size() > 1;
}

QByteArray written(const ConditionDraft& draft);

QByteArray listOf(const char* joins, const std::vector<ConditionDraft>& parts)
{
    QByteArray inside;
    for (const ConditionDraft& part : parts) {
        inside += (inside.isEmpty() ? "" : ", ") + written(part);
    }
    return QByteArray("{\"") + joins + "\": [" + inside + "]}";
}

QByteArray written(const ConditionDraft& draft)
{
    switch (draft.kind) {
    case Kind::Line:
        return "{" + memberOf(draft.row) + "}";
    case Kind::Any:
        return listOf("$or", draft.parts);
    case Kind::None: {
        // Of an "any" alone the two groups would be read as one.
        const bool plain = draft.parts.size() == 1 && !isAny(draft.parts.front());
        return "{\"$not\": " + (plain ? written(draft.parts.front()) : listOf("$or", draft.parts)) + "}";
    }
    case Kind::All:
    case Kind::Undecided:
        break;
    }
    if (!fitOneObject(draft.parts)) return listOf("$and", draft.parts);
    QByteArray members;
    for (const ConditionDraft& part : draft.parts) {
        members += (members.isEmpty() ? "" : ", ") + memberOf(part.row);
    }
    return "{" + members + "}";
}

} // namespace

std::string conditionJson(const ConditionDraft& draft)
{
    if (draft.isGroup() && draft.parts.empty()) return {};
    const bool single = draft.kind != Kind::None && draft.parts.size() == 1 && !draft.parts.front().isGroup();
    return written(single ? draft.parts.front() : draft).toStdString();
}

std::optional<ConditionDraft> conditionOf(const std::string& json, QString* why)
{
    if (why != nullptr) why->clear();
    if (json.empty()) return ConditionDraft{};
    const QByteArray text = QByteArray::fromStdString(json);
    QJsonParseError problem;
    const QJsonDocument read = QJsonDocument::fromJson(text, &problem);
    QString reason;
    ConditionDraft draft;
    if (problem.error != QJsonParseError::NoError) {
        reason = Text::tr("It is not valid JSON: %1, at character %2.")
                     .arg(problem.errorString())
                     .arg(problem.offset + 1);
    } else if (membersIn(read.object()) != membersWritten(text) && read.isObject()) {
        reason = Text::tr("One name stands twice in the same braces.");
    } else {
        Reader reader;
        draft = reader.condition(read.isObject() ? QJsonValue(read.object()) : QJsonValue(read.array()), 0);
        reason = reader.why();
    }
    if (why != nullptr) *why = reason;
    if (!reason.isEmpty()) return std::nullopt;
    return draft.isGroup() ? draft : ConditionDraft::group(Kind::All, {draft});
}

int lineCount(const ConditionDraft& draft)
{
    int count = draft.isGroup() ? 0 : 1;
    for (const ConditionDraft& part : draft.parts) {
        count += lineCount(part);
    }
    return count;
}

QString conditionSummary(const ConditionDraft& draft)
{
    const int count = lineCount(draft);
    if (count == 0) return {};
    if (draft.kind == Kind::None) return Text::tr("none of %Ln condition(s)", nullptr, count);
    if (draft.isGroup() && draft.parts.front().isGroup())
        return draft.parts.size() == 1 ? conditionSummary(draft.parts.front())
                                       : Text::tr("%Ln condition(s)", nullptr, count);
    const ConditionRow& row = draft.isGroup() ? draft.parts.front().row : draft.row;
    QString first = QStringLiteral("%1 %2 %3").arg(row.field, operatorText(row.op), row.value);
    if (count == 1) return first;
    return (isAny(draft) ? Text::tr("%1 or %2 more") : Text::tr("%1 and %2 more")).arg(first).arg(count - 1);
}

const QStringList& conditionFields()
{
    static const QStringList kFields{QStringLiteral("model"),
                                     QStringLiteral("input_tokens"),
                                     QStringLiteral("text.last_user"),
                                     QStringLiteral("text.system"),
                                     QStringLiteral("complexity"),
                                     QStringLiteral("pii"),
                                     QStringLiteral("pii.kinds"),
                                     QStringLiteral("tools"),
                                     QStringLiteral("images"),
                                     QStringLiteral("stream"),
                                     QStringLiteral("key"),
                                     QStringLiteral("client"),
                                     QStringLiteral("program"),
                                     QStringLiteral("repository"),
                                     QStringLiteral("dialect"),
                                     QStringLiteral("url.pathname"),
                                     QStringLiteral("hour"),
                                     QStringLiteral("weekday"),
                                     QStringLiteral("machine.online"),
                                     QStringLiteral("machine.metered"),
                                     QStringLiteral("machine.battery"),
                                     QStringLiteral("machine.network"),
                                     QStringLiteral("spend.today"),
                                     QStringLiteral("budget.left"),
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
    const bool isPath = field == QLatin1String("url.pathname");
    if (op == QLatin1String("$glob")) return isPath ? QStringLiteral("/v1/*") : QStringLiteral("*opus*");
    if (takesList(op)) return Text::tr("one, another");
    const QStringList numbers{QStringLiteral("input_tokens"), QStringLiteral("hour"),
                              QStringLiteral("weekday")};
    if (field == QLatin1String("spend.today") || field == QLatin1String("budget.left"))
        return Text::tr("US dollars, such as 2.5");
    if (field == QLatin1String("weekday")) return Text::tr("1 (Monday) to 7");
    if (field == QLatin1String("hour")) return Text::tr("0 to 23");
    if (numbers.contains(field)) return QStringLiteral("4000");
    if (isPath) return QStringLiteral("/v1/messages");
    if (field == QLatin1String("complexity")) return QStringLiteral("simple");
    if (field == QLatin1String("program")) return Text::tr("name of the program");
    if (field == QLatin1String("repository")) return Text::tr("the repository's folder");
    if (field == QLatin1String("machine.network")) return Text::tr("name of the network");
    if (field == QLatin1String("tools") || field == QLatin1String("images") ||
        field == QLatin1String("stream") || field == QLatin1String("pii") ||
        field.startsWith(QLatin1String("machine.")))
        return QStringLiteral("true");
    return Text::tr("value");
}

} // namespace ui
