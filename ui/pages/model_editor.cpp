// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/model_editor.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/model_text.h"
#include "widgets/build.h"

namespace ui {
namespace {

constexpr int kMostTyped = 300;

QLabel* makeProblem()
{
    QLabel* label = makeParagraph({}, "muted");
    label->setProperty("tone", QStringLiteral("bad"));
    label->setAccessibleDescription(QStringLiteral("problem"));
    label->hide();
    return label;
}

} // namespace

ModelEditor::ModelEditor(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 8);
    all->addWidget(makeLabel(tr("Yours"), "h3"));
    all->addWidget(makeParagraph(tr("What you write here holds instead of the catalog, whatever a newer list "
                                    "says. Prices are US dollars per million tokens."),
                                 "muted"));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(14);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    m_alias = addField(grid, ModelField::Alias, tr("Alias"), "aliasEdit");
    m_contextField = addField(grid, ModelField::Context, tr("Context"), "contextEdit");
    m_input = addField(grid, ModelField::Input, tr("Input"), "inputPriceEdit");
    m_output = addField(grid, ModelField::Output, tr("Output"), "outputPriceEdit");
    m_cacheRead = addField(grid, ModelField::CacheRead, tr("Cache read"), "cacheReadPriceEdit");
    m_cacheWrite = addField(grid, ModelField::CacheWrite, tr("Cache write"), "cacheWritePriceEdit");
    m_exposed = new QCheckBox;
    m_exposed->setObjectName(QStringLiteral("exposedCheckBox"));
    m_exposed->setAccessibleName(tr("Exposed"));
    m_exposed->setAccessibleDescription(tr("In the lists that clients get"));
    connect(m_exposed, &QCheckBox::toggled, this, &ModelEditor::showChange);
    const int line = grid->rowCount();
    grid->addWidget(makeFieldLabel(tr("Exposed"), m_exposed), line, 0);
    grid->addWidget(m_exposed, line, 1);
    all->addLayout(grid);
    m_problems[ModelField::Undecided] = makeProblem();
    all->addWidget(m_problems[ModelField::Undecided]);
    buildFoot();
}

QLineEdit* ModelEditor::addField(QGridLayout* grid, ModelField field, const QString& name,
                                 const char* objectName)
{
    auto* edit = new QLineEdit;
    edit->setObjectName(QLatin1String(objectName));
    edit->setAccessibleName(name);
    edit->setMaxLength(kMostTyped);
    const int line = grid->rowCount();
    grid->addWidget(makeFieldLabel(name, edit), line, 0);
    grid->addWidget(edit, line, 1);
    QLabel* problem = makeProblem();
    m_problems[field] = problem;
    grid->addWidget(problem, line + 1, 1);
    connect(edit, &QLineEdit::textChanged, this, [this, problem] {
        problem->hide(); // It is about what stood there before.
        showChange();
    });
    connect(edit, &QLineEdit::returnPressed, this, [this] {
        if (m_save->isEnabled()) emit saveWanted();
    });
    return edit;
}

void ModelEditor::buildFoot()
{
    m_foot = new QWidget;
    m_foot->setProperty("role", QStringLiteral("clear"));
    auto* all = column(m_foot, {0, 0, 8, 0}, 6);
    QHBoxLayout* state = row(6);
    m_unsaved = makeLabel(tr("Not saved yet"), "muted");
    m_unsaved->setProperty("tone", QStringLiteral("warn"));
    m_discard = makeButton(tr("Discard"), "link", {}, "discardButton");
    m_discard->setAccessibleName(tr("Discard the changes"));
    connect(m_discard, &QPushButton::clicked, this, [this] { fill(m_saved); });
    state->addWidget(m_unsaved);
    state->addStretch();
    state->addWidget(m_discard);
    QHBoxLayout* buttons = row(8);
    m_reset = makeButton(tr("Reset to cata&log"), "ghost", {}, "resetModelButton");
    m_reset->setToolTip(tr("Takes your prices and your context out; alias and visibility stay"));
    m_save = makeButton(tr("&Save"), "primary", {}, "saveModelButton");
    connect(m_reset, &QPushButton::clicked, this, &ModelEditor::resetWanted);
    connect(m_save, &QPushButton::clicked, this, &ModelEditor::saveWanted);
    buttons->addWidget(m_reset);
    buttons->addStretch();
    buttons->addWidget(m_save);
    all->addLayout(state);
    all->addLayout(buttons);
    m_unsaved->hide();
    m_discard->hide();
}

