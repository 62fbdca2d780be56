// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/route_picture_access.h"

#include <QAccessible>
#include <QAccessibleObject>
#include <QAccessibleWidget>
#include <QGraphicsScene>

#include "widgets/route_picture.h"
#include "widgets/route_picture_items.h"

namespace ui {
namespace {

/// The picture as a list of its boxes.
class PictureInterface : public QAccessibleWidget {
public:
    explicit PictureInterface(RoutePicture* picture) : QAccessibleWidget(picture, QAccessible::List) {}

    [[nodiscard]] int childCount() const override { return static_cast<int>(nodes().size()); }
    [[nodiscard]] QAccessibleInterface* child(int index) const override
    {
        if (index < 0 || index >= childCount()) return nullptr;
        return QAccessible::queryAccessibleInterface(nodes()[static_cast<std::size_t>(index)]);
    }
    [[nodiscard]] int indexOfChild(const QAccessibleInterface* child) const override
    {
        const auto* item = qobject_cast<const RouteNodeItem*>(child->object());
        return item == nullptr ? -1 : item->number();
    }
    [[nodiscard]] QAccessibleInterface* focusChild() const override
    {
        return picture().hasFocus() ? child(picture().current()) : nullptr;
    }
    [[nodiscard]] QAccessibleInterface* childAt(int x, int y) const override
    {
        for (int i = 0; i < childCount(); ++i) {
            QAccessibleInterface* each = child(i);
            if (each != nullptr && each->rect().contains(x, y)) return each;
        }
        return nullptr;
    }

private:
    [[nodiscard]] const RoutePicture& picture() const { return *static_cast<RoutePicture*>(widget()); }
    [[nodiscard]] const std::vector<RouteNodeItem*>& nodes() const { return picture().nodes(); }
};

class NodeInterface : public QAccessibleObject {
public:
    explicit NodeInterface(RouteNodeItem* item) : QAccessibleObject(item) {}

    [[nodiscard]] QAccessibleInterface* parent() const override
    {
        return QAccessible::queryAccessibleInterface(picture());
    }
    [[nodiscard]] QAccessibleInterface* child(int index) const override
    {
        Q_UNUSED(index)
        return nullptr;
    }
    [[nodiscard]] int childCount() const override { return 0; }
    [[nodiscard]] int indexOfChild(const QAccessibleInterface* child) const override
    {
        Q_UNUSED(child)
        return -1;
    }
    [[nodiscard]] QAccessible::Role role() const override { return QAccessible::ListItem; }
    [[nodiscard]] QString text(QAccessible::Text kind) const override
    {
        if (kind == QAccessible::Name) return item().node().title;
        return kind == QAccessible::Description ? item().node().description : QString();
    }
    [[nodiscard]] QAccessible::State state() const override
    {
        QAccessible::State state;
        const RoutePicture* view = picture();
        state.focusable = state.readOnly = true;
        state.focused = view != nullptr && view->hasFocus() && view->current() == item().number();
        state.invisible = view == nullptr || !view->isVisible();
        return state;
    }
    [[nodiscard]] QRect rect() const override
    {
        const RoutePicture* view = picture();
        if (view == nullptr) return {};
        const QRect inView = view->mapFromScene(item().sceneBoundingRect()).boundingRect();
        return {view->viewport()->mapToGlobal(inView.topLeft()), inView.size()};
    }

private:
    [[nodiscard]] const RouteNodeItem& item() const { return *static_cast<RouteNodeItem*>(object()); }
    [[nodiscard]] RoutePicture* picture() const
    {
        const QGraphicsScene* scene = item().scene();
        return scene == nullptr || scene->views().isEmpty()
                   ? nullptr
                   : qobject_cast<RoutePicture*>(scene->views().constFirst());
    }
};

QAccessibleInterface* makeInterface(const QString& name, QObject* object)
{
    if (name == QLatin1String("ui::RoutePicture"))
        return new PictureInterface(static_cast<RoutePicture*>(object));
    if (name == QLatin1String("ui::RouteNodeItem"))
        return new NodeInterface(static_cast<RouteNodeItem*>(object));
    return nullptr;
}

} // namespace

void installPictureAccess()
{
    QAccessible::installFactory(makeInterface);
}

} // namespace ui
