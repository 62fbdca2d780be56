// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/fact_grid.h"

#include <QLabel>

#include "widgets/build.h"

namespace ui {

void emptyLayout(QLayout* layout)
{
    while (QLayoutItem* item = layout->takeAt(0)) {
        if (QLayout* inner = item->layout()) emptyLayout(inner);
        delete item->widget();
        delete item;
    }
}

FactGrid::FactGrid(QWidget* parent) : QGridLayout(parent)
{
    setHorizontalSpacing(14);
    setVerticalSpacing(7);
    setColumnStretch(1, 1);
}

void FactGrid::setFacts(const std::vector<std::pair<QString, QString>>& facts)
{
    emptyLayout(this);
    int line = 0;
    for (const auto& [name, value] : facts) {
        QLabel* valueLabel = makeParagraph(value);
        valueLabel->setAccessibleDescription(name);
        valueLabel->setTextInteractionFlags(Qt::TextSelectableByMouse);
        addWidget(makeLabel(name, "muted"), line, 0, Qt::AlignTop);
        addWidget(valueLabel, line, 1);
        ++line;
    }
}

} // namespace ui
