// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QAbstractItemView;
class QHelpEvent;
class QWidget;

namespace ui {

/// The property of a view that has the row under the pointer.
inline constexpr const char* kHoveredRow = "hoveredRow";

/// What all lists and tables of the window do alike: J and K move like Down and Up, a ring shows where the
/// keyboard is, tool tips are plain text, and a text that is cut has one with all of it. Belongs to the view.
class ItemViewManners : public QObject {
    Q_OBJECT

public:
    explicit ItemViewManners(QAbstractItemView* view);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool onKey(int key);
    void setHoveredRow(int row);
    void showToolTip(const QHelpEvent& event);

    QAbstractItemView* m_view;
    /// Kept, since a view that is being torn down still gets events and can no longer be asked for it.
    QWidget* m_viewport;
};

} // namespace ui
