// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/condition_editor.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "widgets/build.h"
#include "widgets/combo_box.h"
#include "widgets/fitting_stack.h"
#include "widgets/segments.h"

namespace ui {
namespace {

enum Mode { Lines, Json };
constexpr int kTextHeight = 120;
constexpr int kOperatorWidth = 116;

} // namespace

ConditionEditor::ConditionEditor(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 8);
    QHBoxLayout* head = row(8);
    m_joined = new Segments(tr("How many of the lines must hold"), {tr("All of"), tr("Any of")});
    m_mode = new Segments(tr("How the condition is written"), {tr("Lines"), tr("JSON")});
    head->addWidget(m_joined);
    head->addStretch();
    head->addWidget(m_mode);
    all->addLayout(head);
    m_stack = new FittingStack;
    m_stack->addWidget(buildLines());
    m_stack->addWidget(buildText());
    all->addWidget(m_stack);
    m_problem = makeParagraph({}, "muted");
    m_problem->setProperty("tone", QStringLiteral("bad"));
    m_problem->setAccessibleDescription(QStringLiteral("problem"));
    m_problem->hide();
    all->addWidget(m_problem);
    connect(m_joined, &Segments::chosen, this, &ConditionEditor::onLinesEdited);
    connect(m_mode, &Segments::chosen, this, &ConditionEditor::showMode);
    setJson({});
}

QWidget* ConditionEditor::buildLines()
{
    auto* page = new QWidget;
    page->setProperty("role", QStringLiteral("clear"));
    auto* all = column(page, {}, 6);
    m_always = makeParagraph(tr("No condition: it always holds."), "muted");
    m_nested =
        makeParagraph(tr("This condition is nested or cannot be read. It can be changed as JSON."), "muted");
    all->addWidget(m_always);
    all->addWidget(m_nested);
    m_column = new QVBoxLayout;
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(6);
    all->addLayout(m_column);
    m_add = makeButton(tr("Add condition"), "plain", QStringLiteral("plus"), "addConditionButton");
    all->addWidget(m_add, 0, Qt::AlignLeft);
    all->addStretch();
    connect(m_add, &QPushButton::clicked, this, [this] {
        addLine({conditionFields().constFirst(), QStringLiteral("$eq"), {}});
        onLinesEdited();
        m_lines.back().field->setFocus(Qt::OtherFocusReason);
    });
    return page;
}

QWidget* ConditionEditor::buildText()
{
    m_text = new QPlainTextEdit;
    m_text->setObjectName(QStringLiteral("conditionTextEdit"));
    m_text->setAccessibleName(tr("The condition as JSON"));
    m_text->setPlaceholderText(QStringLiteral("{\"input_tokens\": {\"$lt\": 4000}}"));
    m_text->setTabChangesFocus(true);
    m_text->setFixedHeight(kTextHeight);
    connect(m_text, &QPlainTextEdit::textChanged, this, &ConditionEditor::onTextEdited);
    return m_text;
}

