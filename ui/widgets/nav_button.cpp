// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/nav_button.h"

#include <algorithm>

#include <QLocale>
#include <QPainter>

#include "theme/theme.h"

namespace ui {
namespace {

constexpr int kMostShown = 99;
constexpr int kHeight = 18;
constexpr int kRightMargin = 10;

} // namespace

NavButton::NavButton(QWidget* parent) : QPushButton(parent)
{
    setProperty("kind", QStringLiteral("nav"));
    setAutoDefault(true);
}

void NavButton::setBadge(int count, const char* token, const QString& meaning)
{
    m_badge = count;
    m_token = token;
    setAccessibleDescription(count > 0 ? meaning : QString());
    update();
}

void NavButton::paintEvent(QPaintEvent* event)
{
    QPushButton::paintEvent(event);
    if (m_badge <= 0) return;
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    if (text().isEmpty()) { // Folded: there is room for a dot at the icon's corner.
        painter.setBrush(theme.color(m_token.constData()));
        painter.drawEllipse(QPointF(width() / 2.0 + 9, height() / 2.0 - 8), 4, 4);
        return;
    }
    const QString shown = m_badge > kMostShown ? QLocale().toString(kMostShown) + QLatin1Char('+')
                                               : QLocale().toString(m_badge);
    QFont font = this->font();
    font.setPixelSize(11);
    font.setWeight(QFont::DemiBold);
    const int wide = std::max(kHeight, QFontMetrics(font).horizontalAdvance(shown) + 12);
    const QRectF pill(width() - kRightMargin - wide, (height() - kHeight) / 2.0, wide, kHeight);
    painter.setBrush(theme.color(QByteArray(m_token + "Soft").constData()));
    painter.drawRoundedRect(pill, kHeight / 2.0, kHeight / 2.0);
    painter.setFont(font);
    painter.setPen(theme.color(m_token.constData()));
    painter.drawText(pill, Qt::AlignCenter, shown);
}

} // namespace ui
