// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

class QAbstractButton;
class QLabel;

namespace ui {

/// One of resources/icons in one colour, sharp at `ratio` device pixels per pixel.
[[nodiscard]] QPixmap iconPixmap(const QString& name, const QColor& color, int size, qreal ratio = 2.0);

/// How a button's icon looks; tokens are those of the theme.
struct ButtonIcon {
    QString name;
    const char* token = "muted";
    const char* checkedToken = "accent";
    int size = 16;
};

/// Gives the button its icon and repaints it whenever the theme changes. Calling it again replaces the icon.
void setButtonIcon(QAbstractButton* button, const ButtonIcon& icon);
/// The same for a label that shows nothing but an icon.
void setLabelIcon(QLabel* label, const QString& name, const char* token, int size);
/// The program's own picture, as it is.
[[nodiscard]] QIcon applicationIcon();

} // namespace ui
