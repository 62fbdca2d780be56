// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QAction;
class QLabel;
class QPushButton;

namespace ui {

class GatewayStatus;
class SpentBar;

/// Today's spending, the budget that is nearest to its end with its forecast, and the switch that pauses all
/// spending, as a card of Home.
class SpendStrip : public QFrame {
    Q_OBJECT

public:
    /// `pause` pauses and resumes.
    SpendStrip(GatewayStatus& status, QAction* pause, QWidget* parent = nullptr);

signals:
    void budgetsWanted();

private:
    void refresh();

    GatewayStatus& m_status;
    QLabel* m_today;
    QLabel* m_state;
    QLabel* m_budget;
    QLabel* m_forecast;
    SpentBar* m_bar;
    QPushButton* m_open;
    QPushButton* m_pause;
};

} // namespace ui
