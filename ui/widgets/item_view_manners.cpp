// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/item_view_manners.h"

#include <QAbstractItemView>
#include <QCoreApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>

#include "widgets/build.h"
#include "widgets/table_look.h"

namespace ui {

ItemViewManners::ItemViewManners(QAbstractItemView* view)
    : QObject(view), m_view(view), m_viewport(view->viewport())
{
    view->installEventFilter(this);
    m_viewport->installEventFilter(this);
    m_viewport->setMouseTracking(true);
}

bool ItemViewManners::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_view && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->modifiers() == Qt::NoModifier && onKey(key->key())) return true;
    }
    if (watched == m_view && (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)) {
        const Qt::FocusReason reason = static_cast<QFocusEvent*>(event)->reason();
        const bool byKeys = reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason ||
                            reason == Qt::ShortcutFocusReason;
        setLook(m_view, "ring",
                event->type() == QEvent::FocusIn && byKeys ? QStringLiteral("true") : QString());
    }
    if (watched == m_viewport && event->type() == QEvent::MouseMove)
        setHoveredRow(m_view->indexAt(static_cast<QMouseEvent*>(event)->position().toPoint()).row());
    if (watched == m_viewport && event->type() == QEvent::Leave) setHoveredRow(-1);
    if (watched == m_viewport && event->type() == QEvent::ToolTip) {
        showToolTip(*static_cast<QHelpEvent*>(event));
        return true;
    }
    return QObject::eventFilter(watched, event);
}

bool ItemViewManners::onKey(int key)
{
    if (key != Qt::Key_J && key != Qt::Key_K) return false;
    QKeyEvent arrow(QEvent::KeyPress, key == Qt::Key_J ? Qt::Key_Down : Qt::Key_Up, Qt::NoModifier);
    QCoreApplication::sendEvent(m_view, &arrow);
    return true;
}

void ItemViewManners::setHoveredRow(int row)
{
    const QVariant before = m_view->property(kHoveredRow);
    if (before.isValid() && before.toInt() == row) return;
    m_view->setProperty(kHoveredRow, row);
    m_viewport->update();
}

void ItemViewManners::showToolTip(const QHelpEvent& event)
{
    const QModelIndex index = m_view->indexAt(event.pos());
    const QRect cell = m_view->visualRect(index);
    QString text = index.data(Qt::ToolTipRole).toString();
    if (text.isEmpty() && neededCellWidth(*m_view, index) > cell.width()) text = index.data().toString();
    QToolTip::showText(event.globalPos(), plainToolTip(text), m_viewport, cell);
}

} // namespace ui
