// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/tool_rules_field.h"

#include <QHBoxLayout>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QVBoxLayout>

#include "widgets/build.h"
#include "widgets/combo_box.h"

namespace ui {
namespace {

constexpr int kJsonHeight = 64;
constexpr qsizetype kMostRows = 50; // More of them are edited as JSON.

QString compactObject(const QJsonValue& value)
{
    if (value.isString()) return value.toString(); // It is being typed.
    const QJsonObject object = value.toObject();
    return object.isEmpty() ? QString()
                            : QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

/// What was typed as arguments: an object; the text itself, which the check refuses, where it is none.
QJsonValue argumentsOf(const QString& text)
{
    const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8());
    return document.isObject() ? QJsonValue(document.object()) : QJsonValue(text);
}

bool areObjects(const QJsonArray& rules)
{
    for (const auto& rule : rules) {
        if (!rule.isObject()) return false;
    }
    return rules.size() <= kMostRows;
}

} // namespace

ToolRulesField::ToolRulesField(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 6);
    m_list = column(nullptr, {}, 6);
    all->addLayout(m_list);
    m_add = makeButton(tr("Add &rule"), "chip", QStringLiteral("plus"), "addToolRuleButton");
    all->addWidget(m_add, 0, Qt::AlignLeft);
    m_json = new QPlainTextEdit;
    m_json->setObjectName(QStringLiteral("rulesEdit"));
    m_json->setAccessibleName(tr("Rules as JSON"));
    m_json->setPlaceholderText(tr("The same as JSON"));
    m_json->setToolTip(tr("The same rules as JSON: what is changed here is changed above"));
    m_json->setTabChangesFocus(true);
    m_json->setFixedHeight(kJsonHeight);
    all->addWidget(m_json);
    connect(m_add, &QPushButton::clicked, this, &ToolRulesField::addRule);
    connect(m_json, &QPlainTextEdit::textChanged, this, [this] {
        if (!m_filling) takeJson();
    });
}

void ToolRulesField::setValue(const QJsonValue& value)
{
    const QScopedValueRollback filling(m_filling, true);
    if (value.isString()) { // It is being typed as JSON, and is none yet.
        if (m_json->toPlainText() != value.toString()) m_json->setPlainText(value.toString());
        m_rules = {};
        rebuild({});
        return;
    }
    const QJsonArray rules = value.toArray();
    if (rules != m_rules || m_json->toPlainText().trimmed().isEmpty() != rules.isEmpty()) showJson(rules);
    fill(rules);
}

void ToolRulesField::showJson(const QJsonArray& rules)
{
    m_json->setPlainText(
        rules.isEmpty() ? QString() : QString::fromUtf8(QJsonDocument(rules).toJson(QJsonDocument::Compact)));
}

void ToolRulesField::fill(const QJsonArray& rules)
{
    const QScopedValueRollback filling(m_filling, true);
    m_rules = rules;
    if (!areObjects(rules)) {
        rebuild({}); // Only the JSON shows what that is.
        return;
    }
    if (m_rows.size() != static_cast<std::size_t>(rules.size())) rebuild(rules);
    for (qsizetype place = 0; place < rules.size(); ++place) {
        const QJsonObject rule = rules.at(place).toObject();
        const Row& row = m_rows[static_cast<std::size_t>(place)];
        const auto text = [](QLineEdit* edit, const QString& wanted) {
            if (edit->text() != wanted) edit->setText(wanted);
        };
        text(row.tool, rule.value(QLatin1String("tool")).toString());
        const QString decision = rule.value(QLatin1String("decision")).toString();
        row.decision->setCurrentData(decision, decision);
        const QJsonValue arguments = rule.value(QLatin1String("arguments"));
        // What is typed there may be the same written otherwise.
        if (argumentsOf(row.arguments->text()) != arguments || row.arguments->text().isEmpty())
            text(row.arguments, compactObject(arguments));
    }
}

void ToolRulesField::rebuild(const QJsonArray& rules)
{
    for (const Row& row : m_rows) {
        row.widget->hide();
        row.widget->deleteLater(); // It may be its own button that asked for this.
    }
    m_rows.clear();
    for (int place = 0; place < rules.size(); ++place) {
        m_rows.push_back(makeRow(place));
        m_list->addWidget(m_rows.back().widget);
    }
}

