// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QGraphicsObject>

#include "models/route_graph.h"

namespace ui {

/// A box of the picture: its title, a line below it, its share of the traffic and a mark for its health whose
/// shape says it as well as its colour does.
class RouteNodeItem : public QGraphicsObject {
    Q_OBJECT

public:
    static constexpr int kHeight = 40;

    RouteNodeItem(const RouteNode& node, int number, double share);
    void setWidth(double width);
    [[nodiscard]] QSizeF boxSize() const { return {m_width, kHeight}; }
    [[nodiscard]] const RouteNode& node() const { return m_node; }
    [[nodiscard]] int number() const { return m_number; }
    /// Whether the keyboard is here.
    void setCurrent(bool current);

    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    void paintTexts(QPainter& painter) const;

    RouteNode m_node;
    int m_number;
    double m_share;
    double m_width = 200;
    bool m_current = false;
};

/// A line from a box to one that it leads to, thicker the more of the traffic it takes; dashed where only
/// failures go. Its label stands on it as a chip.
class RouteEdgeItem : public QGraphicsItem {
public:
    explicit RouteEdgeItem(const RouteEdge& edge);
    /// `room`: what there is for the label, which keeps to one side of it.
    void setPlace(const QPolygonF& line, const QRectF& room, Qt::Alignment side);
    [[nodiscard]] const RouteEdge& edge() const { return m_edge; }

    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    [[nodiscard]] double thickness() const;

    RouteEdge m_edge;
    QPolygonF m_line;
    QRectF m_chip; // empty: no label
};

} // namespace ui
