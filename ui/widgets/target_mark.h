// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "models/target_standing.h"

class QPainter;

namespace ui {

/// A mark whose shape says it as well as its colour does: a disc is ready, a triangle partly set aside, two
/// bars set aside, a half disc about to be tried, a cross cannot be called, a ring was not tried yet.
void paintTargetMark(QPainter& painter, const QPointF& middle, TargetMark mark);

/// The mark of a target, with all that is known of it as its tool tip. The words beside it are for screen
/// readers.
class TargetMarkView : public QWidget {
    Q_OBJECT

public:
    explicit TargetMarkView(QWidget* parent = nullptr);
    void setStanding(const TargetStanding& standing);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    TargetMark m_mark = TargetMark::Undecided;
};

} // namespace ui