ToolRulesField::Row ToolRulesField::makeRow(int place)
{
    const QString number = QString::number(place + 1);
    Row made;
    made.widget = new QWidget;
    made.widget->setProperty("role", QStringLiteral("clear"));
    auto* lines = column(made.widget, {}, 4);
    QHBoxLayout* line = row(6);
    const auto makeEdit = [](const QString& name, const char* objectName) {
        auto* edit = new QLineEdit;
        edit->setObjectName(QLatin1String(objectName));
        edit->setAccessibleName(name);
        return edit;
    };
    made.tool = makeEdit(tr("Tool of rule %1").arg(number), "toolRuleNameEdit");
    made.tool->setPlaceholderText(tr("Tool, such as mcp__files__*"));
    made.decision = new ComboBox(tr("Decision of rule %1").arg(number), "toolRuleDecisionComboBox");
    made.decision->addItem(tr("Allow"), QStringLiteral("allow"));
    made.decision->addItem(tr("Deny"), QStringLiteral("deny"));
    made.arguments = makeEdit(tr("Arguments of rule %1").arg(number), "toolRuleArgumentsEdit");
    made.arguments->setPlaceholderText(tr("Any arguments; or {\"path\": \"/srv/.*\"}"));
    made.arguments->setToolTip(
        tr("JSON: where an argument stands, and the regular expression that all of it has to match"));
    QPushButton* drop =
        makeIconButton(QStringLiteral("trash-2"), tr("Remove rule %1").arg(number), "removeToolRuleButton");
    line->addWidget(made.tool, 1);
    line->addWidget(made.decision);
    line->addWidget(drop);
    lines->addLayout(line);
    lines->addWidget(made.arguments);
    const auto take = [this, place] {
        if (!m_filling) takeRow(place);
    };
    connect(made.tool, &QLineEdit::textEdited, this, take);
    connect(made.arguments, &QLineEdit::textEdited, this, take);
    connect(made.decision, &QComboBox::currentIndexChanged, this, take);
    connect(drop, &QPushButton::clicked, this, [this, place] { removeRule(place); });
    return made;
}

void ToolRulesField::takeRow(int place)
{
    const Row& row = m_rows[static_cast<std::size_t>(place)];
    QJsonArray rules = m_rules;
    QJsonObject rule = rules.at(place).toObject();
    rule.insert(QLatin1String("tool"), row.tool->text());
    rule.insert(QLatin1String("decision"), row.decision->currentData().toString());
    const QString arguments = row.arguments->text().trimmed();
    if (arguments.isEmpty()) {
        rule.remove(QLatin1String("arguments"));
    } else {
        rule.insert(QLatin1String("arguments"), argumentsOf(arguments));
    }
    rules.replace(place, rule);
    give(rules);
}

void ToolRulesField::takeJson()
{
    const QString text = m_json->toPlainText();
    const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8());
    if (!document.isArray() && !text.trimmed().isEmpty()) {
        emit edited(text); // The check refuses it, and says why.
        return;
    }
    fill(document.array());
    emit edited(m_rules.isEmpty() ? QJsonValue() : QJsonValue(m_rules));
}

void ToolRulesField::give(const QJsonArray& rules)
{
    {
        const QScopedValueRollback filling(m_filling, true);
        showJson(rules);
        fill(rules);
    }
    emit edited(rules.isEmpty() ? QJsonValue() : QJsonValue(rules));
}

void ToolRulesField::addRule()
{
    QJsonArray rules = m_rules;
    rules.append(QJsonObject{{QStringLiteral("tool"), QString()},
                             {QStringLiteral("decision"), QStringLiteral("allow")}});
    give(rules);
    if (!m_rows.empty()) m_rows.back().tool->setFocus();
}

void ToolRulesField::removeRule(int place)
{
    QJsonArray rules = m_rules;
    rules.removeAt(place);
    rebuild({}); // Each row knows its place.
    give(rules);
    m_add->setFocus();
}

} // namespace ui
