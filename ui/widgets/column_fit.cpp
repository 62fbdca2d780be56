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
    m_later.setSingleShot(true);
    m_later.setInterval(0);
    connect(&m_later, &QTimer::timeout, this, &ColumnFit::fit);
    connect(model, &QAbstractItemModel::modelReset, this, &ColumnFit::fitLater);
    connect(model, &QAbstractItemModel::dataChanged, this, &ColumnFit::fitLater);
    connect(model, &QAbstractItemModel::rowsInserted, this, &ColumnFit::fitLater);
    connect(model, &QAbstractItemModel::rowsRemoved, this, &ColumnFit::fitLater);
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
    if (event->type() == QEvent::Show && m_waits) fit();
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

void ColumnFit::hideWhatHasNoRoom(const std::vector<int>& wanted)
{
    int needed = std::accumulate(wanted.begin(), wanted.end(), 0);
    for (const int column : m_dispensable) {
        const bool gives = needed > m_table->viewport()->width();
        if (gives) needed -= wanted[static_cast<std::size_t>(column)];
        m_table->setColumnHidden(column, gives);
    }
}

void ColumnFit::fitLater()
{
    if (m_table->isVisible()) {
        m_later.start();
    } else {
        m_waits = true;
    }
}

void ColumnFit::fit()
{
    m_later.stop();
    m_waits = !m_table->isVisible();
    if (m_waits) return;
    for (const int column : m_dispensable) {
        m_table->setColumnHidden(column, false); // Hidden, its header would ask for nothing.
    }
    std::vector<int> all;
    for (int column = 0; column < m_table->model()->columnCount(); ++column) {
        all.push_back(m_table->isColumnHidden(column) ? 0 : wantedWidth(column));
    }
    hideWhatHasNoRoom(all);
    std::vector<int> wanted;
    std::vector<int> shown;
    for (int column = 0; column < m_table->model()->columnCount(); ++column) {
        if (m_table->isColumnHidden(column)) continue;
        shown.push_back(column);
        wanted.push_back(all[static_cast<std::size_t>(column)]);
    }
    const int needed = std::accumulate(wanted.begin(), wanted.end(), 0);
    const int room = m_table->viewport()->width();
    const std::vector<int> widths = fittedWidths(wanted, m_scrolls ? std::max(room, needed) : room);
    for (std::size_t i = 0; i < widths.size(); ++i) {
        m_table->setColumnWidth(shown[i], widths[i]);
    }
}

} // namespace ui
