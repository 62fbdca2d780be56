// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/ability_delegate.h"

#include <QApplication>
#include <QPainter>
#include <QPixmapCache>
#include <QStyle>

#include "models/model_text.h"
#include "theme/icons.h"
#include "theme/theme.h"

namespace ui {
namespace {

constexpr int kIcon = 15;
constexpr int kStep = 20;
constexpr int kPadding = 13;
constexpr int kBox = 18;
constexpr int kTick = 12;

// Rendering an SVG for every cell of every repaint would make scrolling stutter.
QPixmap cached(const QString& name, const char* token, int size)
{
    const QColor color = Theme::instance().color(token);
    const QString key = QStringLiteral("cell-%1-%2-%3").arg(name, color.name()).arg(size);
    QPixmap pixmap;
    if (!QPixmapCache::find(key, &pixmap)) {
        pixmap = iconPixmap(name, color, size);
        QPixmapCache::insert(key, pixmap);
    }
    return pixmap;
}

void paintEmptyCell(QPainter* painter, QStyleOptionViewItem& cell)
{
    cell.text.clear();
    cell.features.setFlag(QStyleOptionViewItem::HasCheckIndicator, false);
    QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
}

} // namespace

AbilityDelegate::AbilityDelegate(int abilitiesRole, QObject* parent)
    : RowDelegate(parent), m_abilitiesRole(abilitiesRole)
{
}

int AbilityDelegate::neededWidth()
{
    return 2 * kPadding + kStep * static_cast<int>(abilityTexts().size()) - (kStep - kIcon);
}

void AbilityDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    paintEmptyCell(painter, cell);
    const int can = index.data(m_abilitiesRole).toInt();
    int left = option.rect.left() + kPadding;
    const int top = option.rect.center().y() - kIcon / 2;
    for (const AbilityText& text : abilityTexts()) {
        if ((can & text.ability) != 0)
            painter->drawPixmap(QRect(left, top, kIcon, kIcon), cached(text.icon, "muted", kIcon));
        left += kStep;
    }
}

void BoxDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    paintEmptyCell(painter, cell);
    const Theme& theme = Theme::instance();
    const bool checked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    QRectF box(0, 0, kBox, kBox);
    box.moveCenter(QRectF(option.rect).center());
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(theme.color(checked ? "accent" : "borderStrong"), 1));
    painter->setBrush(theme.color(checked ? "accent" : "card"));
    painter->drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
    if (checked) {
        QRectF tick(0, 0, kTick, kTick);
        tick.moveCenter(box.center());
        painter->drawPixmap(tick.toRect(), cached(QStringLiteral("check"), "accentText", kTick));
    }
    painter->restore();
}

} // namespace ui
