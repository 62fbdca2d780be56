// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/route_picture.h"

#include <algorithm>

#include <QAccessible>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QStyle>

#include "theme/theme.h"
#include "widgets/route_picture_access.h"
#include "widgets/route_picture_items.h"

namespace ui {
namespace {

constexpr double kMargin = 6;
constexpr double kIndent = 24;
constexpr double kGap = 9;
constexpr double kChipHeight = 18;
constexpr double kLeastWidth = 150;
constexpr double kAround = 14; // at the right, for lines to boxes that hang on another
constexpr double kStem = 14;   // of a box, from its left side to the line that leaves it

} // namespace

RoutePicture::RoutePicture(QWidget* parent) : QGraphicsView(parent)
{
    installPictureAccess();
    setObjectName(QStringLiteral("routePictureView"));
    setAccessibleName(tr("Picture of the route"));
    setScene(&m_scene);
    setFrameShape(QFrame::NoFrame);
    setAlignment(Qt::AlignLeft | Qt::AlignTop);
    setBackgroundBrush(Qt::NoBrush);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setAutoFillBackground(false);
    connect(&Theme::instance(), &Theme::changed, &m_scene, [this] { m_scene.update(); });
}

void RoutePicture::setGraph(const RouteGraph& graph)
{
    if (graph == m_graph) return;
    m_graph = graph;
    build();
    layOut();
    setCurrent(std::clamp(m_current, 0, std::max(0, static_cast<int>(m_nodes.size()) - 1)));
}

void RoutePicture::build()
{
    m_scene.clear();
    m_nodes.clear();
    m_edges.clear();
    QStringList lines;
    for (std::size_t i = 0; i < m_graph.nodes.size(); ++i) {
        double share = -1;
        for (const RouteEdge& edge : m_graph.edges) {
            if (edge.to == static_cast<int>(i) && edge.share >= 0) share = std::max(share, 0.0) + edge.share;
        }
        if (m_graph.nodes[i].kind == RouteNode::Kind::Route && m_graph.nodes[i].depth == 0) share = -1;
        m_nodes.push_back(new RouteNodeItem(m_graph.nodes[i], static_cast<int>(i), share));
        m_scene.addItem(m_nodes.back());
        lines.append(m_graph.nodes[i].description);
    }
    for (const RouteEdge& edge : m_graph.edges) {
        m_edges.push_back(new RouteEdgeItem(edge));
        m_scene.addItem(m_edges.back());
    }
    setAccessibleDescription(lines.join(QLatin1Char('\n')));
}

double RoutePicture::chipRoom(int node) const
{
    const bool labelled = std::any_of(m_graph.edges.begin(), m_graph.edges.end(), [node](const auto& edge) {
        return edge.to == node && !edge.label.isEmpty();
    });
    return labelled ? kChipHeight + 4 : 0;
}

bool RoutePicture::isTrunk(const RouteEdge& edge) const
{
    const RouteNode& to = m_graph.nodes[static_cast<std::size_t>(edge.to)];
    const auto first = std::find_if(m_graph.edges.begin(), m_graph.edges.end(),
                                    [&](const RouteEdge& each) { return each.to == edge.to; });
    return edge.from == to.parent && *first == edge;
}

void RoutePicture::layOut()
{
    const bool around = std::any_of(m_graph.edges.begin(), m_graph.edges.end(),
                                    [this](const RouteEdge& edge) { return !isTrunk(edge); });
    // As if the bar were there: its coming must not change the width and so make it go again.
    const int bar = std::max(style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, this),
                             verticalScrollBar()->sizeHint().width());
    const double room = maximumViewportSize().width() - bar;
    const double width = room - 2 * kMargin - (around ? kAround : 0);
    double right = room;
    double y = kMargin;
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        const double x = kMargin + m_graph.nodes[i].depth * kIndent;
        y += chipRoom(static_cast<int>(i));
        m_nodes[i]->setPos(x, y);
        m_nodes[i]->setWidth(std::max(kLeastWidth, width - m_graph.nodes[i].depth * kIndent));
        y += RouteNodeItem::kHeight + kGap;
        right = std::max(right, m_nodes[i]->x() + m_nodes[i]->boxSize().width() + kMargin);
    }
    for (RouteEdgeItem* item : m_edges) {
        placeEdge(*item);
    }
    m_scene.setSceneRect(0, 0, right, y);
}

