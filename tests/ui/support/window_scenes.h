// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSize>
#include <QString>

#include "preferences.h"

class QWidget;

namespace ui {

/// Pictures of one window size, named after what they show, the theme and the width.
class Album {
public:
    Album(QString folder, QSize size, QString only);

    /// Waits until nothing is left to lay out or paint, then saves. Names without `only` in them are left
    /// out.
    void shoot(QWidget& widget, const QString& name) const;
    [[nodiscard]] QSize size() const { return m_size; }

private:
    QString m_folder;
    QSize m_size;
    QString m_only;
};

/// Takes a picture of every page, dialog and state of the window, in the theme that is in force.
void shootEverything(const Album& album, Preferences& preferences);

} // namespace ui
