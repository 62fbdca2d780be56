// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/table_look.h"

#include <algorithm>

#include <QApplication>
#include <QHeaderView>
#include <QPainter>
#include <QStyle>
#include <QTableView>

#include "models/request_table_model.h"
#include "theme/theme.h"
#include "widgets/item_view_manners.h"

namespace ui {
namespace {

constexpr int kRowHeight = 40;
constexpr int kPillHeight = 22;
constexpr int kCellPadding = 12;
constexpr int kFocusMargin = 4;  // the style's, and a pixel
constexpr int kWrapPadding = 10; // above and below several lines
constexpr int kPillExtra = 34;   // the dot, the pill's own margins, and the gap to the next column

struct PillColors {
    const char* ink;
    const char* paper;
};

PillColors colorsOf(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Good:
        return {"success", "successSoft"};
    case Outcome::Warning:
        return {"warning", "warningSoft"};
    default:
        return {"danger", "dangerSoft"};
    }
}

QFont pillFont(QFont font)
{
    font.setPixelSize(12);
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

void setUpTable(QTableView* table, const QString& accessibleName)
{
    table->setAccessibleName(accessibleName);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTextElideMode(Qt::ElideRight);
    table->setTabKeyNavigation(false);
    table->setFrameShape(QFrame::NoFrame);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    table->verticalHeader()->setMinimumSectionSize(kRowHeight);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setSectionsClickable(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table->setItemDelegate(new RowDelegate(table));
    new ItemViewManners(table);
}

int neededCellWidth(const QAbstractItemView& view, const QModelIndex& index)
{
    // The style puts its focus margin, and the sheet its padding, on both sides of the text.
    const int margin = view.style()->pixelMetric(QStyle::PM_FocusFrameHMargin, nullptr, &view) + 1;
    return view.fontMetrics().horizontalAdvance(index.data().toString()) + 2 * (kCellPadding + margin) + 1;
}

void RowDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const QVariant row = option->widget == nullptr ? QVariant() : option->widget->property(kHoveredRow);
    option->state.setFlag(QStyle::State_MouseOver, row.isValid() && row.toInt() == index.row());
}

QSize WrapDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const int room = option.rect.width() - 2 * (kCellPadding + kFocusMargin) - 1;
    const QRect text = QFontMetrics(cell.font).boundingRect(QRect(0, 0, std::max(1, room), QWIDGETSIZE_MAX),
                                                            Qt::TextWordWrap, cell.text);
    return {option.rect.width(), std::max(kRowHeight, text.height() + 2 * kWrapPadding)};
}

BestDelegate::BestDelegate(int bestRole, QObject* parent) : RowDelegate(parent), m_bestRole(bestRole) {}

void BestDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    RowDelegate::initStyleOption(option, index);
    if (!index.data(m_bestRole).toBool()) return;
    option->font.setWeight(QFont::DemiBold);
    option->palette.setColor(QPalette::Text, Theme::instance().color("success"));
}

StatusPillDelegate::StatusPillDelegate(int outcomeRole, QObject* parent)
    : RowDelegate(parent), m_outcomeRole(outcomeRole)
{
}

int StatusPillDelegate::neededWidth(const QAbstractItemView& view, const QString& text)
{
    return kCellPadding + kPillExtra + QFontMetrics(pillFont(view.font())).horizontalAdvance(text) + 1;
}

void StatusPillDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                               const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QString text = cell.text;
    cell.text.clear();
    QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);

    const auto colors = colorsOf(static_cast<Outcome>(index.data(m_outcomeRole).toInt()));
    const Theme& theme = Theme::instance();
    const QFont font = pillFont(cell.font);
    const QFontMetrics metrics(font);
    const int room = option.rect.width() - kCellPadding - kPillExtra;
    const bool fits = metrics.horizontalAdvance(text) <= room;
    const QString shown = fits ? text : text.section(QLatin1Char(' '), 0, 0);
    const QRectF pill(option.rect.left() + kCellPadding - 2, option.rect.center().y() - kPillHeight / 2.0,
                      metrics.horizontalAdvance(shown) + 30, kPillHeight);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme.color(colors.paper));
    painter->drawRoundedRect(pill, kPillHeight / 2.0, kPillHeight / 2.0);
    painter->setBrush(theme.color(colors.ink));
    painter->drawEllipse(QPointF(pill.left() + 11, pill.center().y()), 3, 3);
    painter->setPen(theme.color(colors.ink));
    painter->setFont(font);
    painter->drawText(pill.adjusted(19, 0, -6, 0), Qt::AlignVCenter | Qt::AlignLeft, shown);
    painter->restore();
}

} // namespace ui
