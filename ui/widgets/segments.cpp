// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/segments.h"

#include <QButtonGroup>
#include <QHBoxLayout>

#include "widgets/build.h"

namespace ui {

Segments::Segments(const QString& what, const QStringList& choices, QWidget* parent)
    : QFrame(parent), m_group(new QButtonGroup(this))
{
    setProperty("role", QStringLiteral("segments"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(3, 3, 3, 3);
    layout->setSpacing(2);
    for (int i = 0; i < choices.size(); ++i) {
        QPushButton* button = makeButton(choices[i], "segment", {}, "segmentButton");
        button->setCheckable(true);
        button->setAccessibleDescription(what);
        m_group->addButton(button, i);
        layout->addWidget(button);
    }
    if (!choices.isEmpty()) m_group->button(0)->setChecked(true);
    connect(m_group, &QButtonGroup::idClicked, this, &Segments::chosen);
}

int Segments::current() const
{
    return m_group->checkedId();
}

void Segments::setCurrent(int index)
{
    if (QAbstractButton* button = m_group->button(index)) button->setChecked(true);
}

void Segments::setChoiceEnabled(int index, bool enabled)
{
    if (QAbstractButton* button = m_group->button(index)) button->setEnabled(enabled);
}

void Segments::setChoiceVisible(int index, bool visible)
{
    if (QAbstractButton* button = m_group->button(index)) button->setVisible(visible);
}

void Segments::setChoiceText(int index, const QString& text)
{
    if (auto* button = qobject_cast<QPushButton*>(m_group->button(index))) setButtonText(button, text);
}

} // namespace ui
