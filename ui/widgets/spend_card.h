// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>

class QLabel;

namespace ui {

class GatewayStatus;
class SpentBar;

/// What was spent today and the budget that is nearest to its end, small, for the side bar; pressed, it leads
/// to the budgets. Folded, it is the bar alone.
class SpendCard : public QPushButton {
    Q_OBJECT

public:
    explicit SpendCard(GatewayStatus& status, QWidget* parent = nullptr);
    void setFolded(bool folded);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void refresh();
    void fitHeight();

    GatewayStatus& m_status;
    QLabel* m_today;
    SpentBar* m_bar;
    QLabel* m_budget;
    bool m_folded = false;
};

} // namespace ui
