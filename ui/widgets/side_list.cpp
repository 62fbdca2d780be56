// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/side_list.h"

#include <QFrame>
#include <QListView>
#include <QVBoxLayout>

#include "widgets/build.h"
#include "widgets/item_view_manners.h"
#include "widgets/provider_row_delegate.h"

namespace ui {

SideList makeSideList(QAbstractItemModel& model, const QString& name, const char* objectName, int width)
{
    QFrame* card = makeFrame("card");
    card->setFixedWidth(width);
    auto* inside = column(card, {8, 8, 8, 8}, 0);
    auto* list = new QListView;
    list->setObjectName(QLatin1String(objectName));
    list->setAccessibleName(name);
    list->setModel(&model);
    list->setItemDelegate(new ProviderRowDelegate(list));
    list->setFrameShape(QFrame::NoFrame);
    list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    new ItemViewManners(list);
    inside->addWidget(list);
    return {card, list};
}

} // namespace ui
