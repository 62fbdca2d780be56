// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/check_table.h"

#include <QKeyEvent>
#include <QMouseEvent>

namespace ui {

CheckTable::CheckTable(int column, QWidget* parent) : QTableView(parent), m_column(column) {}

QModelIndex CheckTable::boxAt(const QMouseEvent& event) const
{
    const QModelIndex index = indexAt(event.position().toPoint());
    const bool plain = event.button() == Qt::LeftButton && event.modifiers() == Qt::NoModifier;
    return plain && index.column() == m_column ? index : QModelIndex();
}

void CheckTable::mousePressEvent(QMouseEvent* event)
{
    m_pressed = boxAt(*event);
    if (!m_pressed.isValid()) QTableView::mousePressEvent(event);
}

void CheckTable::mouseReleaseEvent(QMouseEvent* event)
{
    if (!m_pressed.isValid()) {
        QTableView::mouseReleaseEvent(event);
        return;
    }
    const QModelIndex released = boxAt(*event);
    const bool same = released.isValid() && m_pressed == released;
    m_pressed = QPersistentModelIndex();
    if (same) emit boxClicked(released);
}

// The second click of two quick ones is a click like the first.
void CheckTable::mouseDoubleClickEvent(QMouseEvent* event)
{
    m_pressed = boxAt(*event);
    if (!m_pressed.isValid()) QTableView::mouseDoubleClickEvent(event);
}

void CheckTable::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier) {
        emit spacePressed();
        return;
    }
    QTableView::keyPressEvent(event);
}

} // namespace ui
