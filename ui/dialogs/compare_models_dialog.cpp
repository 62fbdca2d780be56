// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/compare_models_dialog.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QVBoxLayout>

#include "widgets/build.h"
#include "widgets/column_fit.h"
#include "widgets/table_look.h"

namespace ui {
namespace {

constexpr int kWidth = 760;
constexpr int kRowHeight = 26; // All facts at once, in the smallest window, too.
constexpr int kMostTokens = 2'000'000'000;

int shown(std::int64_t tokens)
{
    return static_cast<int>(std::min<std::int64_t>(tokens, kMostTokens));
}

} // namespace

CompareModelsDialog::CompareModelsDialog(const std::vector<gateway::ModelRow>& models,
                                         std::pair<std::int64_t, std::int64_t> weekTokens, QWidget* parent)
    : FormDialog(tr("Compare models"), tr("&Close"), parent), m_model(models)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setFixedWidth(kWidth);
    buildExample(weekTokens);
    buildTable();
    cancelButton()->hide();
    connect(this, &FormDialog::acceptWanted, this, &QDialog::accept);
    reckon();
}

void CompareModelsDialog::buildExample(std::pair<std::int64_t, std::int64_t> weekTokens)
{
    QHBoxLayout* line = row(8);
    m_input = makeSpinBox(tr("Tokens in"), "tokensInSpinBox", 0, kMostTokens);
    m_output = makeSpinBox(tr("Tokens out"), "tokensOutSpinBox", 0, kMostTokens);
    m_input->setValue(shown(m_model.request().inputTokens));
    m_output->setValue(shown(m_model.request().outputTokens));
    for (QSpinBox* box : {m_input, m_output}) {
        box->setGroupSeparatorShown(true);
        box->setFixedWidth(124);
        connect(box, &QSpinBox::valueChanged, this, &CompareModelsDialog::reckon);
    }
    line->addWidget(makeFieldLabel(tr("Tokens &in"), m_input));
    line->addWidget(m_input);
    line->addSpacing(8);
    line->addWidget(makeFieldLabel(tr("Tokens &out"), m_output));
    line->addWidget(m_output);
    line->addStretch();
    QPushButton* week = makeButton(tr("My last &7 days"), "ghost", {}, "weekTokensButton");
    week->setToolTip(tr("Everything that was sent and answered in the last seven days, as one request"));
    week->setEnabled(weekTokens.first + weekTokens.second > 0);
    connect(week, &QPushButton::clicked, this, [this, weekTokens] {
        m_input->setValue(shown(weekTokens.first));
        m_output->setValue(shown(weekTokens.second));
    });
    line->addWidget(week);
    fields()->addLayout(line);
}

void CompareModelsDialog::buildTable()
{
    auto* table = new QTableView;
    table->setObjectName(QStringLiteral("compareTable"));
    table->setModel(&m_model);
    setUpTable(table, tr("Compared models"));
    table->verticalHeader()->setMinimumSectionSize(kRowHeight);
    table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table->setItemDelegate(new BestDelegate(ModelCompare::BestRole, table));
    new ColumnFit(table);
    table->setFixedHeight(table->horizontalHeader()->sizeHint().height() + m_model.rowCount() * kRowHeight +
                          4);
    fields()->addWidget(table);
    fields()->addWidget(
        makeParagraph(tr("✓ marks the best value of a row. Batch prices, long input and what is "
                         "read from a cache are not reckoned."),
                      "muted"));
}

void CompareModelsDialog::reckon()
{
    m_model.setRequest({m_input->value(), m_output->value()});
}

} // namespace ui
