// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include "models/home_model.h"
#include "models/request_table_model.h"
#include "pages/page.h"

class QLabel;
class QStackedWidget;
class QTableView;

namespace ui {

class EmptyState;
class LatencyChart;
class Segments;
class SpendChart;
class Tile;
class WelcomePanel;

/// The traffic of a time range in four figures, two charts and the newest requests; before the first request,
/// how to send it.
class HomePage : public Page {
    Q_OBJECT

public:
    explicit HomePage(const PageContext& context, QWidget* parent = nullptr);
    void refresh() override;

private:
    [[nodiscard]] QWidget* buildContent();
    [[nodiscard]] QWidget* buildRecent();
    void buildHeader(QVBoxLayout* all);
    void showFigures();
    void fitTable();

    PageContext m_context;
    HomeModel m_model;
    RequestTableModel m_recent;
    QLabel* m_subtitle = nullptr;
    Segments* m_range = nullptr;
    QPushButton* m_refresh = nullptr;
    QStackedWidget* m_stack = nullptr;
    std::array<Tile*, 4> m_tiles{};
    LatencyChart* m_latency = nullptr;
    SpendChart* m_spend = nullptr;
    QLabel* m_recentCount = nullptr;
    QTableView* m_table = nullptr;
    WelcomePanel* m_welcome = nullptr;
    EmptyState* m_failed = nullptr;
};

} // namespace ui