void RoutePicture::placeEdge(RouteEdgeItem& item) const
{
    const RouteEdge& edge = item.edge();
    const RouteNodeItem& from = *m_nodes[static_cast<std::size_t>(edge.from)];
    const RouteNodeItem& to = *m_nodes[static_cast<std::size_t>(edge.to)];
    const QRectF fromBox(from.pos(), from.boxSize()), toBox(to.pos(), to.boxSize());
    const QRectF room(toBox.left() + 4, toBox.top() - kChipHeight - 3, toBox.width() - 8, kChipHeight);
    if (!isTrunk(edge)) {
        const double x = std::max(fromBox.right(), toBox.right()) + kAround - 4;
        item.setPlace({QPointF(fromBox.right(), fromBox.center().y()), QPointF(x, fromBox.center().y()),
                       QPointF(x, toBox.center().y()), QPointF(toBox.right(), toBox.center().y())},
                      room.adjusted(room.width() / 2 + 4, 0, 0, 0), Qt::AlignRight);
        return;
    }
    // Lines of failures keep beside those of the traffic.
    const QPointF start(fromBox.left() + (edge.fallback ? kStem / 2 : kStem), fromBox.bottom());
    const bool below = from.node().depth == to.node().depth; // Straight down, as from the client.
    const QPointF end = below ? QPointF(start.x(), toBox.top()) : QPointF(toBox.left(), toBox.center().y());
    item.setPlace({start, QPointF(start.x(), end.y()), end}, room, Qt::AlignLeft);
}

void RoutePicture::resizeEvent(QResizeEvent* event)
{
    QGraphicsView::resizeEvent(event);
    layOut();
}

int RoutePicture::childOf(int node) const
{
    for (const RouteEdge& edge : m_graph.edges) {
        if (edge.from == node) return edge.to;
    }
    return node;
}

void RoutePicture::keyPressEvent(QKeyEvent* event)
{
    const int last = static_cast<int>(m_nodes.size()) - 1;
    switch (event->key()) {
    case Qt::Key_Up:
        setCurrent(std::max(0, m_current - 1));
        return;
    case Qt::Key_Down:
        setCurrent(std::min(last, m_current + 1));
        return;
    case Qt::Key_Left:
        if (m_current <= last)
            setCurrent(std::max(0, m_graph.nodes[static_cast<std::size_t>(m_current)].parent));
        return;
    case Qt::Key_Right:
        setCurrent(childOf(m_current));
        return;
    case Qt::Key_Home:
        setCurrent(0);
        return;
    case Qt::Key_End:
        setCurrent(last);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        choose(m_current);
        return;
    default:
        event->ignore(); // Not the view's own keys: it would scroll.
    }
}

void RoutePicture::mouseReleaseEvent(QMouseEvent* event)
{
    QGraphicsView::mouseReleaseEvent(event);
    if (event->button() != Qt::LeftButton) return;
    for (const QGraphicsItem* item : items(event->position().toPoint())) {
        const auto* node = dynamic_cast<const RouteNodeItem*>(item);
        if (node == nullptr) continue;
        setCurrent(node->number());
        choose(node->number());
        return;
    }
}

void RoutePicture::focusInEvent(QFocusEvent* event)
{
    QGraphicsView::focusInEvent(event);
    setCurrent(m_current);
}

void RoutePicture::focusOutEvent(QFocusEvent* event)
{
    QGraphicsView::focusOutEvent(event);
    for (RouteNodeItem* item : m_nodes) {
        item->setCurrent(false);
    }
}

void RoutePicture::setCurrent(int node)
{
    m_current = node;
    for (RouteNodeItem* item : m_nodes) {
        item->setCurrent(hasFocus() && item->number() == node);
    }
    if (!hasFocus() || node < 0 || node >= static_cast<int>(m_nodes.size())) return;
    ensureVisible(m_nodes[static_cast<std::size_t>(node)], 8, 8);
    QAccessibleEvent focus(this, QAccessible::Focus);
    focus.setChild(node);
    QAccessible::updateAccessibility(&focus);
}

void RoutePicture::choose(int node)
{
    if (node < 0 || node >= static_cast<int>(m_nodes.size())) return;
    // A copy: who is told may change the graph.
    const RouteNode chosen = m_graph.nodes[static_cast<std::size_t>(node)];
    emit nodeChosen(chosen);
}

} // namespace ui
