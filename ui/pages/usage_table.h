// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QPointer>

#include "models/usage_table_model.h"
#include "widgets/toast.h"

class QAction;
class QLabel;
class QPushButton;
class QTableView;

namespace ui {

class ColumnFit;

/// The table under the charts: what each group used, to sort, to copy and to look into.
class UsageTable : public QFrame {
    Q_OBJECT

public:
    explicit UsageTable(UsageModel& usage, QWidget* parent = nullptr);
    void setView(const UsageView& view);

signals:
    /// For the page Requests.
    void requestsWanted(const QString& filter);
    void recalculateWanted();
    void toastWanted(const ui::ToastText& text);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildHead();
    void buildTable();
    void buildMenu();
    void showRequests();
    void exportCsv();
    void copyCsv();
    void saveCsv(const QString& path);
    void tellSaved(const QString& path, const QString& problem);
    void withWhole(const UsageModel::WholeRead& then);
    void setBusy(bool busy);
    void fit();
    [[nodiscard]] const gateway::UsageRow* chosen() const;

    UsageModel& m_usage;
    UsageTableModel m_model;
    UsageSpan m_span;
    std::string m_by;
    QLabel* m_title = nullptr;
    QPushButton* m_unpriced = nullptr;
    QPushButton* m_open = nullptr;
    QPushButton* m_copy = nullptr;
    QPushButton* m_export = nullptr;
    bool m_busy = false; // A CSV is being made.
    QPointer<QWidget> m_focusBefore, m_focusMeanwhile;
    QAction* m_openAction = nullptr;
    QTableView* m_table = nullptr;
    ColumnFit* m_columns = nullptr;
};

} // namespace ui
