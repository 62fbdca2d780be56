// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/mnemonic_style.h"

#include <QApplication>
#include <QKeyEvent>
#include <QStyleFactory>
#include <QWidget>

namespace ui {

MnemonicStyle::MnemonicStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion")))
{
    qApp->installEventFilter(this);
}

int MnemonicStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                             QStyleHintReturn* returnData) const
{
    if (hint == SH_UnderlineShortcut) return m_shown ? 1 : 0;
    return QProxyStyle::styleHint(hint, option, widget, returnData);
}

bool MnemonicStyle::eventFilter(QObject* watched, QEvent* event)
{
    const QEvent::Type type = event->type();
    const bool key = type == QEvent::KeyPress || type == QEvent::KeyRelease;
    if (key && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Alt) show(type == QEvent::KeyPress);
    if (type == QEvent::WindowDeactivate) show(false);
    return QProxyStyle::eventFilter(watched, event);
}

void MnemonicStyle::show(bool shown)
{
    if (m_shown == shown) return;
    m_shown = shown;
    const auto widgets = QApplication::allWidgets();
    for (QWidget* widget : widgets) {
        if (widget->isVisible()) widget->update();
    }
}

} // namespace ui
