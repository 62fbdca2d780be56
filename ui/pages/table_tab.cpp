// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/table_tab.h"

#include <QHBoxLayout>
#include <QPointer>
#include <QShortcut>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "dialogs/allow_more_dialog.h"
#include "models/budget_text.h"
#include "models/when_done.h"
#include "pages/tab_layout.h"
#include "widgets/build.h"
#include "widgets/empty_state.h"
#include "widgets/form_dialog.h"
#include "widgets/table_look.h"

namespace ui {

TableTab::TableTab(const PageContext& context, const QString& title, QWidget* parent)
    : QFrame(parent), m_context(context), m_stack(new QStackedWidget), m_empty(new EmptyState)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {4, 12, 4, 4}, 8); // The table's own padding puts its texts in line.
    m_head = row(8);
    m_head->setContentsMargins(kTabIndent, 0, kTabIndent - 4, 0);
    m_head->addWidget(makeLabel(title, "h2"), 1);
    all->addLayout(m_head);
    m_stack->addWidget(m_empty);
    all->addWidget(m_stack, 1);
}

void TableTab::addButton(QPushButton* button)
{
    m_head->addWidget(button);
}

void TableTab::buildTable(QAbstractItemModel* model, const char* objectName, const QString& name)
{
    m_table = new QTableView;
    m_table->setObjectName(QLatin1String(objectName));
    m_table->setModel(model);
    setUpTable(m_table, name);
    m_stack->insertWidget(0, m_table);
}

void TableTab::bindKey(const QKeySequence& keys, const std::function<void()>& slot)
{
    auto* shortcut = new QShortcut(keys, m_table);
    shortcut->setContext(Qt::WidgetShortcut);
    connect(shortcut, &QShortcut::activated, this, slot);
}

void TableTab::showRows()
{
    m_stack->setCurrentIndex(m_table->model()->rowCount() > 0 ? 0 : 1);
}

int TableTab::chosenRow() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? -1 : rows.front().row();
}

void TableTab::choose(int row)
{
    if (row < 0) return;
    m_table->selectRow(row);
    m_table->scrollTo(m_table->model()->index(row, 0));
}

void TableTab::save(const gateway::Config& next, const ToastText& done, FormDialog* dialog)
{
    const QPointer<FormDialog> asked(dialog);
    const QPointer<TableTab> self(this);
    m_context.changes.apply(next, [self, asked, done](const QString& problem) {
        if (problem.isEmpty()) {
            if (asked) asked->accept();
            if (self) emit self->toastWanted(done);
        } else if (asked) {
            asked->showProblem(problem);
        } else if (self) {
            emit self->toastWanted({problem, {}, {}, true});
        }
    });
}

void TableTab::askForMore(const gateway::BudgetState& state)
{
    auto* dialog = new AllowMoreDialog(state, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(
        dialog, &AllowMoreDialog::submitted, this,
        [this, dialog, name = QString::fromStdString(state.name), ofKey = state.ofKey](std::int64_t nanos) {
            whenDone(
                m_context.link.allowMore(name, ofKey, nanos), dialog,
                [this, dialog, name, nanos](const QString& problem) {
                    if (!problem.isEmpty()) {
                        dialog->showProblem(problem);
                        return;
                    }
                    dialog->accept();
                    emit toastWanted({tr("%1 may spend %2 more").arg(name, dollarsText(nanos))});
                },
                [dialog] { dialog->showProblem(tr("The gateway did not answer. Try again.")); });
        });
    dialog->open();
}

} // namespace ui