void ConditionEditor::addLine(const ConditionRow& shown)
{
    auto* whole = new QWidget(this);
    whole->setProperty("role", QStringLiteral("clear"));
    auto* inside = new QHBoxLayout(whole);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(6);
    auto* field = new ComboBox(tr("Field"), "conditionFieldComboBox", ComboBox::Texts::Any);
    field->setSuggestions(conditionFields());
    field->showText(shown.field);
    auto* op = new ComboBox(tr("Comparison"), "conditionOperatorComboBox");
    op->setFixedWidth(kOperatorWidth);
    for (const QString& each : conditionOperators()) {
        op->addItem(operatorText(each), each);
    }
    op->setCurrentData(shown.op, shown.op);
    auto* value = new QLineEdit(shown.value);
    value->setObjectName(QStringLiteral("conditionValueEdit"));
    value->setAccessibleName(tr("Value"));
    auto* remove = makeIconButton(QStringLiteral("x"), tr("Remove this line"), "removeConditionButton");
    inside->addWidget(field, 5);
    inside->addWidget(op);
    inside->addWidget(value, 4);
    inside->addWidget(remove);
    m_column->addWidget(whole);
    whole->show();
    m_lines.push_back({whole, field, op, value});
    const auto showExample = [field, op, value] {
        value->setPlaceholderText(valueExample(field->currentText(), op->currentData().toString()));
    };
    showExample();
    connect(field, &QComboBox::currentTextChanged, this, showExample);
    connect(op, &QComboBox::currentIndexChanged, this, showExample);
    connect(field, &QComboBox::currentTextChanged, this, &ConditionEditor::onLinesEdited);
    connect(op, &QComboBox::currentIndexChanged, this, &ConditionEditor::onLinesEdited);
    connect(value, &QLineEdit::textEdited, this, &ConditionEditor::onLinesEdited);
    connect(remove, &QPushButton::clicked, this, [this, whole] {
        removeLine(whole);
        onLinesEdited();
    });
}

void ConditionEditor::removeLine(QWidget* whole)
{
    std::erase_if(m_lines, [whole](const Line& line) { return line.whole == whole; });
    m_column->removeWidget(whole);
    m_add->setFocus(Qt::OtherFocusReason);
    whole->hide();
    whole->deleteLater(); // It may be its own button that asks.
}

void ConditionEditor::clearLines()
{
    for (const Line& line : m_lines) {
        m_column->removeWidget(line.whole);
        line.whole->hide();
        line.whole->deleteLater();
    }
    m_lines.clear();
}

ConditionDraft ConditionEditor::shownLines() const
{
    ConditionDraft draft;
    draft.any = m_joined->current() == 1;
    for (const Line& line : m_lines) {
        draft.rows.push_back(
            {line.field->currentText().trimmed(), line.op->currentData().toString(), line.value->text()});
    }
    return draft;
}

void ConditionEditor::fillLines()
{
    const std::optional<ConditionDraft> draft = conditionOf(m_json);
    if (draft && *draft == shownLines()) return; // Keeps the cursor.
    clearLines();
    if (!draft) return;
    // Of one line, all and any are the same: what was chosen stays.
    if (draft->rows.size() > 1) m_joined->setCurrent(draft->any ? 1 : 0);
    for (const ConditionRow& each : draft->rows) {
        addLine(each);
    }
}

void ConditionEditor::setJson(const std::string& json)
{
    if (json != m_json) {
        const QScopedValueRollback filling(m_filling, true);
        m_json = json;
        fillLines();
        m_text->setPlainText(QString::fromStdString(json));
        if (!conditionOf(m_json)) m_mode->setCurrent(Json);
    }
    showMode();
}

void ConditionEditor::onLinesEdited()
{
    if (m_filling) return;
    const QScopedValueRollback filling(m_filling, true);
    m_json = conditionJson(shownLines());
    m_text->setPlainText(QString::fromStdString(m_json));
    showMode();
    emit changed();
}

void ConditionEditor::onTextEdited()
{
    if (m_filling) return;
    const QScopedValueRollback filling(m_filling, true);
    m_json = m_text->toPlainText().trimmed().toStdString();
    fillLines();
    showMode();
    emit changed();
}

void ConditionEditor::showMode()
{
    const bool linear = !m_lines.empty() || conditionOf(m_json).has_value();
    m_stack->setCurrentIndex(m_mode->current());
    m_joined->setVisible(m_lines.size() > 1 && m_mode->current() == Lines);
    m_always->setVisible(linear && m_lines.empty());
    m_nested->setVisible(!linear);
    m_add->setVisible(linear);
}

void ConditionEditor::showProblem(const QString& text)
{
    m_problem->setText(text);
    m_problem->setVisible(!text.isEmpty());
    m_text->setAccessibleDescription(text);
}

} // namespace ui
