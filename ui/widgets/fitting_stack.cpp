// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/fitting_stack.h"

#include <QVBoxLayout>

#include "widgets/build.h"

namespace ui {

FittingStack::FittingStack(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    m_column = column(this, {}, 0);
}

void FittingStack::addWidget(QWidget* part)
{
    part->setVisible(false); // Before it has a place: it must not be seen for a moment.
    m_column->addWidget(part);
    m_parts.append(part);
    if (m_parts.size() == 1) part->setVisible(true);
}

void FittingStack::setCurrentIndex(int index)
{
    if (index == m_current || index < 0 || index >= count()) return;
    m_parts[m_current]->hide();
    m_current = index;
    m_parts[m_current]->show();
}

} // namespace ui
