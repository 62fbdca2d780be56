// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/budgets_tab.h"

#include <QHeaderView>
#include <QPushButton>
#include <QTableView>

#include "dialogs/budget_dialog.h"
#include "dialogs/confirm_dialog.h"
#include "models/budget_text.h"
#include "models/config_edit.h"
#include "widgets/build.h"
#include "widgets/column_fit.h"
#include "widgets/empty_state.h"
#include "widgets/spent_delegate.h"

namespace ui {
namespace {

QString nameOf(const gateway::BudgetId& id)
{
    return QString::fromStdString(id.text);
}

} // namespace

BudgetsTab::BudgetsTab(const PageContext& context, QWidget* parent) : TableTab(context, tr("Budgets"), parent)
{
    buildButtons();
    buildTable(&m_model, "budgetsTable", tr("Budgets"));
    table()->verticalHeader()->setDefaultSectionSize(SpentDelegate::kNoteRowHeight);
    table()->setItemDelegateForColumn(BudgetsModel::Spent,
                                      new SpentDelegate(BudgetsModel::SpentRole, table()));
    (new ColumnFit(table()))->setDispensable({BudgetsModel::Pace});
    bindKey(QKeySequence::Delete, [this] { removeBudget(); });
    connect(table(), &QTableView::activated, this, &BudgetsTab::editBudget);
    empty()->setContent(
        QStringLiteral("wallet"), tr("No budgets yet"),
        tr("A budget says how many dollars may be spent in a time: in all, or by a provider, model, route, "
           "key "
           "or tool. At its limit requests are refused or go elsewhere, before they cost anything."));
    empty()->setAction(tr("Add a budget…"), QStringLiteral("plus"));
    connect(empty(), &EmptyState::actionClicked, this, &BudgetsTab::addBudget);

    connect(table()->selectionModel(), &QItemSelectionModel::selectionChanged, this, &BudgetsTab::showChosen);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &BudgetsTab::showChosen);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, &BudgetsTab::showChosen);
    connect(&context.link, &GatewayLink::configChanged, this, &BudgetsTab::showBudgets);
    connect(&context.link, &GatewayLink::activityChanged, this,
            [this] { m_model.setStates(this->context().link.activity().budgets); });
    showBudgets();
    showChosen();
}

void BudgetsTab::buildButtons()
{
    m_allow =
        makeButton(tr("A&llow more…"), "plain", QStringLiteral("circle-dollar-sign"), "allowMoreButton");
    m_edit = makeButton(tr("&Edit…"), "plain", QStringLiteral("pencil"), "editBudgetButton");
    m_remove = makeButton(tr("&Remove…"), "plain", QStringLiteral("trash-2"), "removeBudgetButton");
    QPushButton* add = makeButton(tr("&Add budget…"), "ghost", QStringLiteral("plus"), "addBudgetButton");
    add->setToolTip(tr("Ctrl+N"));
    for (QPushButton* button : {m_allow, m_edit, m_remove, add}) {
        addButton(button);
    }
    connect(m_allow, &QPushButton::clicked, this, &BudgetsTab::allowMore);
    connect(m_edit, &QPushButton::clicked, this, &BudgetsTab::editBudget);
    connect(m_remove, &QPushButton::clicked, this, &BudgetsTab::removeBudget);
    connect(add, &QPushButton::clicked, this, &BudgetsTab::addBudget);
}

void BudgetsTab::showBudgets()
{
    m_model.setStates(context().link.activity().budgets);
    m_model.setBudgets(context().link.config()->budgets);
    showRows();
}

void BudgetsTab::showChosen()
{
    const bool any = chosen() != nullptr;
    for (QPushButton* button : {m_edit, m_remove}) {
        button->setVisible(m_model.rowCount() > 0);
        button->setEnabled(any);
    }
    const gateway::BudgetState* state = m_model.stateAt(chosenRow());
    m_allow->setVisible(state != nullptr && isUsedUp(*state));
}

void BudgetsTab::chooseBudget(const QString& name)
{
    choose(m_model.rowOf(gateway::BudgetId(name.toStdString())));
}

void BudgetsTab::allowMore()
{
    if (const gateway::BudgetState* state = m_model.stateAt(chosenRow())) askForMore(*state);
}

void BudgetsTab::addBudget()
{
    ask(std::nullopt);
}

void BudgetsTab::editBudget()
{
    if (const gateway::BudgetConfig* budget = chosen()) ask(*budget);
}

void BudgetsTab::ask(const std::optional<gateway::BudgetConfig>& present)
{
    auto* dialog = new BudgetDialog(*context().link.config(), present, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &BudgetDialog::submitted, this,
            [this, dialog, present](const gateway::BudgetConfig& budget) {
                const auto undo = [this, present, id = budget.id] {
                    const gateway::Config& now = *context().link.config();
                    save(present ? withBudget(now, *present) : withoutBudget(now, id), {tr("Undone")});
                };
                const QString done = present ? tr("%1 was changed") : tr("%1 is in force");
                save(withBudget(*context().link.config(), budget),
                     {done.arg(nameOf(budget.id)), tr("Undo"), undo, false, true}, dialog);
            });
    connect(dialog, &QDialog::accepted, this, [this, dialog] { choose(m_model.rowOf(dialog->budgetId())); });
    dialog->open();
}

void BudgetsTab::removeBudget()
{
    const gateway::BudgetConfig* budget = chosen();
    if (budget == nullptr) return;
    const gateway::BudgetId id = budget->id;
    auto* dialog =
        new ConfirmDialog({tr("Remove budget"),
                           tr("Remove the budget %1 (%2)? What it counts is no longer held back by it.")
                               .arg(nameOf(id), amountText(budget->usd, budget->per)),
                           tr("&Remove")},
                          this);
    connect(dialog, &QDialog::accepted, this, [this, id] {
        save(withoutBudget(*context().link.config(), id), {tr("%1 was removed").arg(nameOf(id))});
    });
    dialog->open();
}

} // namespace ui
