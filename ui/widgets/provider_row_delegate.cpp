// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/provider_row_delegate.h"

#include <QPainter>

#include "models/provider_list_model.h"
#include "theme/theme.h"
#include "widgets/dot.h"
#include "widgets/target_mark.h"

namespace ui {
namespace {

constexpr int kMarkGap = 8;

} // namespace

void ProviderRowDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                const QModelIndex& index) const
{
    const Theme& theme = Theme::instance();
    const QRectF box = QRectF(option.rect).adjusted(0, 2, 0, -2);
    const bool chosen = option.state.testFlag(QStyle::State_Selected);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (chosen || option.state.testFlag(QStyle::State_MouseOver)) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme.color(chosen ? "accentSoft" : "hover"));
        painter->drawRoundedRect(box, 8, 8);
    }
    if (chosen && option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(theme.color("accent"));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    }
    const QPointF dot(box.left() + 18, box.center().y());
    const QByteArray token = index.data(ProviderListModel::DotTokenRole).toString().toLatin1();
    const QVariant shape = index.data(ProviderListModel::ShapeRole);
    if (shape.isValid())
        paintTargetMark(*painter, dot, static_cast<TargetMark>(shape.toInt()));
    else
        paintDot(*painter, dot, theme.color(token.constData()));

    QFont font = option.font;
    font.setPixelSize(13);
    font.setWeight(QFont::DemiBold);
    const QRectF lines = box.adjusted(36, 6, -10, -6);
    painter->setFont(font);
    painter->setPen(theme.color("text"));
    QFont small = font;
    small.setPixelSize(12);
    small.setWeight(QFont::Normal);
    const QFontMetrics smallMetrics(small);
    const QString mark = index.data(ProviderListModel::MarkRole).toString();
    const int markWidth = mark.isEmpty() ? 0 : smallMetrics.horizontalAdvance(mark) + kMarkGap;
    const QString name = QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight,
                                                       int(lines.width()) - markWidth);
    painter->drawText(lines, Qt::AlignTop | Qt::AlignLeft, name);
    painter->setFont(small);
    painter->setPen(theme.color("muted"));
    painter->drawText(lines, Qt::AlignTop | Qt::AlignRight, mark);
    const QString detail = index.data(ProviderListModel::DetailRole).toString();
    painter->drawText(lines, Qt::AlignBottom | Qt::AlignLeft,
                      smallMetrics.elidedText(detail, Qt::ElideRight, int(lines.width())));
    painter->restore();
}

QSize ProviderRowDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    return {QStyledItemDelegate::sizeHint(option, index).width(), 52};
}

} // namespace ui
