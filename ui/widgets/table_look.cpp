// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/table_look.h"

#include <QApplication>
#include <QHeaderView>
#include <QPainter>
#include <QTableView>

#include "models/request_table_model.h"
#include "theme/theme.h"

namespace ui {
namespace {

constexpr int kRowHeight = 40;
constexpr int kPillHeight = 22;
constexpr int kCellPadding = 12;

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
}

StatusPillDelegate::StatusPillDelegate(int outcomeRole, QObject* parent)
    : QStyledItemDelegate(parent), m_outcomeRole(outcomeRole)
{
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
    QFont font = cell.font;
    font.setPixelSize(12);
    font.setWeight(QFont::DemiBold);
    const QFontMetrics metrics(font);
    const int room = option.rect.width() - kCellPadding - 30 - 4;
    const QString shown = metrics.elidedText(text, Qt::ElideRight, room);
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
