// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/usage_model.h"
#include "pages/page.h"

class QBoxLayout;
class QDateEdit;
class QStackedWidget;

namespace ui {

class ChoiceButton;
class EmptyState;
class Segments;
class UsageChart;
class UsageDialogs;
class UsageTable;
class UsageTiles;

/// What was used and what it cost: of a time, by group, beside the time before.
class UsagePage : public Page {
    Q_OBJECT

public:
    explicit UsagePage(const PageContext& context, QWidget* parent = nullptr);
    void refresh() override;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildHeader(QVBoxLayout* all);
    void buildTools(QVBoxLayout* all);
    [[nodiscard]] QWidget* buildDays();
    [[nodiscard]] QWidget* buildContent();
    [[nodiscard]] UsageChart* makeChart(const QString& title, const QString& nothing);
    void chooseRange(int index);
    void chooseDays();
    void showState();
    void showEmpty();
    void showLastRequest();
    void savePicture(UsageChart* chart);

    PageContext m_context;
    UsageModel m_model;
    UsageDialogs* m_dialogs = nullptr;
    QLabel* m_subtitle = nullptr;
    QPushButton* m_about = nullptr;
    Segments* m_range = nullptr;
    ChoiceButton* m_group = nullptr;
    QPushButton* m_compare = nullptr;
    QWidget* m_days = nullptr;
    QDateEdit *m_first = nullptr, *m_last = nullptr;
    QStackedWidget* m_stack = nullptr;
    UsageTiles* m_tiles = nullptr;
    UsageChart *m_spend = nullptr, *m_requests = nullptr, *m_tokens = nullptr;
    QBoxLayout* m_pair = nullptr;
    UsageTable* m_table = nullptr;
    EmptyState* m_empty = nullptr;
};

} // namespace ui
