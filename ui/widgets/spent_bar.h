// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "models/budget_text.h"

namespace ui {

/// The bar of a SpentCell by itself. Says nothing to screen readers: the words beside it do.
class SpentBar : public QWidget {
    Q_OBJECT

public:
    explicit SpentBar(QWidget* parent = nullptr);
    void setCell(const SpentCell& cell);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    SpentCell m_cell;
};

} // namespace ui
