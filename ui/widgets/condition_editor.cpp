// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/condition_editor.h"

#include <optional>

#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QScopedValueRollback>
#include <QVBoxLayout>

#include "widgets/build.h"
#include "widgets/combo_box.h"
#include "widgets/condition_builder.h"
#include "widgets/fitting_stack.h"
#include "widgets/segments.h"

namespace ui {
namespace {

enum Mode { Builder, Json };
constexpr int kTextHeight = 120;

} // namespace

ConditionEditor::ConditionEditor(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 8);
    QHBoxLayout* head = row(8);
    m_mode = new Segments(tr("How the condition is written"), {tr("Builder"), tr("JSON")});
    QWidget* lines = buildLines();
    head->addWidget(m_builder->outerChoice());
    head->addStretch();
    head->addWidget(m_mode);
    all->addLayout(head);
    m_note = makeParagraph({}, "muted");
    m_note->setAccessibleDescription(QStringLiteral("unshown-note"));
    all->addWidget(m_note);
    m_stack = new FittingStack;
    m_stack->addWidget(lines);
    m_stack->addWidget(buildText());
    all->addWidget(m_stack);
    m_problem = makeParagraph({}, "muted");
    m_problem->setProperty("tone", QStringLiteral("bad"));
    m_problem->setAccessibleDescription(QStringLiteral("problem"));
    m_problem->hide();
    all->addWidget(m_problem);
    connect(m_mode, &Segments::chosen, this, &ConditionEditor::showMode);
    setJson({});
}

QWidget* ConditionEditor::buildLines()
{
    auto* page = new QWidget;
    page->setProperty("role", QStringLiteral("clear"));
    auto* all = column(page, {}, 6);
    m_always = makeParagraph(tr("No condition: it always holds."), "muted");
    all->addWidget(m_always);
    m_builder = new ConditionBuilder;
    m_builder->setTabAnchor(m_mode->findChildren<QWidget*>(QStringLiteral("segmentButton")).constLast());
    all->addWidget(m_builder);
    all->addStretch();
    connect(m_builder, &ConditionBuilder::changed, this, &ConditionEditor::onBuilderEdited);
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

void ConditionEditor::fillBuilder()
{
    const std::optional<ConditionDraft> draft = conditionOf(m_json, &m_unshown);
    m_builder->setDraft(draft.value_or(ConditionDraft{}));
}

void ConditionEditor::setJson(const std::string& json)
{
    if (json != m_json) {
        const QScopedValueRollback filling(m_filling, true);
        m_json = json;
        fillBuilder();
        m_text->setPlainText(QString::fromStdString(json));
        if (!m_unshown.isEmpty()) m_mode->setCurrent(Json);
    }
    showMode();
}

void ConditionEditor::onBuilderEdited()
{
    if (m_filling) return;
    const QScopedValueRollback filling(m_filling, true);
    m_json = conditionJson(m_builder->draft());
    m_text->setPlainText(QString::fromStdString(m_json));
    showMode();
    emit changed();
}

void ConditionEditor::onTextEdited()
{
    if (m_filling) return;
    const QScopedValueRollback filling(m_filling, true);
    m_json = m_text->toPlainText().trimmed().toStdString();
    fillBuilder();
    showMode();
    emit changed();
}

void ConditionEditor::showMode()
{
    const bool shown = m_unshown.isEmpty();
    const bool always = m_builder->draft().parts.empty();
    m_stack->setCurrentIndex(m_mode->current());
    m_builder->outerChoice()->setVisible(!always && m_mode->current() == Builder);
    m_builder->setVisible(shown);
    m_always->setVisible(shown && always);
    m_note->setText(shown ? QString() : tr("Only as JSON: the builder cannot show this. %1").arg(m_unshown));
    m_note->setVisible(!shown);
}

void ConditionEditor::showProblem(const QString& text)
{
    m_problem->setText(text);
    m_problem->setVisible(!text.isEmpty());
    m_text->setAccessibleDescription(text);
}

} // namespace ui