void ModelEditor::setModel(const gateway::ModelRow& row, const ModelDraft& saved, const ModelDraft& draft)
{
    m_saved = saved;
    setPlaceholders(row);
    if (draft != this->draft()) fill(draft);
    m_reset->setEnabled(
        !(saved.context + saved.input + saved.output + saved.cacheRead + saved.cacheWrite).isEmpty());
    showChange();
}

// Of a field with a value of its own, the catalog's is not known here.
void ModelEditor::setPlaceholders(const gateway::ModelRow& row)
{
    const QString catalog = tr("from the catalog");
    const auto hint = [&catalog](QLineEdit* edit, const QString& own,
                                 const gateway::ModelPrices::Nanos& price) {
        edit->setPlaceholderText(!own.isEmpty() ? catalog : price ? exactDollars(*price) : tr("not known"));
    };
    hint(m_input, m_saved.input, row.prices.input);
    hint(m_output, m_saved.output, row.prices.output);
    hint(m_cacheRead, m_saved.cacheRead, row.prices.cacheRead);
    hint(m_cacheWrite, m_saved.cacheWrite, row.prices.cacheWrite);
    m_alias->setPlaceholderText(tr("none"));
    m_contextField->setPlaceholderText(!m_saved.context.isEmpty() ? catalog
                                       : row.context              ? QString::number(*row.context)
                                                                  : tr("not known"));
}

ModelDraft ModelEditor::draft() const
{
    return {m_alias->text().trimmed(),  m_contextField->text().trimmed(), m_input->text().trimmed(),
            m_output->text().trimmed(), m_cacheRead->text().trimmed(),    m_cacheWrite->text().trimmed(),
            m_exposed->isChecked()};
}

void ModelEditor::fill(const ModelDraft& draft)
{
    m_alias->setText(draft.alias);
    m_contextField->setText(draft.context);
    m_input->setText(draft.input);
    m_output->setText(draft.output);
    m_cacheRead->setText(draft.cacheRead);
    m_cacheWrite->setText(draft.cacheWrite);
    m_exposed->setChecked(draft.exposed);
    showProblems({});
}

void ModelEditor::showProblems(const FieldProblems& problems)
{
    bool first = true;
    for (const auto& [field, label] : m_problems) {
        const auto found = problems.find(field);
        label->setText(found == problems.end() ? QString() : found->second);
        label->setVisible(found != problems.end());
    }
    for (const auto& [field, edit] : {std::pair{ModelField::Alias, m_alias},
                                      {ModelField::Context, m_contextField},
                                      {ModelField::Input, m_input},
                                      {ModelField::Output, m_output},
                                      {ModelField::CacheRead, m_cacheRead},
                                      {ModelField::CacheWrite, m_cacheWrite}}) {
        const bool bad = problems.count(field) > 0;
        edit->setAccessibleDescription(bad ? problems.at(field) : QString());
        if (bad && first) edit->setFocus(Qt::OtherFocusReason);
        first = first && !bad;
    }
}

void ModelEditor::setBusy(bool busy)
{
    m_busy = busy;
    showChange();
}

void ModelEditor::showChange()
{
    const bool changed = isChanged();
    m_save->setEnabled(changed && !m_busy);
    m_unsaved->setVisible(changed);
    m_discard->setVisible(changed);
}

} // namespace ui
