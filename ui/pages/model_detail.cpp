// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/model_detail.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>
#include <QVBoxLayout>

#include "models/model_text.h"
#include "pages/model_editor.h"
#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/clipboard.h"
#include "widgets/fact_grid.h"

namespace ui {

namespace {

constexpr int kProblemHeight = 90; // a field and two lines below it, with some air

} // namespace

ModelDetail::ModelDetail(QWidget* parent) : QFrame(parent)
{
    setProperty("role", QStringLiteral("card"));
    setMinimumWidth(310);
    auto* all = column(this, {16, 12, 8, 12}, 10);
    buildHead(all);
    m_scroll = new QScrollArea;
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::TabFocus); // The arrow keys scroll it.
    m_scroll->setAccessibleName(tr("Details of the model"));
    m_scroll->setWidget(buildBody());
    all->addWidget(m_scroll, 1);
    all->addWidget(m_editor->foot());
}

void ModelDetail::buildHead(QVBoxLayout* all)
{
    QHBoxLayout* head = row(6);
    m_title = makeElided("h2");
    m_try = makeButton(tr("&Try"), "link", QStringLiteral("zap"), "tryModelButton");
    m_try->setToolTip(tr("Sends one short request, which its provider may charge for"));
    connect(m_try, &QPushButton::clicked, this, &ModelDetail::tryWanted);
    QPushButton* close = makeIconButton(QStringLiteral("x"), tr("Close details"), "closeModelButton");
    connect(close, &QPushButton::clicked, this, &ModelDetail::closed);
    head->addWidget(m_title, 1);
    head->addWidget(m_try);
    head->addWidget(close);
    all->addLayout(head);

    QHBoxLayout* tools = row(4);
    m_name = makeElided("monoMuted");
    m_name->setAccessibleDescription(QStringLiteral("model-name"));
    QPushButton* copy =
        makeIconButton(QStringLiteral("copy"), tr("Copy provider and name"), "copyModelButton");
    connect(copy, &QPushButton::clicked, this, [this] {
        copyText(fullName(m_row));
        emit toastWanted({tr("Name copied")});
    });
    tools->addWidget(m_name, 1);
    tools->addWidget(copy);
    all->addLayout(tools);
}

QWidget* ModelDetail::buildBody()
{
    auto* body = new QWidget;
    body->setProperty("role", QStringLiteral("clear"));
    auto* all = column(body, {0, 0, 10, 4}, 12);
    m_warning = makeFrame("banner");
    m_warning->setProperty("tone", QStringLiteral("warn"));
    auto* inWarning = new QHBoxLayout(m_warning);
    inWarning->setContentsMargins(12, 9, 12, 9);
    inWarning->setSpacing(10);
    auto* picture = new QLabel;
    setLabelIcon(picture, QStringLiteral("triangle-alert"), "warning", 16);
    m_warningText = makeParagraph({});
    m_warningText->setAccessibleDescription(QStringLiteral("deprecation"));
    inWarning->addWidget(picture, 0, Qt::AlignTop);
    inWarning->addWidget(m_warningText, 1);
    all->addWidget(m_warning);
    m_facts = new FactGrid;
    all->addLayout(m_facts);
    all->addWidget(makeLine());
    m_editor = new ModelEditor;
    connect(m_editor, &ModelEditor::saveWanted, this, &ModelDetail::saveWanted);
    connect(m_editor, &ModelEditor::resetWanted, this, &ModelDetail::resetWanted);
    all->addWidget(m_editor);
    all->addStretch();
    return body;
}

void ModelDetail::setModel(const gateway::ModelRow& row, const gateway::ModelConfig& saved)
{
    keepDraft();
    const bool other = !m_hasModel || fullName(row) != fullName(m_row);
    m_row = row;
    m_hasModel = true;
    m_title->setText(clientName(row));
    m_name->setText(fullName(row));
    m_warningText->setText(deprecationText(row));
    m_warning->setVisible(!row.deprecated.empty());
    m_facts->setFacts(modelFacts(row));
    const ModelDraft inForce = draftOf(saved);
    m_editor->setModel(row, inForce, m_drafts.value(fullName(row), inForce));
    if (other) {
        m_editor->showProblems({});
        m_scroll->verticalScrollBar()->setValue(0);
    }
}

void ModelDetail::keepDraft()
{
    if (!m_hasModel) return;
    if (m_editor->isChanged() && !m_forgets) {
        m_drafts[fullName(m_row)] = m_editor->draft();
    } else {
        m_drafts.remove(fullName(m_row));
    }
    m_forgets = false;
}

ModelDraft ModelDetail::draft() const
{
    return m_editor->draft();
}

void ModelDetail::showProblems(const FieldProblems& problems)
{
    m_editor->showProblems(problems);
    QWidget* focus = focusWidget(); // The first field with a problem, which may be scrolled out of sight.
    if (problems.empty() || focus == nullptr || !m_editor->isAncestorOf(focus)) return;
    // Once the text of the problem stands below the field.
    QTimer::singleShot(0, focus, [this, focus] { m_scroll->ensureWidgetVisible(focus, 0, kProblemHeight); });
}

void ModelDetail::setBusy(bool busy)
{
    m_editor->setBusy(busy);
}

void ModelDetail::setCanTry(bool can)
{
    m_try->setVisible(can);
}

} // namespace ui
