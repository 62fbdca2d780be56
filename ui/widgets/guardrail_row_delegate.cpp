// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/guardrail_row_delegate.h"

#include <QApplication>
#include <QPainter>

#include "models/guardrails_model.h"
#include "theme/theme.h"

namespace ui {
namespace {

constexpr int kChipPadding = 6;
constexpr int kChipHeight = 18;
constexpr int kChipGap = 6;
constexpr int kEdge = 6; // of the chip to that of the row
constexpr int kRoom = 6; // above and below the lines

QFont chipFont(const QStyleOptionViewItem& option)
{
    QFont font = option.font;
    font.setPixelSize(11);
    font.setWeight(QFont::Medium);
    return font;
}

int chipWidth(const QStyleOptionViewItem& option, const QModelIndex& index)
{
    const QString mode = index.data(GuardrailsModel::ModeRole).toString();
    return QFontMetrics(chipFont(option)).horizontalAdvance(mode) + 2 * kChipPadding;
}

QRect textPlace(const QStyleOptionViewItem& option)
{
    const QStyle* style = option.widget != nullptr ? option.widget->style() : QApplication::style();
    return style->subElementRect(QStyle::SE_ItemViewItemText, &option, option.widget);
}

} // namespace

QSize GuardrailRowDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QSize lines = QStyledItemDelegate::sizeHint(option, index);
    return {lines.width(), lines.height() + 2 * kRoom};
}

void GuardrailRowDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (option->rect.isEmpty()) return; // Only its size is asked for.
    const int width = option->rect.right() - kEdge - textPlace(*option).left();
    QStringList lines = option->text.split(QChar::LineSeparator);
    if (lines.size() == 1) lines = option->text.split(QLatin1Char('\n'));
    const QFontMetrics& metrics = option->fontMetrics;
    for (qsizetype line = 0; line < lines.size(); ++line) {
        const int room = line == 0 ? width - chipWidth(*option, index) - kChipGap : width;
        lines[line] = metrics.elidedText(lines[line], Qt::ElideRight, room);
    }
    option->text = lines.join(QChar::LineSeparator);
}

void GuardrailRowDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    const Theme& theme = Theme::instance();
    const bool enforced = index.data(GuardrailsModel::IsEnforcedRole).toBool();
    const int width = chipWidth(option, index);
    const int top = option.rect.center().y() - kChipHeight;
    const QRect chip(option.rect.right() - kEdge - width, top, width, kChipHeight);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(theme.color(enforced ? "accent" : "borderStrong"));
    painter->setBrush(enforced ? theme.color("accentSoft") : QColor(Qt::transparent));
    painter->drawRoundedRect(QRectF(chip).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    painter->setFont(chipFont(option));
    painter->setPen(theme.color(enforced ? "accent" : "muted"));
    painter->drawText(chip, Qt::AlignCenter, index.data(GuardrailsModel::ModeRole).toString());
    painter->restore();
}

} // namespace ui
