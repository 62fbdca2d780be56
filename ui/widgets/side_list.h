// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QAbstractItemModel;
class QFrame;
class QListView;

namespace ui {

/// The list at the left of a page whose rest is about the chosen row.
struct SideList {
    QFrame* card; // to be put into the page
    QListView* list;
};
/// Shows a model of ProviderRowDelegate's roles. `objectName` ends in "List".
[[nodiscard]] SideList makeSideList(QAbstractItemModel& model, const QString& name, const char* objectName,
                                    int width);

} // namespace ui
