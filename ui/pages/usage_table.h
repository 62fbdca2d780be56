// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include <QFrame>

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
    void saveCsv(const QString& path);
    void writeCsv(const QString& path, const QByteArray& bytes);
    void withCsv(const std::function<void(const QString& csv)>& then);
    void fit();
    [[nodiscard]] const gateway::UsageRow* chosen() const;

    UsageModel& m_usage;
    UsageTableModel m_model;
    UsageSpan m_span;
    std::string m_by;
    QLabel* m_title = nullptr;
    QPushButton* m_unpriced = nullptr;
    QPushButton* m_open = nullptr;
    QAction* m_openAction = nullptr;
    QTableView* m_table = nullptr;
    ColumnFit* m_columns = nullptr;
};

} // namespace ui
