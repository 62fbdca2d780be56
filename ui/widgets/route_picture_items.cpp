// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/route_picture_items.h"

#include <algorithm>

#include <QCursor>
#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>

#include "theme/theme.h"
#include "widgets/target_mark.h"

namespace ui {
namespace {

constexpr double kRadius = 8;
constexpr double kPadding = 10;
constexpr double kMarkRoom = 20;
constexpr double kThinnest = 1.5;
constexpr double kThickest = 6;
constexpr double kChipPadding = 7;

QFont fontOf(int pixels, QFont::Weight weight)
{
    QFont font;
    font.setPixelSize(pixels);
    font.setWeight(weight);
    return font;
}

} // namespace

RouteNodeItem::RouteNodeItem(const RouteNode& node, int number, double share)
    : m_node(node), m_number(number), m_share(share)
{
    setToolTip(node.description.toHtmlEscaped());
    setCursor(Qt::PointingHandCursor);
    setZValue(1);
}

void RouteNodeItem::setWidth(double width)
{
    prepareGeometryChange();
    m_width = width;
}

void RouteNodeItem::setCurrent(bool current)
{
    m_current = current;
    update();
}

QRectF RouteNodeItem::boundingRect() const
{
    return QRectF(0, 0, m_width, kHeight).adjusted(-2, -2, 2, 2);
}

void RouteNodeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget)
{
    Q_UNUSED(option)
    Q_UNUSED(widget)
    const Theme& theme = Theme::instance();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(0, 0, m_width, kHeight).adjusted(0.5, 0.5, -0.5, -0.5);
    const bool isClient = m_node.kind == RouteNode::Kind::Client;
    painter->setBrush(theme.color(isClient ? "accentSoft" : "inset"));
    QPen pen(theme.color(m_current ? "accent" : "borderStrong"), m_current ? 2 : 1);
    if (m_node.kind == RouteNode::Kind::Goal && !m_current) pen.setStyle(Qt::DashLine);
    painter->setPen(pen);
    painter->drawRoundedRect(box, kRadius, kRadius);
    paintTargetMark(*painter, QPointF(kPadding + 6, kHeight / 2.0), m_node.standing.mark);
    paintTexts(*painter);
}

void RouteNodeItem::paintTexts(QPainter& painter) const
{
    const Theme& theme = Theme::instance();
    const bool hasMark = m_node.standing.mark != TargetMark::Undecided;
    QRectF lines(kPadding + (hasMark ? kMarkRoom : 0), 4, 0, kHeight - 8);
    lines.setRight(m_width - kPadding);
    if (m_share >= 0) {
        const QString text = tr("%1%").arg(QLocale().toString(m_share * 100, 'f', 0));
        const QFont font = fontOf(12, QFont::DemiBold);
        painter.setFont(font);
        painter.setPen(theme.color("muted"));
        painter.drawText(lines, Qt::AlignRight | Qt::AlignVCenter, text);
        lines.setRight(lines.right() - QFontMetricsF(font).horizontalAdvance(text) - 8);
    }
    const QFont title = fontOf(13, QFont::DemiBold), detail = fontOf(12, QFont::Normal);
    painter.setFont(title);
    painter.setPen(theme.color("text"));
    painter.drawText(lines, Qt::AlignLeft | Qt::AlignTop,
                     QFontMetricsF(title).elidedText(m_node.title, Qt::ElideMiddle, lines.width()));
    painter.setFont(detail);
    painter.setPen(theme.color("muted"));
    painter.drawText(lines, Qt::AlignLeft | Qt::AlignBottom,
                     QFontMetricsF(detail).elidedText(m_node.detail, Qt::ElideRight, lines.width()));
}

RouteEdgeItem::RouteEdgeItem(const RouteEdge& edge) : m_edge(edge)
{
    if (!edge.label.isEmpty()) setToolTip(edge.label.toHtmlEscaped());
}

void RouteEdgeItem::setPlace(const QPolygonF& line, const QRectF& room, Qt::Alignment side)
{
    prepareGeometryChange();
    m_line = line;
    m_chip = m_edge.label.isEmpty() ? QRectF() : room;
    if (m_chip.isEmpty()) return;
    const double needed = QFontMetricsF(fontOf(11, QFont::Medium)).horizontalAdvance(m_edge.label);
    m_chip.setWidth(std::min(m_chip.width(), needed + 2 * kChipPadding));
    if (side.testFlag(Qt::AlignRight)) m_chip.moveRight(room.right());
}

QRectF RouteEdgeItem::boundingRect() const
{
    return m_line.boundingRect().united(m_chip).adjusted(-kThickest, -kThickest, kThickest, kThickest);
}

double RouteEdgeItem::thickness() const
{
    return m_edge.share <= 0 ? kThinnest
                             : kThinnest + (kThickest - kThinnest) * std::clamp(m_edge.share, 0.0, 1.0);
}

void RouteEdgeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget)
{
    Q_UNUSED(option)
    Q_UNUSED(widget)
    const Theme& theme = Theme::instance();
    painter->setRenderHint(QPainter::Antialiasing);
    QPen pen(theme.color(m_edge.share > 0 ? "accent" : "borderStrong"), thickness());
    pen.setCapStyle(Qt::FlatCap);
    pen.setJoinStyle(Qt::RoundJoin);
    if (m_edge.fallback) {
        pen.setColor(theme.color("warning"));
        pen.setDashPattern({3, 2.5});
    }
    painter->setPen(pen);
    painter->drawPolyline(m_line);
    if (m_chip.isEmpty()) return;
    const QFont font = fontOf(11, QFont::Medium);
    painter->setPen(QPen(theme.color(m_edge.fallback ? "warning" : "borderStrong"), 1));
    painter->setBrush(theme.color("card"));
    painter->drawRoundedRect(m_chip, m_chip.height() / 2, m_chip.height() / 2);
    painter->setFont(font);
    painter->setPen(theme.color("text"));
    const QRectF room = m_chip.adjusted(kChipPadding, 0, -kChipPadding + 1, 0);
    painter->drawText(room, Qt::AlignCenter,
                      QFontMetricsF(font).elidedText(m_edge.label, Qt::ElideRight, room.width() + 1));
}

} // namespace ui
