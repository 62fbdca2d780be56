// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/column_fit.h"

#include <algorithm>
#include <numeric>

#include <QEvent>
#include <QHeaderView>
#include <QTableView>

#include "widgets/spent_delegate.h"
#include "widgets/table_look.h"
#include "widgets/tone_delegate.h"

namespace ui {
namespace {

constexpr int kLeastWidth = 48;

int cellWidth(const QTableView& table, const QModelIndex& index)
{
    const QAbstractItemDelegate* delegate = table.itemDelegateForIndex(index);
    if (qobject_cast<const StatusPillDelegate*>(delegate) != nullptr)
        return StatusPillDelegate::neededWidth(table, index.data().toString());
    if (const auto* spent = qobject_cast<const SpentDelegate*>(delegate))
        return spent->neededWidth(table, index);
    if (const auto* tone = qobject_cast<const ToneDelegate*>(delegate))
        return tone->neededWidth(table, index);
    return neededCellWidth(table, index);
}

} // namespace

std::vector<int> fittedWidths(std::vector<int> wanted, int room)
{
    if (wanted.empty()) return wanted;
    const auto count = static_cast<int>(wanted.size());
    int left = room - std::accumulate(wanted.begin(), wanted.end(), 0);
    if (left >= 0) {
        for (int& width : wanted) {
            width += left / count;
        }
        wanted.back() += left % count;
        return wanted;
    }
    // Pixel by pixel from whichever is the widest: at most a few hundred steps.
    while (left < 0) {
        const auto widest = std::max_element(wanted.begin(), wanted.end());
        if (*widest <= kLeastWidth) break;
        --*widest;
        ++left;
    }
    return wanted;
}

ColumnFit::ColumnFit(QTableView* table) : QObject(table), m_table(table)
{
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->horizontalHeader()->setMinimumSectionSize(kLeastWidth);
    table->viewport()->installEventFilter(this);
    const QAbstractItemModel* model = table->model();
    connect(model, &QAbstractItemModel::modelReset, this, &ColumnFit::fit);
    connect(model, &QAbstractItemModel::dataChanged, this, &ColumnFit::fit);
    connect(model, &QAbstractItemModel::rowsInserted, this, &ColumnFit::fit);
    connect(model, &QAbstractItemModel::rowsRemoved, this, &ColumnFit::fit);
    fit();
}

void ColumnFit::setScrolls(bool scrolls)
{
    m_scrolls = scrolls;
    fit();
}

bool ColumnFit::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize || event->type() == QEvent::FontChange) fit();
    return QObject::eventFilter(watched, event);
}

int ColumnFit::wantedWidth(int column) const
{
    const QAbstractItemModel* model = m_table->model();
    int width = m_table->horizontalHeader()->sectionSizeHint(column);
    for (int row = 0; row < model->rowCount(); ++row) {
        const QModelIndex index = model->index(row, column);
        width = std::max(width, cellWidth(*m_table, index));
    }
    return width;
}

void ColumnFit::setDispensable(const std::vector<int>& columns)
{
    m_dispensable = columns;
    fit();
}

void ColumnFit::hideWhatHasNoRoom()
{
    for (const int column : m_dispensable) {
        m_table->setColumnHidden(column, false); // Hidden, its header would ask for nothing.
    }
    int needed = 0;
    for (int column = 0; column < m_table->model()->columnCount(); ++column) {
        if (!m_table->isColumnHidden(column)) needed += wantedWidth(column);
    }
    for (const int column : m_dispensable) {
        const bool gives = needed > m_table->viewport()->width();
        if (gives) needed -= wantedWidth(column);
        m_table->setColumnHidden(column, gives);
    }
}

void ColumnFit::fit()
{
    hideWhatHasNoRoom();
    std::vector<int> wanted;
    std::vector<int> shown;
    for (int column = 0; column < m_table->model()->columnCount(); ++column) {
        if (m_table->isColumnHidden(column)) continue;
        shown.push_back(column);
        wanted.push_back(wantedWidth(column));
    }
    const int needed = std::accumulate(wanted.begin(), wanted.end(), 0);
    const int room = m_table->viewport()->width();
    const std::vector<int> widths = fittedWidths(wanted, m_scrolls ? std::max(room, needed) : room);
    for (std::size_t i = 0; i < widths.size(); ++i) {
        m_table->setColumnWidth(shown[i], widths[i]);
    }
}

} // namespace ui
