// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include <QFrame>

#include "pages/page.h"

class QAbstractItemModel;
class QHBoxLayout;
class QStackedWidget;
class QTableView;

namespace ui {

class EmptyState;
class FormDialog;

/// A tab with one table of parts of the configuration: a title, buttons for the chosen row, something
/// else to see where there is none, and the way in which changes are saved.
class TableTab : public QFrame {
    Q_OBJECT

signals:
    void toastWanted(const ui::ToastText& text);

protected:
    /// The model outlives the tab.
    TableTab(const PageContext& context, const QString& title, QWidget* parent);
    /// To be called once, after the buttons were added.
    void buildTable(QAbstractItemModel* model, const char* objectName, const QString& name);
    void addButton(QPushButton* button);
    /// A shortcut within the table.
    void bindKey(const QKeySequence& keys, const std::function<void()>& slot);
    /// The table, or what stands for it while it is empty.
    void showRows();
    [[nodiscard]] int chosenRow() const;
    void choose(int row);
    /// Applies `next`; then closes `dialog` and tells `done`. What is wrong is told in the dialog, else in a
    /// message that stays until it is sent away.
    void save(const gateway::Config& next, const ToastText& done, FormDialog* dialog = nullptr);

    /// Asks how much more a used-up budget may spend, and lets it.
    void askForMore(const gateway::BudgetState& state);

    [[nodiscard]] const PageContext& context() const { return m_context; }
    [[nodiscard]] QTableView* table() const { return m_table; }
    [[nodiscard]] EmptyState* empty() const { return m_empty; }

private:
    PageContext m_context;
    QHBoxLayout* m_head = nullptr;
    QStackedWidget* m_stack = nullptr;
    QTableView* m_table = nullptr;
    EmptyState* m_empty = nullptr;
};

} // namespace ui
