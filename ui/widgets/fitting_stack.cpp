// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/fitting_stack.h"

namespace ui {

FittingStack::FittingStack(QWidget* parent) : QStackedWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(this, &QStackedWidget::currentChanged, this, &QWidget::updateGeometry);
}

QSize FittingStack::sizeHint() const
{
    return currentWidget() == nullptr ? QStackedWidget::sizeHint() : currentWidget()->sizeHint();
}

QSize FittingStack::minimumSizeHint() const
{
    return currentWidget() == nullptr ? QStackedWidget::minimumSizeHint()
                                      : currentWidget()->minimumSizeHint();
}

bool FittingStack::hasHeightForWidth() const
{
    return currentWidget() != nullptr && currentWidget()->hasHeightForWidth();
}

int FittingStack::heightForWidth(int width) const
{
    return currentWidget() == nullptr ? -1 : currentWidget()->heightForWidth(width);
}

} // namespace ui
