// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>

#include <QComboBox>
#include <QListView>

#include "ui/support/window_walk.h"

namespace ui {

/// The window with the page Routes open and the first route chosen.
struct OpenedRoutes : OpenedWindow {
    explicit OpenedRoutes(QSize size = {1440, 900}) : OpenedWindow(40, size)
    {
        window.openPage(QStringLiteral("routes"));
        settle();
        list = window.findChild<QListView*>(QStringLiteral("routesList"));
    }
    void choose(int row)
    {
        list->setCurrentIndex(list->model()->index(row, 0));
        settle();
    }
    /// All on show, in the order in which they are seen.
    template <class Widget>
    [[nodiscard]] QList<Widget*> all(const char* name) const
    {
        QList<Widget*> found = window.findChildren<Widget*>(QLatin1String(name));
        found.removeIf([](const Widget* widget) { return !widget->isVisible(); });
        std::sort(found.begin(), found.end(), [this](const Widget* a, const Widget* b) {
            return a->mapTo(&window, QPoint()).y() < b->mapTo(&window, QPoint()).y();
        });
        return found;
    }
    template <class Widget>
    [[nodiscard]] Widget* find(const char* name, int place = 0) const
    {
        return all<Widget>(name).value(place);
    }
    [[nodiscard]] const gateway::RouteConfig* route(const char* id) const
    {
        return link.config()->findRoute(id);
    }
    void setStrategy(const char* id)
    {
        auto* combo = find<QComboBox>("strategyComboBox");
        combo->setCurrentIndex(combo->findData(QLatin1String(id)));
        settle();
    }

    QListView* list = nullptr;
};

} // namespace ui
