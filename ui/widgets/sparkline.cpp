// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sparkline.h"

#include <algorithm>
#include <numeric>

#include <QLinearGradient>
#include <QPainter>
#include <QPainterPath>

#include "theme/theme.h"

namespace ui {
namespace {

constexpr std::size_t kMostPoints = 16;
constexpr int kLeastWidth = 24; // Narrower, it shows nothing but a scribble.

} // namespace

std::vector<double> thinned(const std::vector<double>& values, std::size_t count)
{
    if (values.size() <= count || count == 0) return values;
    std::vector<double> result;
    for (std::size_t i = 0; i < count; ++i) {
        const auto begin = values.begin() + static_cast<std::ptrdiff_t>(i * values.size() / count);
        const auto end = values.begin() + static_cast<std::ptrdiff_t>((i + 1) * values.size() / count);
        result.push_back(std::accumulate(begin, end, 0.0) / static_cast<double>(end - begin));
    }
    return result;
}

Sparkline::Sparkline(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setMaximumWidth(96);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Sparkline::setLine(const std::vector<double>& values, const char* colorToken)
{
    m_values = thinned(values, kMostPoints);
    m_token = colorToken;
    update();
}

void Sparkline::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    if (m_values.size() < 2 || width() < kLeastWidth) return;
    const auto [least, greatest] = std::minmax_element(m_values.begin(), m_values.end());
    const double span = *greatest - *least;
    const QRectF area = QRectF(rect()).adjusted(1, 3, -1, -3);
    QPainterPath line;
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        const double x =
            area.left() + area.width() * static_cast<double>(i) / static_cast<double>(m_values.size() - 1);
        const double level = span > 0 ? (m_values[i] - *least) / span : 0.0;
        const QPointF point(x, area.bottom() - level * area.height());
        if (i == 0) {
            line.moveTo(point);
        } else {
            line.lineTo(point);
        }
    }
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor color = Theme::instance().color(m_token.constData());
    QPainterPath fill = line;
    fill.lineTo(area.bottomRight() + QPointF(0, 3));
    fill.lineTo(area.bottomLeft() + QPointF(0, 3));
    fill.closeSubpath();
    QLinearGradient gradient(0, area.top(), 0, area.bottom() + 3);
    QColor top = color;
    top.setAlphaF(0.25F);
    QColor bottom = color;
    bottom.setAlphaF(0);
    gradient.setColorAt(0, top);
    gradient.setColorAt(1, bottom);
    painter.fillPath(fill, gradient);
    painter.setPen(QPen(color, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(line);
}

} // namespace ui
