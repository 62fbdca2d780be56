// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace ui {

/// What a line is taken by to drag it elsewhere. The keyboard has its own way, so it is no stop for Tab.
class DragGrip : public QWidget {
    Q_OBJECT

public:
    explicit DragGrip(const QString& hint, QWidget* parent = nullptr);

signals:
    /// The pointer is here now, with the button held.
    void draggedTo(const QPoint& globalPosition);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
};

} // namespace ui
