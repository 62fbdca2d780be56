// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/spent_delegate.h"

#include <algorithm>

#include <QAbstractItemView>
#include <QApplication>
#include <QPainter>

#include "models/budget_text.h"
#include "theme/theme.h"

namespace ui {
namespace {

constexpr int kBarHeight = 5;
constexpr int kGap = 3;
constexpr double kReservedOpacity = 0.45;
constexpr int kSideRoom = 15; // the sheet's padding and the style's margin, so that texts stand in line

QFont noteFont(QFont font)
{
    font.setPixelSize(12);
    return font;
}

const char* tokenOf(SpentCell::Tone tone)
{
    switch (tone) {
    case SpentCell::Tone::Near:
        return "warning";
    case SpentCell::Tone::Over:
        return "danger";
    default:
        return "accent";
    }
}

} // namespace

void paintSpentBar(QPainter& painter, const QRectF& bar, const SpentCell& cell)
{
    const Theme& theme = Theme::instance();
    const double round = bar.height() / 2;
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color("borderStrong"));
    painter.drawRoundedRect(bar, round, round);
    const auto part = [&](double share, double opacity) {
        if (share <= 0) return;
        QRectF filled = bar;
        // Anything at all is seen: at least a dot.
        filled.setWidth(std::max(bar.height(), bar.width() * std::min(share, 1.0)));
        QColor color = theme.color(tokenOf(cell.tone));
        color.setAlphaF(static_cast<float>(opacity));
        painter.setBrush(color);
        painter.drawRoundedRect(filled, round, round);
    };
    if (cell.reserved > 0) part(cell.spent + cell.reserved, kReservedOpacity);
    part(cell.spent, 1);
}

SpentDelegate::SpentDelegate(int spentRole, QObject* parent) : RowDelegate(parent), m_spentRole(spentRole) {}

int SpentDelegate::neededWidth(const QAbstractItemView& view, const QModelIndex& index) const
{
    const auto cell = index.data(m_spentRole).value<SpentCell>();
    const QFontMetrics small(noteFont(view.font()));
    return std::max(neededCellWidth(view, index), small.horizontalAdvance(cell.note) + 2 * kSideRoom + 1);
}

void SpentDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const
{
    const auto cell = index.data(m_spentRole).value<SpentCell>();
    const bool bar = cell.tone != SpentCell::Tone::Undecided;
    QStyleOptionViewItem box = option;
    initStyleOption(&box, index);
    if (bar || !cell.note.isEmpty()) box.text.clear();
    QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &box, painter, box.widget);
    if (!bar && cell.note.isEmpty()) return;

    const QFontMetrics metrics(box.font);
    const QFont small = noteFont(box.font);
    const QFontMetrics smallMetrics(small);
    int height = metrics.height() + (bar ? kGap + kBarHeight : 0);
    if (!cell.note.isEmpty()) height += kGap + smallMetrics.height();
    const QRect inside = option.rect.adjusted(kSideRoom, 0, -kSideRoom, 0);
    QRect line(inside.left(), inside.center().y() - height / 2, inside.width(), metrics.height());
    const Theme& theme = Theme::instance();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setFont(box.font);
    painter->setPen(theme.color("text"));
    painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                      metrics.elidedText(cell.text, Qt::ElideRight, line.width()));
    line.moveTop(line.bottom() + 1 + kGap);
    if (bar) {
        paintSpentBar(*painter, QRectF(line.left(), line.top(), line.width(), kBarHeight), cell);
        line.moveTop(line.top() + kBarHeight + kGap);
    }
    if (!cell.note.isEmpty()) {
        line.setHeight(smallMetrics.height());
        painter->setFont(small);
        painter->setPen(theme.color("muted"));
        painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                          smallMetrics.elidedText(cell.note, Qt::ElideRight, line.width()));
    }
    painter->restore();
}

} // namespace ui
