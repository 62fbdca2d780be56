// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QGraphicsScene>
#include <QGraphicsView>

#include "models/route_graph.h"

namespace ui {

class RouteEdgeItem;
class RouteNodeItem;

/// A route drawn from the name that clients ask for to its models, from the top down and further in at each
/// step, so that it has room in a narrow column. Read-only: arrows go from box to box, Enter or a click
/// chooses one. Screen readers find the boxes as a list.
class RoutePicture : public QGraphicsView {
    Q_OBJECT

public:
    explicit RoutePicture(QWidget* parent = nullptr);
    void setGraph(const RouteGraph& graph);
    [[nodiscard]] const RouteGraph& graph() const { return m_graph; }
    [[nodiscard]] const std::vector<RouteNodeItem*>& nodes() const { return m_nodes; }
    /// The box where the keyboard is.
    [[nodiscard]] int current() const { return m_current; }

signals:
    void nodeChosen(const ui::RouteNode& node);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void build();
    void layOut();
    void setCurrent(int node);
    void choose(int node);
    [[nodiscard]] int childOf(int node) const;
    [[nodiscard]] double chipRoom(int node) const;
    /// Whether it is the one that the node hangs on; others come from the right side.
    [[nodiscard]] bool isTrunk(const RouteEdge& edge) const;
    void placeEdge(RouteEdgeItem& item) const;

    QGraphicsScene m_scene;
    RouteGraph m_graph;
    std::vector<RouteNodeItem*> m_nodes; // owned by the scene
    std::vector<RouteEdgeItem*> m_edges;
    int m_current = 0;
};

} // namespace ui
