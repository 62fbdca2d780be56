// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <QTimer>

#include "models/request_table_model.h"
#include "pages/page.h"

class QLineEdit;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace ui {

class EmptyState;
class RequestDetail;
class Segments;

/// Every logged request, with a filter that the engine runs over all of them, and one of them in detail.
class RequestsPage : public Page {
    Q_OBJECT

public:
    explicit RequestsPage(const PageContext& context, QWidget* parent = nullptr);
    void refresh() override;
    void focusFind() override;
    /// A request's id: shows its details. A text: shows what that filter lets through, of all time.
    void open(const QVariant& what) override;

protected:
    void hideEvent(QHideEvent* event) override;

private:
    void buildHeader(QVBoxLayout* all);
    [[nodiscard]] QWidget* buildTable();
    void runQuery();
    void showState();
    void showWaiting();
    void onScrolled();
    void showSelected();
    void readDetail(std::int64_t id);
    void clearFilter();
    void showOnly(const QString& filter);
    void buildRowMenu();
    /// Adds `field`:`value` to the filter.
    void filterBy(const char* field, const std::string& value);
    void closeDetail();
    /// Reading takes long enough to be worth a word.
    void showReading();
    [[nodiscard]] const gateway::LogRow* currentRow() const;

    PageContext m_context;
    RequestTableModel m_model;
    QTimer m_typing;
    QTimer m_slow;
    std::int64_t m_shownId = 0;
    QLabel* m_subtitle = nullptr;
    QLineEdit* m_find = nullptr;
    Segments* m_range = nullptr;
    QPushButton* m_newRows = nullptr;
    QSplitter* m_splitter = nullptr;
    QStackedWidget* m_stack = nullptr;
    QTableView* m_table = nullptr;
    EmptyState* m_empty = nullptr;
    RequestDetail* m_detail = nullptr;
};

} // namespace ui
