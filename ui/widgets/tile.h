// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "models/home_model.h"

class QLabel;

namespace ui {

class Sparkline;

/// A card with one figure, where it is going, and how it compares with the span before.
class Tile : public QFrame {
    Q_OBJECT

public:
    /// `key` names the value for programs that read the window ("requests").
    Tile(const QString& title, const QString& icon, const QString& key, QWidget* parent = nullptr);
    void setText(const TileText& text, const QString& span);

private:
    QLabel* m_value;
    QLabel* m_trend;
    QLabel* m_change;
    QLabel* m_against;
    Sparkline* m_line;
};

} // namespace ui
